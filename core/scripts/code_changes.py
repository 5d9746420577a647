"""What changed between two snapshots of code: which files, and the lines of each as a unified diff."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from core.common.settings import Settings
from core.scripts import code_store
from core.scripts.code_store import Kept, Snapshot

_MOST_BYTES = 300_000  # of a file that is compared line by line
_MOST_LINES = 2_000  # of a file's diff
_TEXT = 8000  # bytes that are looked at: a file with a NUL among them is no text


@dataclass(frozen=True)
class Changed:
    """A file that is in one snapshot only, or another in each."""

    path: str
    added: int  # lines
    removed: int
    diff: str  # "" where it is no text, is too long, or differs in whether it can be executed only
    note: str = ""  # why there is no diff, or how much of it is left out

    @property
    def told(self) -> str:
        return self.note if not self.diff else f"+{self.added} −{self.removed}{', ' if self.note else ''}{self.note}"


def changes(settings: Settings, one: Snapshot, other: Snapshot) -> list[Changed]:
    """By path; [] where the code is the same. Raises NotFoundError: a file of a snapshot is gone."""
    return list(_changes(settings, one, other)) if one.id != other.id else []


def _changes(settings: Settings, one: Snapshot, other: Snapshot) -> Iterator[Changed]:
    for path in sorted({*one.files, *other.files}):
        old, new = one.files.get(path), other.files.get(path)
        if old != new:
            yield _changed(settings, path, old, new)


def _changed(settings: Settings, path: str, old: Kept | None, new: Kept | None) -> Changed:
    if old and new and old.hash == new.hash:
        return Changed(path, 0, 0, "", "can be executed" if new.executable else "can no longer be executed")
    if max(each.size for each in (old, new) if each) > _MOST_BYTES:
        return Changed(path, 0, 0, "", "another file, too long to be compared")
    before, after = (code_store.get(settings, each.hash) if each else b"" for each in (old, new))
    if b"\0" in before[:_TEXT] + after[:_TEXT]:
        return Changed(path, 0, 0, "", "another file, which is no text" if old and new else "a file that is no text")
    lines = list(
        difflib.unified_diff(
            _lines(before),
            _lines(after),
            f"a/{path}" if old else "/dev/null",
            f"b/{path}" if new else "/dev/null",
            lineterm="",
        )
    )
    counts = [sum(line.startswith(sign) for line in lines[2:]) for sign in "+-"]
    left = len(lines) - _MOST_LINES
    note = "new" if not old else "gone" if not new else ""
    note = ", ".join(filter(None, (note, f"{left:,} lines of the difference are left out" if left > 0 else "")))
    return Changed(path, counts[0], counts[1], "\n".join(lines[:_MOST_LINES]), note)


def _lines(content: bytes) -> list[str]:
    return content.decode(errors="replace").splitlines()
