"""Files that browsers send: all of one is kept as long as its session, or nothing."""

import asyncio
import gc
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from core.common.errors import DataError, NotFoundError
from core.common.settings import Settings
from core.data.library import Inbox, Upload, inbox, receive

Left = Callable[[], list[str]]
MB = 1024**2


async def _pieces(size: int, piece: int = 64 * 1024, broken: BaseException | None = None) -> AsyncIterator[bytes]:
    for start in range(0, size, piece):
        yield b"x" * min(piece, size - start)
    if broken is not None:
        raise broken


def _run(receiving: Coroutine[Any, Any, Upload]) -> Upload:
    """In a thread, as the driver of browsers keeps a loop of its own running in that of the tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, receiving).result()


def _send(settings: Settings, to: Inbox, name: str, size: int, **options: object) -> Upload:
    return _run(receive(settings, to.key, name, size, _pieces(size, **options)))  # type: ignore[arg-type]


def _files(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.datasets_dir.rglob("*") if path.is_file() and path.name != ".lock")


def test_a_file_lies_under_its_name_until_its_session_is_gone(settings: Settings, left: Left) -> None:
    box = Inbox(settings)

    sent = _send(settings, box, "../a/my rows.csv", 5 * MB)

    path = box.file(sent)
    assert path is not None
    assert path.is_relative_to(settings.datasets_dir)
    assert (path.name, path.stat().st_size, sent.name) == ("my rows.csv", 5 * MB, "../a/my rows.csv")
    del box
    gc.collect()
    assert left() == []


def test_the_next_file_takes_the_place_of_the_last(settings: Settings) -> None:
    box = Inbox(settings)
    first, second = (_send(settings, box, name, 10) for name in ("a.csv", "b.csv"))

    assert box.file(first) is None
    assert _files(settings) == ["b.csv"]
    box.empty()
    assert box.file(second) is None
    assert _files(settings) == []


@pytest.mark.parametrize("broken", [ConnectionError("the browser was closed"), asyncio.CancelledError()])
def test_an_interrupted_one_leaves_nothing_and_keeps_what_was_there(settings: Settings, broken: BaseException) -> None:
    box = Inbox(settings)
    before = _send(settings, box, "before.csv", 10)

    with pytest.raises((DataError, asyncio.CancelledError)):
        _send(settings, box, "after.csv", 3 * MB, broken=broken)

    assert _files(settings) == ["before.csv"]
    assert box.file(before) is not None


def test_one_that_was_cut_off_is_refused(settings: Settings) -> None:
    box = Inbox(settings)

    with pytest.raises(DataError, match=r"half.zip was cut off after 10 of 20 bytes. Nothing was kept; send it again"):
        _run(receive(settings, box.key, "half.zip", 20, _pieces(10)))
    assert _files(settings) == []


def test_what_is_too_large_is_refused_before_it_is_sent_or_while_it_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = settings.model_copy(update={"max_upload_mb": 1})
    box = Inbox(small)

    with pytest.raises(DataError, match=r"big.zip is larger than 1 MB"):
        _send(small, box, "big.zip", 2 * MB)
    with pytest.raises(DataError, match=r"larger than 1 MB"):  # of nobody knows what size
        _run(receive(small, box.key, "big.zip", 0, _pieces(2 * MB)))
    full = SimpleNamespace(disk_usage=lambda _: SimpleNamespace(free=5), rmtree=shutil.rmtree)
    monkeypatch.setattr(inbox, "shutil", full)
    with pytest.raises(DataError, match=r"has 0 MB, and 0 are free .* TRAINDECK_HOME"):
        _send(small, box, "a.csv", 10)
    monkeypatch.undo()
    assert _files(small) == []


@pytest.mark.parametrize("key", ["", "0" * 32, "../added", "*"])
def test_nobody_without_an_inbox_can_send_anything(settings: Settings, key: str) -> None:
    Inbox(settings)
    with pytest.raises(NotFoundError, match=r"The form that sent this file is gone. Load the page again"):
        _run(receive(settings, key, "a.csv", 10, _pieces(10)))


def test_an_inbox_that_was_removed_by_hand_is_empty(settings: Settings) -> None:
    box = Inbox(settings)
    sent = _send(settings, box, "a.csv", 10)
    shutil.rmtree(settings.datasets_dir)
    box.empty()
    assert box.file(sent) is None
    assert box.file(Upload("../added", "a.csv", 10)) is None
