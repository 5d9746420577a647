"""What fresh seeds say of the configs that a search found best, in words."""

from collections.abc import Sequence

from core.common.differences import is_share, with_unit
from core.common.digits import as_beside, number, same, with_deviation
from core.common.text import plural
from core.sweeps.confirming import Confirmed, confirmed, leading, results_of
from core.sweeps.trial_names import of_trial
from core.sweeps.trials import SweepView
from core.verdicts.figures import lead
from core.verdicts.judging import Verdict
from core.verdicts.sentences import grounds, told
from core.verdicts.settling import settling
from core.verdicts.standing_told import judged_told
from core.verdicts.two_sides import Against

AS_GOOD = "as good"


def confirmed_told(view: SweepView, verdict: Verdict | None) -> str:
    """What fresh seeds say of the best of them, and whether that it is the best is more than chance; "" before any has
    ended. It is not called the best while some of them run.

    Args:
        verdict: as `core.verdicts.fresh_seeds` gives it.
    """
    goal, found = view.definition.goals[0].metric, confirmed(view)
    first, others = found[0], [each for each in found[1:] if each.values]
    if first.mean is None:
        return ""
    came = f"{goal} {mean_told(first)} over {plural(first.seeds, 'fresh seed')}"
    name = f"Trial {first.trial.number}"
    if running := sum(each.running for each in found):
        verb, leads = "is" if running == 1 else "are", " leads so far" if others and leading(found) else ""
        return f"{name}{leads}: {came}. {plural(running, 'fresh seed')} of these configs {verb} not at rest yet."
    if not others:
        return f"{name} is confirmed: {came}."
    if min(each.seeds for each in (first, *others)) < 2:
        return f"{name} leads: {came}. Which is best takes two seeds of each at least."
    against = _against(verdict, first, others)
    results = results_of(found)
    open_ = [each for each in others if not against[each.trial.number].is_sure]
    if not open_:
        nearest = (
            f"The nearest is {_beside(others[0], results)}{_lead(against[others[0].trial.number], goal, ', behind')}."
        )
        return f"{name} is confirmed best of {len(others) + 1}: {came}. {nearest}"
    beside = [_beside(each, results) for each in open_]
    than = " and ".join(filter(None, [", ".join(beside[:-1]), beside[-1]]))
    why = next(filter(None, (against[each.trial.number].reason for each in open_)), "")
    if not why:
        whom = f" {_name(open_[0])}" if beside[1:] else ""
        why = f"it leads{_lead(against[open_[0].trial.number], goal, whom)}, and chance may have done it"
    return f"{name} leads: {came}. That it is better than {than} is not decided: {why}."


def _name(each: Confirmed) -> str:
    return f"trial {each.trial.number}"


def _beside(each: Confirmed, results: Sequence[float]) -> str:
    """Trial 4 with 0.9412 over 5 seeds, with the decimals that all results take where they stand in a table."""
    mean = number(None) if each.mean is None else as_beside(each.mean, results)
    return f"{_name(each)} with {mean} over {plural(each.seeds, 'seed')}"


def _lead(against: Against, goal: str, how: str) -> str:
    """How far it is behind; "" where that is not known."""
    return f"{how} {lead(against, goal)}" if against.estimate else ""


def _against(verdict: Verdict | None, first: Confirmed, others: Sequence[Confirmed]) -> dict[int, Against]:
    """The first against each of the others, by the other's number."""
    is_of_it = verdict is not None and verdict.best == first.trial.number
    known = {each.other: each for each in verdict.against} if verdict and is_of_it else {}
    gone = "their runs were deleted"
    return {
        each.trial.number: known.get(each.trial.number) or Against(each.trial.number, None, gone) for each in others
    }


def grounds_told(verdict: Verdict | None) -> str:
    """Of whom it is, by which test, how often chance gives as much, and what would settle it; "" without a verdict."""
    if verdict is None:
        return ""
    names = names_of(verdict)
    lines = told(verdict, names) if len(verdict.against) == 1 else []  # of several it is said of whom it is not decided
    return " ".join(filter(None, (judged_told(verdict, names), settling(verdict, names), *lines, grounds(verdict))))


def names_of(verdict: Verdict) -> dict[int, str]:
    return {number: of_trial("", number) for number in (*verdict.repeats, *verdict.aside)}


def mean_told(each: Confirmed) -> str:
    """Of fresh seeds, with the deviation of two and more."""
    if each.mean is None or each.deviation is None:
        return number(each.mean)
    mean, deviation = with_deviation(each.deviation, each.mean)
    return f"{mean} (standard deviation {deviation})"


def beside_search(each: Confirmed, goal: str) -> str:
    """How fresh seeds did beside what the search had found, by this metric: "0.012 worse"; "" before any ended."""
    if each.mean is None or each.drop is None:
        return ""
    if same(each.mean, each.found):
        return AS_GOOD
    share = is_share(goal, (each.found, *each.values))
    told = with_unit(abs(each.drop), (each.found, each.mean), share=share)
    return f"{told} {'worse' if each.drop > 0 else 'better'}"
