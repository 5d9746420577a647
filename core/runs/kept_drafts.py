"""Drafts of launches, kept in the workspace so that a browser finds them again; by the browser's own name."""

import contextlib
import json
import re
import secrets
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.common.settings import Settings
from core.common.whole_files import write_whole

_MOST = 30  # of a browser; the oldest go
_DAYS = 90  # after which the drafts of a browser that keeps no new ones go
_NAME = re.compile(r"[0-9a-f]{8,32}")
_UNNAMED = "unnamed"  # browsers that take no cookies: they find a draft by its address alone


def new_name() -> str:
    """Of a draft or a browser: nobody guesses another's."""
    return secrets.token_hex(8)


def keep(settings: Settings, browser: str, name: str, content: Mapping[str, Any]) -> None:
    """`content` as JSON data. A draft that cannot be written is not kept: nothing else depends on it."""
    path = _path(settings, browser, name)
    if path is None:
        return
    with contextlib.suppress(OSError):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _prune(path.parent)
        write_whole(path, lambda file: file.write_text(json.dumps(content), encoding="utf-8"))


def kept(settings: Settings, browser: str, name: str) -> dict[str, Any] | None:
    """None where there is no such draft of this browser."""
    path = _path(settings, browser, name)
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path else None
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def newest(settings: Settings, browser: str) -> str:
    """The draft that was kept last; "" without one, and of a browser without a name."""
    path = _path(settings, browser, "0" * 8) if browser else None
    return next((file.stem for file in _by_age(path.parent)), "") if path else ""


def forget(settings: Settings, browser: str, name: str) -> None:
    path = _path(settings, browser, name)
    if path is not None:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _path(settings: Settings, browser: str, name: str) -> Path | None:
    """None for names that are none of ours: both come from the browser."""
    if not _NAME.fullmatch(name) or not (browser == "" or _NAME.fullmatch(browser)):
        return None
    return settings.home / "drafts" / (browser or _UNNAMED) / f"{name}.json"


def _by_age(folder: Path) -> list[Path]:
    """The newest first."""
    with contextlib.suppress(OSError):
        return sorted(folder.glob("[0-9a-f]*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    return []


def _prune(folder: Path) -> None:
    for file in _by_age(folder)[_MOST - 1 :]:
        file.unlink(missing_ok=True)
    for other in folder.parent.iterdir():
        if other != folder and other.stat().st_mtime < time.time() - _DAYS * 86400:
            shutil.rmtree(other, ignore_errors=True)
