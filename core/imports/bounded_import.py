"""What somebody gives a page is read in a process of its own, with limits of memory and time."""

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.common.context import Context
from core.common.errors import DataError
from core.common.settings import PROJECT_ROOT
from core.imports.found_run import Progress, quiet
from core.imports.from_mlflow_server import Credentials, address_of, parted
from core.imports.importing import Imported, Report
from core.runs.permissions import Action, require


@dataclass(frozen=True)
class Preview:
    """A run as it would come."""

    name: str
    experiment: str
    state: str
    began_at: float | None  # UTC seconds
    params: int
    metrics: int
    points: int
    files: int
    left_out: dict[str, int]


def preview(
    context: Context, source: str, path: Path, progress: Progress = quiet, credentials: Credentials | None = None
) -> list[Preview]:
    """What a source has. Raises DataError, with what was reached or wrong."""
    request = {"task": "preview", "source": source, "path": _whole(path), "credentials": _told(credentials)}
    found = _ask(context, request, progress)
    return [Preview(**each) for each in found]


def bring(
    context: Context,
    source: str,
    path: Path,
    experiment: str = "",
    tags: tuple[str, ...] = (),
    progress: Progress = quiet,
    credentials: Credentials | None = None,
) -> Report:
    """As `importing.import_runs`; what was stored before an error stays.

    Raises:
        ForbiddenError
        DataError
    """
    require(context, Action.IMPORT)
    request: dict[str, Any] = {"task": "import", "source": source, "path": _whole(path), "experiment": experiment}
    request["credentials"] = _told(credentials)
    found = _ask(context, {**request, "tags": list(tags)}, progress)
    return Report([Imported(**each) for each in found["runs"]], found["failed"])


def _told(credentials: Credentials | None) -> dict[str, str] | None:
    return None if credentials is None else vars(credentials)


def _whole(path: Path) -> str:
    return address_of(path) or str(path.absolute())


def _ask(context: Context, request: dict[str, Any], progress: Progress) -> Any:
    settings, actor = context.workspace.settings, context.actor
    command = [sys.executable, "-m", "core.imports.importing_process"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        command,
        cwd=PROJECT_ROOT,
        env=os.environ | settings.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        limit = threading.Timer(settings.max_reading_seconds, process.kill)
        limit.start()
        try:
            with process.stdin:  # not among its arguments, which everybody on the host can read
                json.dump({**request, "actor": vars(actor)}, process.stdin)
            for line in process.stdout:
                message = json.loads(line)
                if "result" in message:
                    return message["result"]
                if "error" in message:
                    raise DataError(message["error"])
                progress(message["share"], message["what"])
        finally:
            limit.cancel()
            process.kill()
    raise DataError(
        f"{parted(request['path'])[0].rpartition('/')[2]} needs more than {settings.max_reading_mb:,} MB of memory or "
        f"{settings.max_reading_seconds:,} s. What was stored before stays. Take less at once, or raise "
        "TRAINDECK_MAX_READING_MB or TRAINDECK_MAX_READING_SECONDS; `python -m core import` has no such limits."
    )
