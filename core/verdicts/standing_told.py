"""Of which configs a verdict is, which are left aside and why, in words."""

from collections.abc import Mapping, Sequence

from core.verdicts.judging import Verdict
from core.verdicts.standing import what_it_takes, why_not

_MOST_NAMED = 3  # for each reason, the best first


def judged_told(verdict: Verdict, names: Mapping[int, str]) -> str:
    """ "" where it is of all that have a value."""
    if not verdict.aside:
        return ""
    judged = [verdict.best, *(each.other for each in verdict.against)]
    takes = what_it_takes((verdict.repeats[side] for side in judged), verdict.aside.values())
    of = len(judged) + len(verdict.aside)
    return f"Judged: the {len(judged):,} configs with {takes}, of {of:,}. Not judged: {_aside(verdict, names)}."


def _aside(verdict: Verdict, names: Mapping[int, str]) -> str:
    by_reason: dict[str, list[str]] = {}
    for side, repeats in verdict.aside.items():
        by_reason.setdefault(why_not(repeats), []).append(names[side])
    return "; ".join(f"{_listed(each)} ({_of_several(why, len(each))})" for why, each in by_reason.items())


def _of_several(why: str, count: int) -> str:
    return "single runs" if why == "a single run" and count > 1 else why


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    first, last = (names[:-1], names[-1]) if more < 1 else (names[:_MOST_NAMED], f"{more:,} more")
    return f"{', '.join(first)} and {last}" if first else last
