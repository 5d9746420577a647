"""The verdict in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.common.text import plural, quantity
from core.evaluation.chances import chance_told
from core.tracking.goals import goal_of
from core.verdicts.judging import Verdict, pairs_of
from core.verdicts.repeats import Repeats
from core.verdicts.two_sides import PAIRS, Against, Basis, are_pairs

_LEAST = 1e-6  # points; less is rounding
_MOST_NAMED = 8  # runs that are left out
_WIDENED = "; intervals are made from p values where these are less sure than standard errors"
_GROUNDS: dict[Basis, str] = {
    "seeds": "Welch's test over seeds",
    "pairs": "Student's test of pairs: the same seeds, and the same validation examples",
    "folds": "Nadeau and Bengio's test of cross-validation, on the same folds",
    "examples": "their answers to the same test examples",
}


def heading(verdict: Verdict, names: Mapping[int, str]) -> str:
    """Which is better, or that it is not decided, in one sentence."""
    best, second = names[verdict.best], verdict.against[0]
    if not any(each.estimate for each in verdict.against):
        return f"No verdict: {second.reason if len(verdict.against) == 1 else _why_none(verdict)}."
    if verdict.is_sure:
        if len(verdict.against) == 1:
            return f"{best} is better: {_lead(second, verdict.metric)}."
        return f"{best} is the best of {len(verdict.against) + 1}, and better than each of the others."
    beaten = sum(each.is_sure for each in verdict.against)
    known = sum(each.estimate is not None for each in verdict.against)
    if beaten == known == 1:
        [only] = [each for each in verdict.against if each.estimate]
        lead = _lead(only, verdict.metric)
        return f"{best} is better than {names[only.other]}, the only one that it can be compared with: {lead}."
    if beaten == known:
        return (
            f"{best} is better than each of the {known} others that it can be compared with, of {len(verdict.against)}."
        )
    mean = "result" if all(len(each.values) < 2 for each in verdict.repeats.values()) else "mean"
    if len(verdict.against) == 1:
        level = f"both have the same {mean}" if verdict.is_tied else f"{best} leads {_lead(second, verdict.metric)}"
        return f"Not decided: {level}."
    told = f", though it is better than {beaten} of the {len(verdict.against)} others" if beaten else ""
    among = f" of the {known + 1} that can be compared" if known < len(verdict.against) else ""
    level = f"{best} has the best {mean}{among}"
    if verdict.is_tied:
        level = f"{best} and {names[second.other]} have the same {mean}"
    return f"Not decided: {level}{told}."


def told(verdict: Verdict, names: Mapping[int, str]) -> list[str]:
    """A sentence about each of the others, or about what keeps it from being compared.

    Of two, of whom the heading says all but that, how often chance gives as much; nothing where there is no verdict.
    """
    if len(verdict.against) == 1:
        known = verdict.against[0]
        often = _by_chance(verdict, known)
        return [f"{often[:1].upper()}{often[1:]}."] if known.estimate else []
    lines = []
    for each in verdict.against:
        if each.estimate is None:
            lines.append(f"{names[each.other]}: not compared, as {each.reason}.")
            continue
        sure = "sure" if each.is_sure else "not decided"
        lead = _lead(each, verdict.metric)
        lines.append(f"Against {names[each.other]} it leads {lead}: {sure}, as {_by_chance(verdict, each)}.")
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


def gap(against: Against, metric: str) -> str:
    """How far apart the two are, in the metric's unit, whichever is better."""
    return in_unit(abs(against.estimate.difference) if against.estimate else 0.0, against, metric)


def in_unit(difference: float, against: Against, metric: str) -> str:
    """A difference between the two, in the metric's unit."""
    return f"{_number(difference, metric, against)}{' points' if _is_share(metric, against) else ''}"


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


def _lead(against: Against, metric: str) -> str:
    assert against.estimate is not None
    low, high = against.interval
    sign = 1 if against.estimate.difference >= 0 else -1
    low, high = sorted((sign * low, sign * high))
    ends = f"{_number(low, metric, against)} to {_number(high, metric, against)}"
    return f"by {gap(against, metric)} (95 % interval {ends})"


def _by_chance(verdict: Verdict, against: Against) -> str:
    return chance_told(against.chance, pairs_of(sum(each.estimate is not None for each in verdict.against)))


def _weak(verdict: Verdict, among: int) -> Iterator[str]:
    runs = list(verdict.repeats.values())
    if told := _selected_told(verdict.metric, max(among, len(verdict.against) + 1)):
        yield told
    if told := chosen_of(runs):
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
            f"{plural(missing, 'run')} that failed or never had a value {verb} not counted: how often that happens is "
            "a result, too."
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


def _is_share(metric: str, against: Against) -> bool:
    """Of accuracies as we compute them; scripts may tell one in percent."""
    return metric.endswith("accuracy") and against.most == 1.0


def _number(value: float, metric: str, against: Against) -> str:
    return in_points(value) if _is_share(metric, against) else quantity(value, 3)


def in_points(difference: float) -> str:
    """A difference of shares in hundredths: two decimals, or as many as it takes that it is not told as none."""
    points = 100 * difference
    if abs(points) < _LEAST:
        return "0.00"
    return f"{points:.2f}" if abs(points) >= 0.005 else f"{points:.1g}"


def as_number(value: float, metric: str) -> str:
    """A value of the metric itself, not a difference: shares in percent."""
    return f"{100 * value:.2f} %" if metric.endswith("accuracy") and abs(value) <= 1 else quantity(value, 4)
