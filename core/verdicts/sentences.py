"""The verdict in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.common.digits import aligned
from core.common.text import plural, shortened
from core.evaluation.chances import chance_told
from core.tracking.goals import goal_of
from core.verdicts.figures import gap, in_unit, lead, means, same_means
from core.verdicts.judging import Verdict, pairs_of
from core.verdicts.repeats import Repeats
from core.verdicts.two_sides import PAIRS, Against, Basis, are_pairs

_MOST_NAMED = 8  # runs that are left out
MOST_OF_NAME = 60  # characters of a name in a sentence, in which two of them stand
_WIDENED = "; intervals are made from p values where these are less sure than standard errors"
_GROUNDS: dict[Basis, str] = {
    "seeds": "Welch's test over seeds",
    "pairs": "Student's test of pairs: the same seeds, and the same validation examples",
    "folds": "Nadeau and Bengio's test of cross-validation, on the same folds",
    "examples": "their answers to the same test examples",
}


def short_names(names: Mapping[int, str]) -> dict[int, str]:
    """Names as they stand in the sentences."""
    return {key: shortened(name, MOST_OF_NAME) for key, name in names.items()}


def heading(verdict: Verdict, names: Mapping[int, str]) -> str:
    """Which is better, than which and by how much, or that it is not decided, in one sentence."""
    best, others = names[verdict.best], len(verdict.against)
    known = [each for each in verdict.against if each.estimate]
    if not known:
        reason = verdict.against[0].reason if others == 1 else _why_none(verdict)
        return f"No verdict: {reason}. {_first_two(verdict, names)}"
    beaten, led = sum(each.is_sure for each in known), _led(verdict, known[0], names)
    behind = _led(verdict, known[0], names, ", behind ")
    if beaten == len(known):
        if others == 1:
            return f"{best} is better than {led}."
        if len(known) == 1:
            return f"{best} is better than {led}. The rest cannot be compared with it."
        if len(known) == others:
            return f"{best} is the best of {others + 1}, and better than each of the others. The nearest is {behind}."
        return (
            f"{best} is better than each of the {len(known)} others that it can be compared with, of {others}. The "
            f"nearest is {behind}."
        )
    if others == 1:
        return f"Not decided: {_level(verdict, known[0], names) if verdict.is_tied else f'{best} leads {led}'}."
    surely = f"is surely better than {beaten} of the {others} others"
    if verdict.is_tied:
        level = _all_level(verdict) if _level_ones(verdict) > 1 else _level(verdict, verdict.against[0], names)
        return f"Not decided: {level}.{f' {best} {surely}.' if beaten else ''}"
    among = f" of the {len(known) + 1} that can be compared" if len(known) < others else ""
    also = f" and {surely}" if beaten else ""
    return f"Not decided: {best} has the best {_mean(verdict)}{among}{also}. The next is {behind}."


def told(verdict: Verdict, names: Mapping[int, str], *, in_full: bool = False) -> list[str]:
    """A sentence about each of the others, or about what keeps it from being compared; where several are level with
    the best the heading tells them together, and nothing is said of each of them but in full.

    Of two, of whom the heading says all but that, how often chance gives as much, or what of level ones is possible
    still; nothing where there is no verdict.
    """
    if len(verdict.against) == 1:
        known = verdict.against[0]
        if known.estimate is None:
            return []
        if known.is_level:
            return [_possible(known, verdict.metric)] if _has_width(known) else []
        often = _by_chance(verdict, known)
        return [f"{often[:1].upper()}{often[1:]}."]
    lines, are_together = [], _level_ones(verdict) > 1 and not in_full
    for each in verdict.against:
        if are_together and each.is_level:
            continue
        if each.estimate is None:
            lines.append(f"{names[each.other]}: not compared, as {each.reason}.")
            continue
        if each.is_level:
            lines.append(f"{_level(verdict, each, names)}: not decided.")
            continue
        sure = "sure" if each.is_sure else "not decided"
        led = _led(verdict, each, names)
        lines.append(f"{names[verdict.best]} leads {led}: {sure}, as {_by_chance(verdict, each)}.")
    return lines


def grounds(verdict: Verdict, among: int = 0) -> str:
    """On what the verdict stands, and what weakens it; `among` is how many were ranked, where some are left out."""
    found = dict.fromkeys(each.basis for each in verdict.against if each.basis)
    told = "; ".join(_ground(verdict, basis) for basis in found)
    if len(verdict.against) > 1 and told:
        told += "; corrected for the best having been picked from all (Holm)"
    if any(each.is_widened for each in verdict.against):
        told += _WIDENED
    return " ".join([f"{told[:1].upper()}{told[1:]}." if told else "", *_weak(verdict, among)]).strip()


def chosen_told(runs: Sequence[int], *, alone: bool = False) -> str:
    """Which runs are left out since a search chose their configs by them; "" of none.

    Args:
        alone: configs of a single seed are beside them, which may be the one that a search had.
    """
    if not runs:
        return ""
    more = " A config with one seed may stand by such a result still, and too high beside these." if alone else ""
    names = [f"#{run}" for run in sorted(runs)]
    if len(names) == 1:
        told = f"{names[0]} is left out: a search chose its config by it, which makes it too good (winner's curse)."
    else:
        who = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) <= _MOST_NAMED else f"{len(names):,} runs"
        told = f"{who} are left out: a search chose their configs by them, which makes them too good (winner's curse)."
    return told + more


def chosen_of(repeats: Iterable[Repeats]) -> str:
    """The same of configs that stand beside each other."""
    every = list(repeats)
    alone = any(len(each.values) == 1 for each in every)
    return chosen_told([run for each in every for run in each.chosen], alone=alone)


def beside_champion(against: Against, metric: str) -> str:
    """How a config stands to the champion, in a few words."""
    if against.estimate is None:
        reason, _, _ = against.reason.partition(", which")
        return f"no verdict: {reason}"
    if not against.is_sure:
        return "not decided"
    ahead = (against.estimate.difference > 0) == (goal_of(metric) == "max")
    return f"{'worse' if ahead else 'better'} by {gap(against, metric)}"


def _ground(verdict: Verdict, basis: Basis) -> str:
    if basis == "seeds":
        best, others = verdict.repeats[verdict.best], (each.other for each in verdict.against if each.basis == basis)
        few = any(are_pairs(verdict.metric, best, verdict.repeats[other]) for other in others)
        return f"{_GROUNDS[basis]}{f' (the same seeds are taken as pairs from {PAIRS} on)' if few else ''}"
    if basis != "examples":
        return _GROUNDS[basis]
    tests = dict.fromkeys(each.estimate.test for each in verdict.against if each.estimate and each.basis == basis)
    of = " and ".join(filter(None, tests))
    return f"{of}{' of ' if of else ''}{_GROUNDS[basis]}: another seed of each may rank otherwise"


def _why_none(verdict: Verdict) -> str:
    reasons = dict.fromkeys(each.reason for each in verdict.against)
    return next(iter(reasons)) if len(reasons) == 1 else "none of the others can be compared with the best"


def _led(verdict: Verdict, against: Against, names: Mapping[int, str], between: str = " ") -> str:
    """Whom the best leads, by how much, and what the two came to."""
    one, other = verdict.repeats[verdict.best], verdict.repeats[against.other]
    return (
        f"{names[against.other]}{between}{lead(against, verdict.metric)}: {means(one, other, against, verdict.metric)}"
    )


def _level(verdict: Verdict, against: Against, names: Mapping[int, str]) -> str:
    """Of the best and one with the same mean: what it is, and within which the difference lies."""
    one, other = verdict.repeats[verdict.best], verdict.repeats[against.other]
    told = f"{names[verdict.best]} and {names[against.other]} have the same {_mean(verdict)}, {same_means(one, other)}"
    if against.estimate is None:
        return told
    if not _has_width(against):
        return f"{told}; the difference is 0"
    low, high = (in_unit(end, against, verdict.metric) for end in against.interval)
    return f"{told}; the difference is 0 (95 % interval {low.removesuffix(' points')} to {high})"


def _level_ones(verdict: Verdict) -> int:
    """Of the others, those that have the same mean as the best."""
    return sum(each.is_level for each in verdict.against)


def _all_level(verdict: Verdict) -> str:
    """The best and all that have its mean, in one sentence."""
    value = aligned([verdict.repeats[verdict.best].mean], sign=",")[0]
    count, every = _level_ones(verdict) + 1, len(verdict.against) + 1
    configs = f"{count} {'' if count == every else f'of {every} '}configs"
    return f"{configs} are level, with the same {_mean(verdict)} of {value}: no two of them can be told apart"


def _possible(against: Against, metric: str) -> str:
    most = max(map(abs, against.interval))
    return f"A difference of up to {in_unit(most, against, metric)} either way is possible still."


def _has_width(against: Against) -> bool:
    low, high = against.interval
    return high > low


def _first_two(verdict: Verdict, names: Mapping[int, str]) -> str:
    """What the first two came to, of whom nothing else can be said."""
    against = verdict.against[0]
    sides = verdict.best, against.other
    one, other = (verdict.repeats[side] for side in sides)
    return f"{names[sides[0]]} beside {names[sides[1]]}: {means(one, other, against, verdict.metric)}."


def _mean(verdict: Verdict) -> str:
    return "result" if all(len(each.values) < 2 for each in verdict.repeats.values()) else "mean"


def _by_chance(verdict: Verdict, against: Against) -> str:
    return chance_told(against.chance, pairs_of(sum(each.estimate is not None for each in verdict.against)))


def _weak(verdict: Verdict, among: int) -> Iterator[str]:
    runs = [*verdict.repeats.values(), *verdict.aside.values()]
    if told := _selected_told(verdict.metric, max(among, len(verdict.against) + 1 + len(verdict.aside))):
        yield told
    if told := chosen_of(verdict.repeats.values()):
        yield told
    if verdict.metric.startswith("test_") and any(each.basis == "folds" for each in verdict.against):
        yield (
            "All folds were tested on the same examples, those of the test set; metrics that begin with val_ judge by "
            "what each fold holds back."
        )
    by_seeds = [each.other for each in verdict.against if each.basis in ("seeds", "pairs")]
    if by_seeds and any(verdict.repeats[side].deviation == 0 for side in (verdict.best, *by_seeds)):
        yield "All seeds of a config gave the very same value, which says little of how it varies."
    if running := sum(each.running for each in runs):
        yield f"{plural(running, 'run')} not at rest yet {'is' if running == 1 else 'are'} not counted."
    if pruned := sum(each.pruned for each in runs):
        yield (
            f"{plural(pruned, 'run')} that {'was' if pruned == 1 else 'were'} pruned, as worse than others early on, "
            f"{'is' if pruned == 1 else 'are'} not counted."
        )
    if missing := sum(each.missing for each in runs):
        verb = "is" if missing == 1 else "are"
        yield (
            f"{plural(missing, 'run')} that failed, diverged or never had a value {verb} not counted: how often that "
            "happens is a result, too."
        )
    if verdict.metric.startswith("val_") and verdict.kind == "best":
        yield "Best epochs were chosen by validation examples, which makes these values a little too good for all."


def _selected_told(metric: str, among: int) -> str:
    """What it does to a test metric that the best of so many configs is picked by it; "" where it is not."""
    if not metric.startswith("test_") or among < 3:
        return ""
    return (
        f"Picked from {among:,} by their test results, which makes the best one's a little too good (winner's curse): "
        "pick by validation, or confirm it on fresh seeds."
    )
