"""What a search chose a config by is left out of its repeats once fresh seeds have confirmed it, and that is said."""

from collections.abc import Sequence

import numpy as np
import pytest

from core.cli.known_runs import RunsHere
from core.cli.verdicts_told import as_json
from core.common.context import Context
from core.comparison import seed_groups, told_apart
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.sweep_goals import kind_by_goals
from core.sweeps.trials import view
from core.verdicts import Verdict, judged
from core.verdicts.fresh_seeds import fresh_seeds
from core.verdicts.repeats import Repeats, repeats
from core.verdicts.sentences import chosen_told, grounds
from core.verdicts.several import several
from db.records import RunRecord, RunState, Summary
from tests.core.sweeps.conftest import Begin, End, begin, end

__all__ = ["begin", "end"]
_TRUE, _NOISE = 0.5, 0.1


def made(
    values: Sequence[float], chosen: int, seeds: Sequence[str] = (), state: RunState = RunState.FINISHED
) -> Repeats:
    """Of a config, a run a value, the first of which a search chose it by where `chosen` is 1, and so on."""
    records = [
        RunRecord(
            number,
            "",
            "net",
            "default",
            RunState.FINISHED if number > 1 else state,
            {},
            chosen_by_search=number <= chosen,
        )
        for number in range(1, len(values) + 1)
    ]
    params = {run.id: {"seed": seeds[run.id - 1] if seeds else str(run.id)} for run in records}
    told = {
        run.id: {"val_loss": Summary(run.id, "val_loss", value, value, value, value, 1, 1, 1)}
        for run, value in zip(records, values, strict=True)
    }
    return repeats(records, params, told, "val_loss", "best")


def test_the_bias_of_having_been_chosen_is_gone() -> None:
    """Thirty equal configs are searched, and the best is confirmed on four seeds, time and again."""
    draws = np.random.default_rng(3)
    counted, left_out = [], []
    for _ in range(400):
        best = float(draws.normal(_TRUE, _NOISE, 30).min())
        values = [best, *draws.normal(_TRUE, _NOISE, 4)]
        counted.append(made(values, chosen=0).mean)
        left_out.append(made(values, chosen=1).mean)
    error = _NOISE / np.sqrt(4 * 400)
    assert abs(np.mean(left_out) - _TRUE) < 3 * error
    assert np.mean(counted) < _TRUE - 10 * error


def test_an_extreme_result_that_a_search_found_is_no_repeat() -> None:
    found = made((0.01, 0.50, 0.52, 0.48), chosen=1)
    assert found.mean == pytest.approx(0.5)
    assert (found.chosen, found.runs, len(found.values)) == ((1,), (2, 3, 4), 3)
    every_seed = made((0.01, 0.02, 0.50, 0.52), chosen=2)  # the search tried two seeds of each config
    assert every_seed.mean == pytest.approx(0.51)
    assert every_seed.chosen == (1, 2)


@pytest.mark.parametrize("values", [(0.01,), (0.01, 0.5), (0.01, 0.5, float("nan"))])
def test_as_long_as_fewer_than_two_fresh_values_are_there_nothing_changes(values: tuple[float, ...]) -> None:
    assert made(values, chosen=1) == made(values, chosen=0)


def test_a_seed_that_was_run_again_has_the_fresh_value_alone() -> None:
    found = made((0.01, 0.5, 0.6), chosen=1, seeds=("7", "7", "8"))
    assert list(found.values.values()) == [0.5, 0.6]
    same = made((0.5, 0.5, 0.5), chosen=1, seeds=("", "", ""))  # no seed at all, so that one value says it all
    assert (same.chosen, same.again, len(same.values)) == ((), 2, 1)


def test_one_that_has_no_value_of_the_metric_is_missing_still() -> None:
    found = made((0.01, 0.5, 0.6), chosen=1, state=RunState.FAILED)
    assert (found.chosen, found.missing) == ((), 1)


def test_it_is_told_which_are_left_out() -> None:
    assert chosen_told([]) == ""
    assert chosen_told([7]) == (
        "#7 is left out: a search chose its config by it, which makes it too good (winner's curse)."
    )
    assert chosen_told([9, 7, 12]).startswith("#7, #9 and #12 are left out: a search chose their configs by them,")
    assert chosen_told(range(1, 30)).startswith("29 runs are left out: ")
    assert chosen_told([7], alone=True).endswith(
        "A config with one seed may stand by such a result still, and too high beside these."
    )


@pytest.fixture
def confirmed(context: Context, begin: Begin, end: End) -> list[int]:
    """A grid of four configs, of which the best two, runs 1 and 2, were confirmed on three seeds each; all runs."""
    sweep = begin(["training.batch_size=8,16,32,64"], method="grid", budget={"trials": 4})
    searched = []
    for value in (0.10, 0.20, 0.70, 0.71):
        Advancing(context).look(sweep)
        searched.append(view(context, sweep).active[0].kept.run_id or 0)
        end(searched[-1], [value])
    fresh = managing.confirm(context, sweep, best=2, seeds=3)
    for run, value in zip(fresh, (0.50, 0.51, 0.52, 0.40, 0.41, 0.42), strict=True):
        end(run, [value])
    return [*searched, *fresh]


def test_a_verdict_is_over_fresh_seeds_and_says_so(context: Context, confirmed: list[int]) -> None:
    found = verdict(context, confirmed)
    assert found.best == 2  # though the search had the other before it
    assert [found.repeats[side].mean for side in (1, 2)] == [pytest.approx(0.51), pytest.approx(0.41)]
    assert found.is_sure
    assert ([each.other for each in found.against], list(found.aside)) == ([1], [3, 4])  # one seed each of these
    assert "#1 and #2 are left out: a search chose their configs by them" in grounds(found)
    known = RunsHere(context)
    told = as_json(known, known.get_many(confirmed), known.summaries(confirmed), "")
    assert told is not None
    assert {side["id"]: side["left_out"] for side in told["sides"]} == {1: [1], 2: [2], 3: [], 4: []}
    params = known.params(confirmed)
    groups = seed_groups(known.get_many(confirmed), params)
    every = several(groups, params, known.summaries(confirmed), "val_loss", known.predictions)
    assert every is not None
    assert set(every.chosen) == {1, 2}


def test_without_its_fresh_seeds_it_is_compared_by_what_there_is(context: Context, confirmed: list[int]) -> None:
    found = verdict(context, confirmed[:4])
    assert found.best == 1
    assert found.repeats[1].mean == pytest.approx(0.1)
    assert "left out" not in grounds(found)


def verdict(context: Context, run_ids: Sequence[int]) -> Verdict:
    known = RunsHere(context)
    params = known.params(run_ids)
    groups = seed_groups(known.get_many(run_ids), params)
    assert len(told_apart(groups, params)) == 4
    found = judged(groups, params, known.summaries(run_ids), "val_loss", known.predictions)
    assert found is not None
    return found


def test_runs_of_a_sweep_are_compared_by_the_last_value_where_its_goal_is_that(
    context: Context, begin: Begin, end: End
) -> None:
    goal = {"metric": "val_loss", "kind": "last"}
    sweep = begin(["training.batch_size=8,16"], method="grid", goals=[goal], budget={"trials": 2}, at_once=2)
    Advancing(context).look(sweep)
    searched = [each.kept.run_id or 0 for each in view(context, sweep).active]
    for run, values in zip(searched, ([0.1, 0.9], [0.5, 0.4]), strict=True):
        end(run, values)
    assert kind_by_goals(context, ["default"], "val_loss") == "last"
    assert kind_by_goals(context, ["default", "other"], "val_loss") == "last"  # another without a sweep says nothing
    assert kind_by_goals(context, ["default"], "val_accuracy") == "best"
    assert kind_by_goals(context, ["other"], "val_loss") == "best"
    known = RunsHere(context)
    told = as_json(known, known.get_many(searched), known.summaries(searched), "")
    assert told is not None
    assert (told["kind"], told["best"]) == ("last", searched[1])
    other = begin(["training.batch_size=8,16"], method="grid", earlier=tuple(searched))
    assert kind_by_goals(context, ["default"], "val_loss") == "best"  # of two sweeps that differ in it the newest
    assert other != sweep
    begin(goals=[goal], experiment="other")
    assert kind_by_goals(context, ["other"], "val_loss") == "last"
    assert kind_by_goals(context, ["default", "other"], "val_loss") == "best"  # two experiments that differ in it


def test_those_confirmed_are_judged_by_the_direction_of_the_sweeps_goal_and_only_once_all_are_at_rest(
    context: Context, begin: Begin, end: End
) -> None:
    goal = {"metric": "val_loss", "direction": "max"}
    sweep = begin(["training.batch_size=8,16"], method="grid", goals=[goal], budget={"trials": 2}, at_once=2)
    Advancing(context).look(sweep)
    for each, value in zip(view(context, sweep).active, (0.1, 0.9), strict=True):
        end(each.kept.run_id or 0, [value])
    *fresh, last = managing.confirm(context, sweep, best=2, seeds=2)
    for run, value in zip(fresh, (0.80, 0.81, 0.20), strict=True):
        end(run, [value])
    assert fresh_seeds(context, view(context, sweep)).verdict is None
    end(last, [0.21])
    found = fresh_seeds(context, view(context, sweep)).verdict
    assert found is not None
    assert (found.best, found.goal, found.is_sure) == (1, "max", True)
