"""The columns of the table of runs that somebody chose, kept in the workspace by browser, as drafts are."""

import contextlib
import json
import re
from collections.abc import Sequence
from pathlib import Path

from core.common.settings import Settings
from core.common.whole_files import write_whole

_BROWSER = re.compile(r"[0-9a-f]{8,32}")
_MOST = 100_000  # bytes read of a file: names of columns are few


def keep(settings: Settings, browser: str, columns: Sequence[str] | None) -> None:
    """None: as they come. Where they cannot be written, or the browser has no name, they are not kept."""
    path = _path(settings, browser)
    if path is None:
        return
    with contextlib.suppress(OSError):
        if columns is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda file: file.write_text(json.dumps(list(columns)), encoding="utf-8"))


def kept(settings: Settings, browser: str) -> list[str] | None:
    """None where this browser has chosen none, or what was kept cannot be read."""
    path = _path(settings, browser)
    if path is None:
        return None
    try:
        with path.open(encoding="utf-8") as file:
            found = json.loads(file.read(_MOST))
    except (OSError, ValueError):
        return None
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else None


def _path(settings: Settings, browser: str) -> Path | None:
    """None for names that are none of ours: they come from the browser."""
    return settings.home / "columns" / f"{browser}.json" if _BROWSER.fullmatch(browser) else None
