"""What would settle a verdict that is open: which of the configs want how many further seeds, or folds."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.common.text import percentage, plural
from core.tracking.goals import goal_of
from core.verdicts.figures import gap, in_unit, lead, means
from core.verdicts.judging import Verdict
from core.verdicts.power import MOST, POWER
from core.verdicts.repeated_folds import MOST_EXAMPLES, RepeatedFolds
from core.verdicts.repeats import Key, Repeats
from core.verdicts.two_sides import Against, repeated_folds, would_tell

_TO_BEGIN = 3  # seeds of each, from which on much can be said


@dataclass(frozen=True)
class Lacking:
    """By side the runs that it wants beside those that it has, the best first; one of them may want none."""

    sides: Mapping[int, int]
    tells: str = ""  # the difference that they would tell; "" where nothing is known of it yet
    folds: int = 0  # of each seed of a cross-validation; 0 where a run is a seed
    places: Mapping[int, tuple[Key, ...]] = field(default_factory=dict)  # then seed and fold of each run, seed by seed

    @property
    def runs(self) -> int:
        return sum(self.sides.values())

    @property
    def are_whole_seeds(self) -> bool:
        """Whether all folds are wanted of each seed of which some are."""
        seeds = [seed for places in self.places.values() for seed in {seed for seed, _ in places}]
        return self.folds * len(seeds) == sum(map(len, self.places.values()))

    def first(self, most: int) -> "Lacking":
        """So many of each to begin with; of folds whole seeds, at least one."""
        if not self.folds:
            return replace(self, sides={key: min(count, most) for key, count in self.sides.items()})
        seeds = list(dict.fromkeys(seed for places in self.places.values() for seed, _ in places))
        begun = seeds[: max(1, most // self.folds)]
        return self._of({key: [each for each in found if each[0] in begun] for key, found in self.places.items()})

    def beside(self, repeats: Mapping[int, Repeats]) -> "Lacking | None":
        """Without those that are queued or at work; None where nothing is left."""
        if self.folds:
            rest = self._of({
                key: [each for each in found if each not in repeats[key].ahead] for key, found in self.places.items()
            })  # fmt: skip
        else:
            rest = replace(self, sides={key: max(0, count - repeats[key].running) for key, count in self.sides.items()})
        return rest if rest.runs else None

    def _of(self, places: Mapping[int, list[Key]]) -> "Lacking":
        kept = {key: tuple(found) for key, found in places.items()}
        return replace(self, places=kept, sides={key: len(found) for key, found in kept.items()})


def open_one(verdict: Verdict) -> Against | None:
    """The first of which it is not sure that the best is better; None where all are."""
    return next((each for each in verdict.against if not each.is_sure), None)


def lacking(verdict: Verdict) -> Lacking | None:
    """None where nothing is open, no number of seeds helps, or it is not known how many would."""
    other = open_one(verdict)
    if other is None:
        return None
    of = {key: verdict.repeats[key] for key in (verdict.best, other.other)}
    wanted, tells = other.wanted, _tells(other, verdict.metric)
    folds = max(each.folds for each in of.values())
    if folds:  # of which seeds without all their folds are no others
        return None if wanted is None else _lacking_folds(of, wanted // folds, folds, tells)
    have = {key: len(each.values) for key, each in of.items()}
    if wanted is None:
        is_single = (other.estimate is None or other.basis == "examples") and min(have.values()) < 2
        if not is_single or "data" in other.reason:
            return None
        wanted, tells = _TO_BEGIN, ""
    sides = {key: max(0, wanted - count) for key, count in have.items()}
    return Lacking(sides, tells) if any(sides.values()) else None


def _lacking_folds(of: Mapping[int, Repeats], seeds: int, folds: int, tells: str) -> Lacking | None:
    """The same seeds of both, first those of which most is there or under way, then further ones."""
    known = [key for each in of.values() for key in (*each.values, *each.ahead)]
    begun = sorted({seed for seed, _ in known}, key=lambda seed: -sum(key[0] == seed for key in known))
    highest = max((int(seed) for seed in begun if seed.isdecimal()), default=-1)
    wanted = [*begun, *(str(highest + more) for more in range(1, seeds + 1))][:seeds]
    every = [(seed, str(fold)) for seed, fold in itertools.product(wanted, range(folds))]
    places = {side: tuple(key for key in every if key not in each.values) for side, each in of.items()}
    found = Lacking({side: len(each) for side, each in places.items()}, tells, folds, places)
    return found if found.runs else None


def of_whom(verdict: Verdict, found: Lacking, names: Mapping[int, str]) -> str:
    """ "4 more seeds of each", or of whom and of each how many."""
    wanting, noun, runs = {key: count for key, count in found.sides.items() if count}, "seed", ""
    if found.folds and found.are_whole_seeds:
        wanting = {key: count // found.folds for key, count in wanting.items()}
        runs = f" with all {found.folds} folds ({plural(found.runs, 'run')})"
    elif found.folds:
        noun = "fold"
    if len(set(wanting.values())) > 1:
        more = " and ".join(f"{count:,} of {names[key]}" for key, count in wanting.items())
        return f"{sum(wanting.values()):,} more {noun}s ({more}){runs}"
    count = next(iter(wanting.values()))
    everyone = len(wanting) == 2 and len(verdict.against) == 1 and not verdict.aside
    who = "each" if everyone else " and ".join(names[key] for key in wanting)
    each = " each" if len(wanting) == 2 and not everyone else ""
    return f"{plural(count, f'more {noun}')} of {who}{each}{runs}"


def _tells(against: Against, metric: str) -> str:
    """The difference that what it wants would tell: the one that was seen, or where none was, one that there may be."""
    if against.is_level:
        return "" if against.wanted is None else in_unit(against.tells, against, metric)
    return gap(against, metric) if against.estimate else ""


def settling(verdict: Verdict, names: Mapping[int, str]) -> str:
    """What would tell the difference that was seen, or one where none was, and by which other metric there is one;
    "" where nothing of the kind is known.
    """
    return " ".join(filter(None, (_more_repeats(verdict, names), _otherwise(verdict, names))))


def _otherwise(verdict: Verdict, names: Mapping[int, str]) -> str:
    """Of two that are level, what other metrics say."""
    found = verdict.instead
    if found is None:
        return ""
    if found.against is None or found.repeats is None:
        return (
            f"Of what else was measured, {found.names[0]} does not tell them apart either."
            if len(found.names) == 1
            else f"None of the {len(found.names)} other metrics tells them apart either."
        )
    one, other = verdict.best, found.against.other
    two, among = found.repeats, len(found.names)
    if _is_worse(found.against, found.metric):
        one, other, two = other, one, (two[1], two[0])
    picked = f" ({among} other metrics were asked, and it is corrected for that)" if among > 1 else ""
    led = f"{names[one]} is better than {names[other]} {lead(found.against, found.metric)}"
    return f"By {found.metric} they are told apart: {led}, {means(*two, found.against, found.metric)}{picked}."


def _is_worse(against: Against, metric: str) -> bool:
    """Whether the best is the worse one by this metric."""
    return against.estimate is not None and (against.estimate.difference > 0) == (goal_of(metric) == "min")


def _more_repeats(verdict: Verdict, names: Mapping[int, str]) -> str:
    power = f"{percentage(POWER)} power"
    other = open_one(verdict)
    if (found := lacking(verdict)) is not None:
        if found.tells:
            most = _with_most(verdict, other)
            return f"{of_whom(verdict, found, names)} would tell a difference of {found.tells} with {power}{most}."
        if other is not None and other.is_level:
            return f"{of_whom(verdict, found, names)} would say how far seeds of one config lie apart."
    if other is None or other.estimate is None or other.is_level or other.wanted is not None:
        return ""
    if other.basis not in ("seeds", "pairs", "folds"):
        return ""
    difference = gap(other, verdict.metric)
    of_folds = repeated_folds(other, verdict.repeats[verdict.best].folds)
    if of_folds is not None and abs(other.estimate.difference) <= of_folds.least:
        least = in_unit(of_folds.least, other, verdict.metric)
        return (
            f"No number of further seeds would tell a difference of {difference} with {power}, as all their folds are "
            f"cut from the same examples: it would have to be more than {least}. {_more_examples(of_folds)}"
        )
    who = "each" if len(verdict.against) == 1 else f"{names[verdict.best]} and {names[other.other]}"
    of = f" of {who}" if of_folds is None else f" of {who} with all {of_folds.folds} folds"
    return f"More than {MOST} seeds{of} would be needed to tell a difference of {difference} ({power})."


def _with_most(verdict: Verdict, other: Against | None) -> str:
    """Of two that are level, what the most that is thought of would tell besides."""
    if other is None or not other.is_level or other.wanted is None:
        return ""
    folds = max(1, verdict.repeats[verdict.best].folds)
    if 2 * other.wanted // folds > MOST:
        return ""
    least = would_tell(other, MOST, verdict.repeats[verdict.best], verdict.repeats[other.other])
    return f", {MOST} in all one of {in_unit(least, other, verdict.metric)}"


def _more_examples(of_folds: RepeatedFolds) -> str:
    times = of_folds.examples
    if times >= MOST_EXAMPLES:
        return f"More examples would tell it, but more than {MOST_EXAMPLES:,} times as many."
    many = f"{times:.1f}" if times < 3 else f"{times:,.0f}"
    return f"More examples would: about {many} times as many, if folds then spread as much less as means do."
