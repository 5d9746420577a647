"""Values as people read them. Pure functions; text comes out fit for Streamlit's Markdown where it says so."""

import math
import re
from collections.abc import Sequence
from datetime import datetime, tzinfo

from core.common.digits import DASH as DASH
from core.common.digits import number as number
from core.common.text import plural as plural  # one of the ways to show a value, for messages below the pages, too

_WORD_JOINER = "\u2060"  # takes no room
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")  # all of ASCII's, each of which Markdown lets one escape
_ARROWS = re.compile(r"(?<!\S)(<->|<-|->|--|>=|<=|~=)(?!\S)")  # Streamlit makes signs of them when they stand alone

_LINKS = re.compile(r"(https?:(?=//)|www(?=\.)|@)", re.IGNORECASE)  # addresses become links even when escaped


def literal(text: str, limit: int | None = None) -> str:
    """Somebody's text as Markdown that shows it verbatim on one line, cut to `limit` characters."""
    line = " ".join(text.split())
    if limit is not None and len(line) > limit:
        line = f"{line[: limit - 1]}…"
    for pattern in (_ARROWS, _LINKS):
        line = pattern.sub(lambda found: found.group() + _WORD_JOINER, line)
    return _MARKS.sub(r"\\\1", line)


def run_numbers(run_ids: Sequence[int], most: int = 8) -> str:
    """ "#4, #9 and #12", "#46 to #50", "#1, #3, #5 and 9 more"."""
    known = sorted(run_ids)
    if len(known) > 2 and known[-1] - known[0] == len(known) - 1:
        return f"#{known[0]} to #{known[-1]}"
    told = [f"#{run_id}" for run_id in known[:most]]
    last = f"{len(known) - most} more" if len(known) > most else told.pop()
    return f"{', '.join(told)} and {last}" if told else last


def duration(seconds: float | None) -> str:
    """Two units at most: 0.4 s, 42 s, 3 min 20 s, 2 h 5 min, 3 d 4 h."""
    if seconds is None or not math.isfinite(seconds):
        return DASH
    seconds = max(0.0, seconds)
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    for unit, size, lower, lower_size in (("min", 60, "s", 1), ("h", 3600, "min", 60), ("d", 86400, "h", 3600)):
        if whole < size * (60 if unit == "min" else 24) or unit == "d":
            rest = whole % size // lower_size
            return f"{whole // size} {unit} {rest} {lower}" if rest else f"{whole // size} {unit}"
    return DASH


def roughly(seconds: float) -> str:
    """One unit, for an estimate: 5 s, 40 s, 3 min, 2 h, 4 d. Coarse, so that it does not flicker."""
    if seconds < 10:
        return f"{max(1, round(seconds))} s"
    if seconds < 58:
        return f"{round(seconds / 5) * 5} s"
    for unit, size, most in (("min", 60, 59.5), ("h", 3600, 23.5)):
        if seconds / size < most:
            return f"{max(1, round(seconds / size))} {unit}"
    return f"{max(1, round(seconds / 86400))} d"


def ago(moment: float | None, now: float) -> str:
    """just now, 40 s ago, 3 min ago, …"""
    if moment is None:
        return DASH
    return "just now" if now - moment < 5 else f"{roughly(now - moment)} ago"


def moment(seconds: float | None, zone: tzinfo | None = None) -> str:
    """A point in time in the reader's zone: 2026-11-22 07:50:48."""
    return DASH if seconds is None else f"{datetime.fromtimestamp(seconds, zone):%Y-%m-%d %H:%M:%S}"


def minute(seconds: float | None, zone: tzinfo | None = None) -> str:
    """A `moment` without its seconds. In Markdown, Streamlit takes ":50:" for an emoji and loads all their names."""
    return moment(seconds, zone).rpartition(":")[0] or DASH


def size(amount: float | None) -> str:
    """Bytes: 512 B, 1.4 KiB, 139 GiB."""
    if amount is None:
        return DASH
    if amount < 1024:
        return f"{amount:.0f} B"
    for unit in ("KiB", "MiB", "GiB", "TiB"):
        amount /= 1024
        if amount < 999.5 or unit == "TiB":
            digits = 2 if amount < 1 else 3  # no longer than others: a tile would cut it
            return f"{amount:.{digits}g} {unit}" if amount < 99.5 else f"{amount:.0f} {unit}"
    return DASH


def percent(part: float | None) -> str:
    """Of percent given as 0 to 100."""
    return DASH if part is None else f"{part:.0f} %"
