"""What would settle a verdict that is open: which of the configs want how many further seeds."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.common.text import percentage, plural
from core.verdicts.judging import Against, Verdict
from core.verdicts.power import MOST, POWER
from core.verdicts.sentences import gap

_TO_BEGIN = 3  # seeds of each, from which on much can be said


@dataclass(frozen=True)
class Lacking:
    """By side the seeds that it wants beside those that it has, the best first; one of them may want none."""

    sides: Mapping[int, int]
    tells: str = ""  # the difference that they would tell; "" where nothing is known of it yet

    @property
    def most(self) -> int:
        return max(self.sides.values())


def open_one(verdict: Verdict) -> Against | None:
    """The first of which it is not sure that the best is better; None where all are."""
    return next((each for each in verdict.against if not each.is_sure), None)


def lacking(verdict: Verdict) -> Lacking | None:
    """None where nothing is open, no number of seeds helps, or it is not known how many would."""
    other = open_one(verdict)
    if other is None:
        return None
    have = {key: len(verdict.repeats[key].values) for key in (verdict.best, other.other)}
    wanted, tells = other.wanted, gap(other, verdict.metric)
    if wanted is None:
        is_single = (other.estimate is None or other.basis == "examples") and min(have.values()) < 2
        has_folds = any(verdict.repeats[key].folds for key in have)  # of which more seeds are no other folds
        if not is_single or has_folds or "data" in other.reason:
            return None
        wanted, tells = _TO_BEGIN, ""
    sides = {key: max(0, wanted - count) for key, count in have.items()}
    return Lacking(sides, tells) if any(sides.values()) else None


def of_whom(verdict: Verdict, sides: Mapping[int, int], names: Mapping[int, str]) -> str:
    """ "4 more seeds of each", or of whom and of each how many."""
    wanting = {key: count for key, count in sides.items() if count}
    if len(set(wanting.values())) > 1:
        more = " and ".join(f"{count:,} of {names[key]}" for key, count in wanting.items())
        return f"{sum(wanting.values()):,} more seeds ({more})"
    count = next(iter(wanting.values()))
    everyone = len(wanting) == 2 and len(verdict.against) == 1
    who = "each" if everyone else " and ".join(names[key] for key in wanting)
    each = " each" if len(wanting) == 2 and not everyone else ""
    return f"{plural(count, 'more seed')} of {who}{each}"


def settling(verdict: Verdict, names: Mapping[int, str]) -> str:
    """What would tell the difference that was seen; "" where nothing of the kind is known."""
    power = f"{percentage(POWER)} power"
    if (found := lacking(verdict)) is not None and found.tells:
        return f"{of_whom(verdict, found.sides, names)} would tell a difference of {found.tells} with {power}."
    other = open_one(verdict)
    if other is None or other.estimate is None or not other.estimate.difference or other.wanted is not None:
        return ""
    if other.basis not in ("seeds", "pairs"):
        return ""
    who = "each" if len(verdict.against) == 1 else f"{names[verdict.best]} and {names[other.other]}"
    difference = gap(other, verdict.metric)
    return f"More than {MOST} seeds of {who} would be needed to tell a difference of {difference} ({power})."
