"""Files that come in parts, from several requests at once."""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

import pytest

from core.common.context import Context
from core.common.errors import StateError
from core.runs import logged, sent_files
from core.runs.logged import Logged
from core.runs.sent_files import FOLDER, Part


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    yield data


def test_a_part_that_was_opened_before_another_ended_the_file_is_not_written_into_it(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = logged.begin(context, Logged("mine")).id
    target = context.workspace.settings.run_dir(run) / FOLDER / "a.bin"

    def lock(file: BinaryIO, how: int) -> None:
        if not target.exists():  # between opening and locking, another request completes the file
            file.write(b"good")
            target.parent.mkdir()
            Path(file.name).rename(target)
        fcntl_flock(file, how)

    fcntl_flock = fcntl.flock
    monkeypatch.setattr(fcntl, "flock", lock)
    with pytest.raises(StateError, match="Another request has just ended this file"):
        asyncio.run(sent_files.receive_file(context, run, "a.bin", Part(0, 4), _pieces(b"evil")))
    assert target.read_bytes() == b"good"
