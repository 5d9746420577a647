"""What fresh seeds say of the configs that a search found best, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from core import runs
from core.common.context import Context
from core.common.digits import finite, number, same, with_deviation
from core.common.text import plural
from core.evaluation.report_files import read_predictions
from core.sweeps.confirming import Confirmed, confirmed
from core.sweeps.trials import SweepView
from core.verdicts.champion import against_champion
from core.verdicts.figures import lead
from core.verdicts.two_sides import Against
from db.records import RunRecord, Summary

AS_GOOD = "as good"


@dataclass(frozen=True)
class _Side:
    id: int  # the trial's number
    runs: tuple[RunRecord, ...]


def confirmed_told(context: Context, view: SweepView) -> str:
    """What fresh seeds say of the best of them, and whether that it is the best is more than chance, by the tests that
    Compare asks; "" before any has ended. It is not called the best while some of them run.
    """
    goal, found = view.definition.goals[0].metric, confirmed(view)
    first, others = found[0], [each for each in found[1:] if each.values]
    if first.mean is None:
        return ""
    told = f"{goal} {mean_told(first)} over {plural(first.seeds, 'fresh seed')}"
    name = f"Trial {first.trial.number}"
    if running := sum(each.running for each in found):
        verb = "is" if running == 1 else "are"
        return f"{name} leads so far: {told}. {plural(running, 'fresh seed')} of these configs {verb} not at rest yet."
    if not others:
        return f"{name} is confirmed: {told}."
    if min(each.seeds for each in (first, *others)) < 2:
        return f"{name} leads: {told}. Which is best takes two seeds of each at least."
    against = _against(context, [first, *others], goal)
    open_ = [each for each in others if not against[each.trial.number].is_sure]
    if not open_:
        nearest = f"The nearest is {_beside(others[0])}{_lead(against[others[0].trial.number], goal, ', behind')}."
        return f"{name} is confirmed best of {len(others) + 1}: {told}. {nearest}"
    beside = [_beside(each) for each in open_]
    than = " and ".join(filter(None, [", ".join(beside[:-1]), beside[-1]]))
    why = next(filter(None, (against[each.trial.number].reason for each in open_)), "")
    if not why:
        whom = f" {_name(open_[0])}" if beside[1:] else ""
        why = f"it leads{_lead(against[open_[0].trial.number], goal, whom)}, and chance may have done it"
    return f"{name} leads: {told}. That it is better than {than} is not decided: {why}."


def _name(each: Confirmed) -> str:
    return f"trial {each.trial.number}"


def _beside(each: Confirmed) -> str:
    """Trial 4 with 0.941 over 5 seeds."""
    mean = number(each.mean) if each.mean is None else _with_digits(each, each.mean)
    return f"{_name(each)} with {mean} over {plural(each.seeds, 'seed')}"


def _lead(against: Against, goal: str, how: str) -> str:
    """How far it is behind; "" where that is not known."""
    return f"{how} {lead(against, goal)}" if against.estimate else ""


def _against(context: Context, found: Sequence[Confirmed], goal: str) -> dict[int, Against]:
    """The first of them against each of the others, by the other's number."""
    run_ids = [run_id for each in found for run_id in each.by_run]
    records = {run.id: run for run in runs.get_many(context, run_ids)}
    sides = [_Side(each.trial.number, tuple(records[key] for key in each.by_run if key in records)) for each in found]
    summaries = {
        run_id: {goal: Summary(run_id, goal, value, value, value, value, 0, 0, 1)}
        for each in found
        for run_id, value in each.by_run.items()
    }
    made = against_champion(
        sides[0], sides[1:], runs.params(context, run_ids), summaries, goal,
        partial(read_predictions, context.workspace.settings), is_picked=True,
    )  # fmt: skip
    gone = "their runs were deleted"
    return {side.id: made.get(side.id) or Against(side.id, None, gone) for side in sides[1:]}


def mean_told(each: Confirmed) -> str:
    """Of fresh seeds, with the deviation of two and more."""
    if each.mean is None or each.deviation is None:
        return number(each.mean)
    mean, deviation = with_deviation(each.deviation, each.mean)
    return f"{mean} (standard deviation {deviation})"


def beside_search(each: Confirmed) -> str:
    """How fresh seeds did beside what the search had found: "0.012 worse"; "" before any has ended."""
    if each.mean is None or each.drop is None:
        return ""
    if same(each.mean, each.found):
        return AS_GOOD
    told = _with_digits(each, abs(each.drop))
    return f"{told if finite(told) else number(abs(each.drop))} {'worse' if each.drop > 0 else 'better'}"


def _with_digits(each: Confirmed, value: float) -> str:
    """As its mean stands beside its deviation."""
    return number(value) if each.deviation is None else with_deviation(each.deviation, value)[0]
