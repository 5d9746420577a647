"""One rule for which runs count: figures of groups stand for what verdicts stand for, and say what is missing."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import comparison
from core.runs.records import RunState, Summary
from core.verdicts.repeats import repeats
from tests.core.comparison.test_comparison import run, series, summary

_VALUES = (0.1, 0.5, 0.5, 1e61, math.nan, math.inf, -math.inf, None)
_Each = tuple[RunState, float | None, str, bool]


def told(values: dict[int, float | None]) -> dict[int, dict[str, Summary]]:
    return {key: {"loss": summary(key, "loss", each, each)} for key, each in values.items() if each is not None}


@pytest.mark.hypothesis
@given(
    st.lists(
        st.tuples(
            st.sampled_from(RunState), st.sampled_from(_VALUES), st.sampled_from(["", "0", "1", "2"]), st.booleans()
        ),
        min_size=1,
        max_size=7,
    )
)
def test_a_mean_its_n_and_its_deviation_are_those_of_the_verdict(made: list[_Each]) -> None:
    records = [replace(run(key), state=each[0], of_search=each[3]) for key, each in enumerate(made, 1)]
    params = {key: {"lr": "1", "seed": each[2]} for key, each in enumerate(made, 1)}
    summaries = told({key: each[1] for key, each in enumerate(made, 1)})
    verdict = repeats(records, params, summaries, "loss", "best")
    for [group] in (comparison.seed_groups(records, params), comparison.param_groups(records, params, ["lr"])):
        found = group.spread(summaries, "loss", "best", comparison.How(band="std"))
        assert found.n == len(verdict.values)
        assert found.value == pytest.approx(verdict.mean, nan_ok=True)
        if found.n > 1:
            assert found.high - found.value == pytest.approx(verdict.deviation)
        missing = sum(int(part.split()[0]) for part in filter(None, found.missing.split(", ")))
        assert len(verdict.runs) + missing == len(records)  # each run is in it, or is told


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.LOST, RunState.PRUNED])
def test_what_failed_was_lost_or_pruned_is_in_no_figure_of_its_group(state: RunState) -> None:
    records = [run(1), run(2), replace(run(3), state=state)]
    params = {key: {"lr": "1", "seed": str(key)} for key in (1, 2, 3)}
    summaries = told({1: 1.0, 2: 3.0, 3: 100.0})
    [group] = comparison.seed_groups(records, params)
    assert (group.n, group.name) == (2, "run (n=2)")
    for centre in ("mean", "median", "IQM"):
        found = group.spread(summaries, "loss", "best", comparison.How(centre))
        assert (found.value, found.low, found.high, found.told) == (2.0, 1.0, 3.0, f"n=2; 1 {state.value}")
    lines = {(1, "loss"): series([1.0, 1.0]), (2, "loss"): series([3.0, 3.0]), (3, "loss"): series([100.0])}
    frame = comparison.group_frame([group], lines, "step")
    assert frame[["value", "high", "n"]].values.tolist() == [[2, 3, 2], [2, 3, 2]]
    [row] = comparison.group_table([group], {}, summaries, ["loss"]).to_dict("records")
    assert (row["n"], row["loss best mean"], row["loss best missing"]) == (2, 2.0, f"1 {state.value}")
    points = comparison.scatter_frame([group], params, summaries, "lr", "loss", "best")
    assert points[["y", "n"]].values.tolist() == [[2, 2]]
    assert comparison.left_out([group], summaries, ["loss"]) == f"Not in it: of run (n=2) 1 {state.value}."


def test_a_curve_has_those_at_work_and_the_figure_at_its_end_has_not() -> None:
    records = [run(1), replace(run(2), state=RunState.RUNNING)]
    [group] = comparison.seed_groups(records, {key: {"seed": str(key)} for key in (1, 2)})
    lines = {(1, "loss"): series([1.0, 1.0]), (2, "loss"): series([3.0])}
    assert comparison.group_frame([group], lines, "step")["value"].tolist() == [2, 1]
    assert group.spread(told({1: 1.0, 2: 3.0}), "loss", "last").told == "n=1; 1 unfinished"


def test_a_group_of_which_none_counts_has_no_figure_and_says_why() -> None:
    records = [replace(run(1), state=RunState.PRUNED), replace(run(2), state=RunState.FAILED)]
    [group] = comparison.seed_groups(records, {key: {"seed": str(key)} for key in (1, 2)})
    found = group.spread(told({1: 1.0, 2: 3.0}), "loss", "best")
    assert math.isnan(found.value)
    assert found.told == "n=0; 1 pruned, 1 failed"


def test_a_run_that_stands_for_itself_has_its_value_whatever_became_of_it() -> None:
    pruned = comparison.singles([replace(run(1), state=RunState.PRUNED)])
    points = comparison.scatter_frame(pruned, {1: {"lr": "1"}}, told({1: 0.5}), "lr", "loss", "best")
    assert points["y"].tolist() == [0.5]


def test_fresh_seeds_that_somebody_launched_by_hand_replace_what_a_search_found() -> None:
    records = [replace(run(1), of_search=True), run(2), run(3)]
    params = {key: {"lr": "1", "seed": str(key)} for key in (1, 2, 3)}
    summaries = told({1: 0.01, 2: 0.5, 3: 0.6})
    verdict = repeats(records, params, summaries, "loss", "best")
    assert (verdict.chosen, verdict.runs, verdict.is_searched) == ((1,), (2, 3), False)
    [group] = comparison.seed_groups(records, params)
    assert group.spread(summaries, "loss", "best").told == "n=2; 1 by which a search chose it"
    one_fresh = repeats(records[:2], params, summaries, "loss", "best")
    assert (one_fresh.chosen, one_fresh.runs) == ((), (1, 2))  # one value alone says too little
    of_search = [replace(each, of_search=True) for each in records]
    searched = repeats(of_search, params, summaries, "loss", "best")
    assert (searched.chosen, len(searched.values), searched.is_searched) == ((), 3, True)
