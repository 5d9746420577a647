"""What would settle a verdict that is open: which of the configs want how many further seeds, or folds."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.common.text import percentage, plural
from core.verdicts.judging import Verdict
from core.verdicts.power import MOST, POWER
from core.verdicts.repeated_folds import MOST_EXAMPLES, RepeatedFolds
from core.verdicts.repeats import Key, Repeats
from core.verdicts.sentences import gap, in_unit
from core.verdicts.two_sides import Against, repeated_folds

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
    wanted, tells = other.wanted, gap(other, verdict.metric) if other.estimate else ""
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
    everyone = len(wanting) == 2 and len(verdict.against) == 1
    who = "each" if everyone else " and ".join(names[key] for key in wanting)
    each = " each" if len(wanting) == 2 and not everyone else ""
    return f"{plural(count, f'more {noun}')} of {who}{each}{runs}"


def settling(verdict: Verdict, names: Mapping[int, str]) -> str:
    """What would tell the difference that was seen; "" where nothing of the kind is known."""
    power = f"{percentage(POWER)} power"
    if (found := lacking(verdict)) is not None and found.tells:
        return f"{of_whom(verdict, found, names)} would tell a difference of {found.tells} with {power}."
    other = open_one(verdict)
    if other is None or other.estimate is None or not other.estimate.difference or other.wanted is not None:
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


def _more_examples(of_folds: RepeatedFolds) -> str:
    times = of_folds.examples
    if times >= MOST_EXAMPLES:
        return f"More examples would tell it, but more than {MOST_EXAMPLES:,} times as many."
    many = f"{times:.1f}" if times < 3 else f"{times:,.0f}"
    return f"More examples would: about {many} times as many, if folds then spread as much less as means do."
