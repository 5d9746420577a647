"""The file of what a generator wrote by epoch: a JSON object a line, which a process may have left half written."""

import json
from pathlib import Path

from core.common.whole_files import write_whole


def generated(path: Path) -> list[dict[str, object]]:
    """What a generator wrote by epoch, the newest first; a line that is being written is left for the next time."""
    return [sample for sample in map(_sample, _lines(path)) if "text" in sample][::-1]


def _lines(path: Path) -> list[str]:
    """Of a generator's file, which a process may have left in the middle of a line or of a letter."""
    try:
        return path.read_bytes().decode(errors="replace").split("\n")  # texts hold other signs that end lines
    except OSError:
        return []


def _sample(line: str) -> dict[str, object]:
    """Empty for a line that is not whole."""
    try:
        sample = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return sample if isinstance(sample, dict) else {}


def keep_until(path: Path, step: int) -> None:
    """Leave what was sampled up to a step, without the half of a line that a killed process or a full disk left.

    Raises:
        OSError
    """
    kept = [line for line in _lines(path) if _at_most(_sample(line).get("step"), step)]
    text = "".join(f"{line}\n" for line in kept)
    write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def _at_most(value: object, step: int) -> bool:
    return isinstance(value, int) and value <= step
