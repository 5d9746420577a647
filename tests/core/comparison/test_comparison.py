"""Runs as frames: smoothing, axes, params, groups over seeds. Records made here, no store."""

import io
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core import comparison
from core.comparison.curve_frames import smoothed
from core.comparison.ranking import metrics_to_judge_by, searched_told
from core.comparison.spread import centres
from core.runs.records import RunRecord, RunState, Series, Summary
from core.verdicts.repeats import repeats
from db.records import Stretch


def run(run_id: int, name: str = "run", steps_per_epoch: int = 10, training_at: float | None = 100.0) -> RunRecord:
    return RunRecord(
        id=run_id,
        uid=f"{run_id:032x}",
        name=name,
        experiment="default",
        state=RunState.FINISHED,
        config={},
        steps_per_epoch=steps_per_epoch,
        training_at=training_at,
    )


def series(values: Sequence[float], steps: Sequence[int] | None = None) -> Series:
    step = np.array(steps if steps is not None else range(10, 10 * len(values) + 1, 10), dtype=np.int64)
    return Series(step, np.array(values, dtype=np.float64), 100.0 + step / 2)


def summary(run_id: int, metric: str, last: float, best: float) -> Summary:
    return Summary(run_id, metric, last, best, min(last, best), max(last, best), 20, 30, 3)


class TestCurves:
    @pytest.mark.parametrize(
        ("axis", "x"), [("step", [10, 20]), ("epoch", [1, 2]), ("time", [5, 10])], ids=["step", "epoch", "time"]
    )
    def test_lie_along_the_axis(self, axis: comparison.Axis, x: list[float]) -> None:
        frame = comparison.curve_frame([run(1)], {(1, "loss"): series([1.0, 0.5])}, axis)
        assert list(frame["x"]) == x

    def test_of_runs_without_epochs_are_left_out_on_that_axis(self) -> None:
        histories = {(1, "loss"): series([1.0]), (2, "loss"): series([1.0])}
        frame = comparison.curve_frame([run(1), run(2, steps_per_epoch=0)], histories, "epoch")
        assert set(frame["run_id"]) == {1}

    def test_time_begins_with_the_first_point_when_nobody_noted_the_start(self) -> None:
        frame = comparison.curve_frame([run(1, training_at=None)], {(1, "loss"): series([1.0, 0.5])}, "time")
        assert list(frame["x"]) == [0, 5]

    def test_time_leaves_the_pauses_between_attempts_out(self) -> None:
        # From step 40 on it was another process that trained, a thousand seconds later, from the checkpoint of step 30.
        stretches = (Stretch(100.0), Stretch(1100.0, before=20.0, first_step=30))
        resumed = replace(run(1), resumed=stretches)
        times = np.array([105.0, 110.0, 115.0, 1105.0, 1110.0])
        known = replace(series([1.0] * 5), wall_time=times)
        frame = comparison.curve_frame([resumed], {(1, "loss"): known}, "time")
        assert list(frame["x"]) == [5, 10, 15, 25, 30]

    def test_a_clock_that_was_set_back_puts_nothing_before_the_start(self) -> None:
        known = replace(series([1.0] * 3), wall_time=np.array([105.0, 40.0, 115.0]))
        frame = comparison.curve_frame([run(1)], {(1, "loss"): known}, "time")
        assert list(frame["x"]) == [5, 0, 15]

    def test_elapsed_time_is_told_in_the_unit_that_reads_best(self) -> None:
        frame = pd.DataFrame({"x": [0.0, 7200.0]})
        minutes, title = comparison.in_unit(frame, "time")
        assert (list(minutes["x"]), title) == ([0, 120], "Elapsed time (min)")

    def test_are_smoothed_before_they_are_thinned(self) -> None:
        # Alternating with rare spikes: the mean of what is kept, the extremes, would be far off.
        values = np.zeros(20_000)
        values[::100] = 100.0
        frame = comparison.curve_frame([run(1)], {(1, "loss"): series(list(values))}, "step", 0.9, max_points=500)
        assert len(frame) <= 500
        assert frame["value"].iloc[100:].mean() == pytest.approx(1.0, abs=1.0)
        assert frame["raw"].max() == 100.0

    def test_of_no_runs_are_an_empty_frame_with_all_columns(self) -> None:
        frame = comparison.curve_frame([], {}, "step")
        assert list(frame) == ["run_id", "run", "metric", "x", "value", "raw"]

    def test_as_csv_hold_every_point_and_read_back(self) -> None:
        text = comparison.curves_csv([run(1, 'a,"b"')], {(1, "loss"): series([1.0, math.nan, 0.25])})
        frame = pd.read_csv(io.StringIO(text))
        assert list(frame["step"]) == [10, 20, 30]
        assert list(frame["epoch"]) == [1, 2, 3]
        assert list(frame["elapsed_seconds"]) == [5, 10, 15]
        assert frame["run"][0] == 'a,"b"'
        assert math.isnan(frame["value"][1])


class TestSmoothing:
    def test_of_weight_zero_changes_nothing(self) -> None:
        assert list(smoothed(series([1.0, 5.0, 2.0]), 0.0)) == [1.0, 5.0, 2.0]

    def test_is_the_moving_average_without_bias_at_the_start(self) -> None:
        values, expected, total, weight = [3.0, 1.0, 4.0, 1.0, 5.0], [], 0.0, 0.0
        for value in values:
            total, weight = 0.6 * total + 0.4 * value, 0.6 * weight + 0.4
            expected.append(total / weight)
        assert smoothed(series(values), 0.6) == pytest.approx(expected, abs=1e-6)

    def test_keeps_missing_and_infinite_values_where_they_are(self) -> None:
        found = smoothed(series([1.0, math.nan, math.inf, 1.0]), 0.5)
        assert math.isnan(found[1])
        assert math.isinf(found[2])
        assert found[3] == pytest.approx(1.0)

    def test_forgets_more_over_a_longer_gap(self) -> None:
        near = smoothed(series([0.0, 0.0, 0.0, 1.0], [1, 2, 3, 4]), 0.9)
        far = smoothed(series([0.0, 0.0, 0.0, 1.0], [1, 2, 3, 50]), 0.9)
        assert far[-1] > near[-1]

    def test_looks_the_same_however_often_a_curve_was_recorded(self) -> None:
        random = np.random.default_rng(0)
        spreads = []
        for count in (2_000, 20_000):
            steps = np.linspace(0, 1_000_000, count).astype(int)
            spreads.append(smoothed(series(list(random.random(count)), list(steps)), 0.9)[count // 2 :].std())
        assert spreads[1] < spreads[0] < 0.2


def test_a_run_is_called_by_number_name_and_data_set_unless_its_name_tells_that() -> None:
    added = replace(run(3, "mine"), config={"data": {"source": "table", "dataset": "churn"}})
    assert comparison.label(added) == "#3 mine · churn"
    assert comparison.label(replace(added, name="Churn, wide")) == "#3 Churn, wide"
    assert comparison.label(run(3, "mine")) == "#3 mine"


class TestParams:
    params = {  # noqa: RUF012
        1: {"lr": "0.001", "optimizer": "adam", "epochs": "5", "seed": "0"},
        2: {"lr": "0.01", "optimizer": "sgd", "epochs": "5", "seed": "0", "momentum": "0.9"},
    }

    def test_that_differ_or_that_only_some_runs_have(self) -> None:
        assert comparison.differing([1, 2], self.params) == ["lr", "optimizer", "momentum"]
        assert comparison.differing([1], self.params) == []

    def test_what_only_names_a_thing_is_no_axis(self) -> None:
        one, other = "0a" * 32, "1b" * 32
        params = {
            1: {"project.snapshot": one, "project.folder": "/a", "job_id": "7", "commit": "v1", "weights": one,
                "out": "/tmp/a", "lr": "0.1", "hidden": "[8]", "seed_of": "100000000000"},
            2: {"project.snapshot": other, "project.folder": "/b", "job_id": "8", "commit": "v2", "weights": other,
                "out": "~/b", "lr": "0.2", "hidden": "[9]", "seed_of": "200000000000"},
        }  # fmt: skip
        assert comparison.settings_that_differ([1, 2], params) == ["lr", "hidden", "seed_of"]
        assert len(comparison.differing([1, 2], params)) == 9
        groups = comparison.param_groups([run(1), run(2)], params, ["project.snapshot", "lr"])
        assert [group.name for group in groups] == [
            "snapshot 0a0a0a0a…, lr 0.1 (n=1)",
            "snapshot 1b1b1b1b…, lr 0.2 (n=1)",
        ]

    def test_are_numbers_where_all_are(self) -> None:
        assert list(comparison.column([1, 2], self.params, "lr")) == [0.001, 0.01]
        assert list(comparison.column([1, 2], self.params, "optimizer")) == ["adam", "sgd"]
        assert math.isnan(comparison.column([1, 2], self.params, "momentum")[1])

    def test_against_a_metric_leave_out_runs_without_it_and_keep_those_without_the_param(self) -> None:
        summaries = {1: {"loss": summary(1, "loss", 0.5, 0.4)}, 2: {"loss": summary(2, "loss", math.nan, math.nan)}}
        runs = comparison.singles([run(1), run(2)])
        frame = comparison.scatter_frame(runs, self.params, summaries, "lr", "loss", "best")
        point = {"run_id": 1, "run": "#1 run", "x": 0.001, "y": 0.4, "low": 0.4, "high": 0.4, "n": 1, "missing": ""}
        assert frame.to_dict("records") == [point]
        assert comparison.scatter_frame(runs, self.params, summaries, "momentum", "loss", "best")["x"].isna().all()
        assert comparison.scatter_frame(runs, self.params, {}, "lr", "loss", "best").empty

    def test_side_by_side_keep_runs_without_the_metric(self) -> None:
        summaries = {1: {"loss": summary(1, "loss", 0.5, 0.4)}}
        runs = comparison.singles([run(1), run(2)])
        frame = comparison.parallel_frame(runs, self.params, summaries, ["momentum", "lr"], "loss", "last")
        assert list(frame) == ["momentum", "lr", "loss last"]
        assert list(frame.index) == [1, 2]
        assert list(frame["loss last"].isna()) == [False, True]

    def test_of_groups_have_the_mean_of_their_runs(self) -> None:
        params = {1: {"lr": "1", "seed": "0"}, 2: {"lr": "1", "seed": "1"}, 3: {"lr": "2", "seed": "0"}}
        scores = {1: 1.0, 2: 3.0, 3: 5.0}
        summaries = {run_id: {"loss": summary(run_id, "loss", score, score)} for run_id, score in scores.items()}
        groups = comparison.seed_groups([run(1), run(2), run(3)], params)
        points = comparison.scatter_frame(groups, params, summaries, "lr", "loss", "best").drop(
            columns=["run", "missing"]
        )
        assert points.values.tolist() == [[1, 1, 2, 1, 3, 2], [3, 2, 5, 5, 5, 1]]
        lines = comparison.parallel_frame(groups, params, summaries, ["lr"], "loss", "best")
        assert lines.reset_index().values.tolist() == [[1, 1, 2], [3, 2, 5]]

    def test_of_groups_have_no_place_along_a_param_in_which_their_runs_differ(self) -> None:
        told = {1: ("adam", "23"), 2: ("adam", "64"), 3: ("sgd", "32"), 4: ("sgd", "32"), 5: ("lion", "")}
        params = {run_id: {"optimizer": name, "hidden": hidden} for run_id, (name, hidden) in told.items()}
        summaries = {run_id: {"loss": summary(run_id, "loss", 1.0, float(run_id))} for run_id in told}
        groups = comparison.param_groups([run(run_id) for run_id in told], params, ["optimizer"])
        points = comparison.scatter_frame(groups, params, summaries, "hidden", "loss", "best")
        assert points["run_id"].tolist() == [3, 5]
        lines = comparison.parallel_frame(groups, params, summaries, ["optimizer", "hidden"], "loss", "best")
        assert lines["hidden"].fillna(-1).tolist() == [32, -1]
        assert len(comparison.parallel_frame(groups, params, summaries, ["optimizer"], "loss", "best")) == 3
        left = "Not drawn, as their runs have several values: optimizer adam (n=2) (2 of hidden)."
        assert comparison.without_place_told(groups, params, ["hidden", "optimizer"]) == left
        assert comparison.without_place_told(groups, params, ["optimizer"]) == ""


class TestTable:
    summaries = {  # noqa: RUF012
        1: {"loss": summary(1, "loss", 0.5, 0.4), "accuracy": summary(1, "accuracy", 0.8, 0.9)},
        2: {"loss": summary(2, "loss", 0.45, 0.45)},
    }

    def test_has_last_best_and_its_step_for_each_metric(self) -> None:
        columns = {"lr": pd.Series([0.1, 0.2], index=[1, 2])}
        frame = comparison.table([run(1, "a"), run(2, "b")], columns, self.summaries, ["loss", "accuracy"])
        assert list(frame) == [
            "run", "data set", "loss last", "loss best", "loss best step",
            "accuracy last", "accuracy best", "accuracy best step", "lr",
        ]  # fmt: skip
        assert frame.loc[1, "loss best step"] == 20
        assert math.isnan(frame["accuracy best"].to_dict()[2])

    def test_tells_the_winner_by_what_is_good_for_the_metric(self) -> None:
        frame = comparison.table([run(1), run(2)], {}, self.summaries, ["loss", "accuracy"])
        assert comparison.winners(frame, ["loss", "accuracy"]) == {"loss last": [2], "loss best": [1]}

    def test_tells_no_winner_by_rounding(self) -> None:
        losses = {1: 0.25, 2: 0.25 * (1 + 2e-7), 3: 0.5}
        summaries = {number: {"loss": summary(number, "loss", loss, loss)} for number, loss in losses.items()}
        frame = comparison.table([run(1), run(2), run(3)], {}, summaries, ["loss"])
        assert comparison.winners(frame, ["loss"])["loss best"] == [1, 2]
        assert comparison.winners(frame.loc[[1, 2]], ["loss"]) == {}

    def test_tells_a_winner_of_each_data_set_only(self) -> None:
        losses = {1: ("a", 0.5), 2: ("a", 0.4), 3: ("b", 9.0), 4: ("b", 8.0), 5: ("c", 0.1)}
        runs = [replace(run(number), config={"data": {"source": name}}) for number, (name, _) in losses.items()]
        summaries = {number: {"loss": summary(number, "loss", loss, loss)} for number, (_, loss) in losses.items()}
        frame = comparison.table(runs, {}, summaries, ["loss"])
        assert list(frame["data set"]) == list("aabbc")
        assert comparison.winners(frame, ["loss"])["loss best"] == [2, 4]

    def test_metrics_that_judge_come_first_and_telemetry_last(self) -> None:
        names = ("loss", "system/cpu", "val_loss", "accuracy")
        summaries = {1: {name: summary(1, name, 1, 1) for name in names}}
        assert comparison.metric_names(summaries, [1]) == ["val_loss", "accuracy", "loss", "system/cpu"]


class TestGroups:
    runs = [run(1, "net · seed 0"), run(2, "net · seed 1"), run(3, "wide")]  # noqa: RUF012
    params = {1: {"lr": "1", "seed": "0"}, 2: {"lr": "1", "seed": "1"}, 3: {"lr": "2", "seed": "0"}}  # noqa: RUF012

    def test_are_runs_that_differ_only_in_their_seed(self) -> None:
        groups = comparison.seed_groups(self.runs, self.params)
        assert [(group.id, group.name, [member.id for member in group.runs]) for group in groups] == [
            (1, "net (n=2)", [1, 2]),
            (3, "wide (n=1)", [3]),
        ]

    def test_or_share_the_values_of_some_params_whatever_else_differs(self) -> None:
        groups = comparison.param_groups(self.runs, self.params, ["seed"])
        assert [(group.name, [member.id for member in group.runs]) for group in groups] == [
            ("seed 0 (n=2)", [1, 3]),
            ("seed 1 (n=1)", [2]),
        ]
        params = {1: {"training.optimizer.name": "adam"}}
        [group] = comparison.param_groups(self.runs[:1], params, ["training.optimizer.name"])
        assert group.name == "optimizer adam (n=1)"
        columns = {"lr": comparison.column([1, 2, 3], self.params, "lr")}
        assert comparison.group_table(groups, columns, {}, [])["lr"].tolist() == ["several", 1]

    @pytest.mark.parametrize(("centre", "value"), [("mean", 22.0), ("median", 3.0), ("IQM", 3.0)])
    def test_have_a_line_that_outliers_move_or_do_not(self, centre: comparison.Centre, value: float) -> None:
        group = comparison.Group(1, "net", tuple(run(number) for number in range(1, 6)))
        histories = {(number, "loss"): series([each]) for number, each in enumerate((1.0, 2.0, 3.0, 4.0, 100.0), 1)}
        frame = comparison.group_frame([group], histories, "step", how=comparison.How(centre, "95 % interval"))
        assert frame["value"].tolist() == [value]
        assert frame["high"][0] - value == pytest.approx(2.776 * 43.6176 / math.sqrt(5), rel=1e-3)

    @pytest.mark.parametrize("centre", ["mean", "median", "IQM"])
    def test_have_a_bootstrap_of_the_very_line_in_curves_points_and_table(self, centre: comparison.Centre) -> None:
        group = comparison.Group(1, "net", tuple(run(number) for number in range(1, 21)))
        values = np.random.default_rng(1).normal(5, 1, 20)
        histories = {(number, "loss"): series([each]) for number, each in enumerate(values, 1)}
        how = comparison.How(centre, "bootstrap")
        (line,) = comparison.group_frame([group], histories, "step", how=how).to_dict("records")
        assert 0.2 < line["high"] - line["low"] < 1.8  # 4 standard errors, of the mean 0.9
        assert line["low"] < line["value"] < line["high"]
        summaries = {number: {"loss": summary(number, "loss", each, each)} for number, each in enumerate(values, 1)}
        found = group.spread(summaries, "loss", "best", how)
        assert (found.value, found.low, found.high) == pytest.approx((line["value"], line["low"], line["high"]))

    def test_of_two_have_an_interquartile_mean_too(self) -> None:
        found = centres(pd.DataFrame([[1.0, 3.0, math.nan], [math.nan] * 3]), "IQM")
        assert found[0] == 2
        assert math.isnan(found[1])

    def test_say_what_is_missing_of_them(self) -> None:
        states = (RunState.FINISHED, RunState.FAILED, RunState.RUNNING, RunState.FINISHED)
        runs = tuple(replace(run(number), state=state) for number, state in enumerate(states, 1))
        group, summaries = comparison.Group(1, "net", runs), {1: {"loss": summary(1, "loss", 1.0, 1.0)}}
        found = group.spread(summaries, "loss", "best")
        assert found.told == "n=1; 1 failed, 1 unfinished, 1 without a value"
        assert comparison.left_out([group], summaries, ["loss"]).startswith("Not in it: of net 1 failed, 1 unfinished")
        assert comparison.left_out([group], {}, []) == ""

    def test_stand_for_fresh_seeds_once_two_have_ended_and_not_for_what_a_search_chose_by(self) -> None:
        chosen, second, third = (replace(run(number), config={"seed": number}) for number in (1, 2, 3))
        records = [replace(chosen, chosen_by_search=True), second, replace(third, state=RunState.RUNNING)]
        params = {record.id: {"lr": "1", "seed": str(record.id)} for record in records}
        scores = {1: 0.1, 2: 0.4, 3: 0.6}
        summaries = {number: {"loss": summary(number, "loss", score, score)} for number, score in scores.items()}
        histories = {(number, "loss"): series([score]) for number, score in scores.items()}
        [group] = comparison.seed_groups(records, params)
        assert comparison.group_table([group], {}, summaries, ["loss"])["loss best mean"].tolist() == [
            pytest.approx((0.1 + 0.4) / 2)
        ]
        [group] = comparison.seed_groups([*records[:2], replace(records[2], state=RunState.FINISHED)], params)
        [row] = comparison.group_table([group], {}, summaries, ["loss"]).to_dict("records")
        assert (row["n"], row["loss best n"], row["loss best mean"]) == (2, 2, 0.5)
        assert comparison.left_out([group], summaries, ["loss"]) == (
            "Not in it: of run (n=2) 1 by which a search chose it."
        )
        assert comparison.group_frame([group], histories, "step")[["value", "n"]].values.tolist() == [[0.5, 2]]
        [told] = comparison.group_table([group], {}, {1: summaries[1]}, ["loss"]).to_dict("records")
        assert (told["loss best n"], told["loss best mean"]) == (1, 0.1)  # the fresh ones have no value of it
        [same] = comparison.seed_groups(group.runs, params | {3: params[2]})  # the same seed again is no second one
        assert same.spread(summaries, "loss", "best").value == pytest.approx((0.1 + 0.5) / 2)
        others = params | {1: params[1] | {"width": "8"}}
        [mixed] = comparison.param_groups(group.runs, others, ["lr"])  # what was confirmed is another config
        assert comparison.group_table([mixed], {}, summaries, ["loss"])["loss best n"].tolist() == [3]

    def test_weigh_each_seed_once_however_often_it_was_run_as_verdicts_do(self) -> None:
        seeds, scores = {1: "0", 2: "0", 3: "0", 4: "1"}, {1: 0.1, 2: 0.2, 3: 0.3, 4: 0.8}
        records, params = [run(number) for number in seeds], {key: {"lr": "1", "seed": seeds[key]} for key in seeds}
        summaries = {key: {"loss": summary(key, "loss", score, score)} for key, score in scores.items()}
        histories = {(key, "loss"): series([score]) for key, score in scores.items()}
        [group] = comparison.seed_groups(records, params)
        [by_param] = comparison.param_groups(records, params, ["lr"])
        verdict = repeats(records, params, summaries, "loss", "best")
        assert (group.name, by_param.name) == ("run (n=2)", "lr 1 (n=2)")
        for each in (group, by_param):
            found = each.spread(summaries, "loss", "best", comparison.How(band="std"))
            assert (found.n, found.missing) == (len(verdict.values), "")
            assert found.value == pytest.approx(verdict.mean)
            assert found.high - found.value == pytest.approx(verdict.deviation)
            [line] = comparison.group_frame([each], histories, "step", how=comparison.How(band="std")).to_dict(
                "records"
            )
            assert (line["value"], line["high"], line["n"]) == (found.value, found.high, 2)
        [mixed] = comparison.param_groups(records, params | {4: {"lr": "1", "width": "8", "seed": "0"}}, ["lr"])
        assert mixed.spread(summaries, "loss", "best").n == 2  # a seed of another config is another

    def test_of_runs_without_a_seed_that_all_gave_the_very_same_are_of_one(self) -> None:
        [group] = comparison.seed_groups([run(1), run(2)], {1: {"lr": "1"}, 2: {"lr": "1"}})
        summaries = {number: {"loss": summary(number, "loss", 0.5, 0.5)} for number in (1, 2)}
        assert group.spread(summaries, "loss", "best").told == "n=1; 1 that gave the very same"
        histories = {(number, "loss"): series([0.5]) for number in (1, 2)}
        assert comparison.group_frame([group], histories, "step")["n"].tolist() == [1]

    def spread(self, one: Series, other: Series) -> pd.DataFrame:
        groups = comparison.seed_groups(self.runs[:2], self.params)
        return comparison.group_frame(groups, {(1, "loss"): one, (2, "loss"): other}, "step")

    def test_have_the_deviation_as_their_band(self) -> None:
        groups = comparison.seed_groups(self.runs[:2], self.params)
        lines = {(1, "loss"): series([1.0]), (2, "loss"): series([3.0])}
        frame = comparison.group_frame(groups, lines, "step", how=comparison.How(band="std"))
        assert frame[["low", "high"]].to_numpy().ravel() == pytest.approx([2 - math.sqrt(2), 2 + math.sqrt(2)])

    def test_have_mean_extremes_and_deviation_at_each_step(self) -> None:
        frame = self.spread(series([1.0, 2.0]), series([3.0, 2.0]))
        assert frame[["value", "low", "high", "n"]].values.tolist() == [[2, 1, 3, 2], [2, 2, 2, 2]]

    def test_say_how_many_runs_a_mean_stands_for_when_one_ended_early(self) -> None:
        frame = self.spread(series([1.0, 2.0, 9.0]), series([3.0, 2.0]))
        assert list(frame["n"]) == [2, 2, 1]
        assert list(frame["value"]) == [2, 2, 9]

    def test_align_runs_of_other_steps_by_interpolation_and_never_beyond_their_ends(self) -> None:
        frame = self.spread(series([0.0, 2.0], [10, 30]), series([5.0, 5.0], [20, 40]))
        assert list(frame["x"]) == [10, 20, 30, 40]
        assert list(frame["n"]) == [1, 2, 2, 1]
        assert list(frame["value"]) == [0, 3, 3.5, 5]

    def test_do_not_bridge_values_that_are_missing(self) -> None:
        frame = self.spread(series([1.0, math.nan, 3.0]), series([1.0, 5.0, 3.0]))
        assert list(frame["n"]) == [2, 1, 2]
        assert list(frame["value"]) == [1, 5, 3]

    def test_in_a_table_have_mean_deviation_and_number_of_runs(self) -> None:
        summaries = {1: {"loss": summary(1, "loss", 1.0, 0.5)}, 2: {"loss": summary(2, "loss", 3.0, math.nan)}}
        groups = comparison.seed_groups(self.runs[:2], self.params)
        columns = {key: comparison.column([1, 2], self.params, key) for key in ("lr", "seed")}
        (row,) = comparison.group_table(groups, columns, summaries, ["loss"]).to_dict("records")
        assert (row["n"], row["lr"]) == (2, 1)
        assert (row["loss last mean"], row["loss last n"]) == (2.0, 2)
        assert (row["loss best mean"], row["loss best n"]) == (0.5, 1)
        assert (row["loss best low"], row["loss best missing"]) == (0.5, "1 without a value")
        assert "seed" not in row


@pytest.mark.parametrize("steps", [[0] * 3000, [step // 3 for step in range(3000)]])
def test_every_value_at_one_step_is_drawn_as_itself_in_order(steps: list[int]) -> None:
    values = np.random.default_rng(0).normal(size=3000)
    histories = {(1, "loss"): series(values.tolist(), steps)}

    plain = comparison.curve_frame([run(1)], histories, "step", max_points=500)
    smooth = comparison.curve_frame([run(1)], histories, "step", smoothing=0.9, max_points=500)

    places = np.flatnonzero(np.isin(values, plain["value"]))
    assert plain["value"].tolist() == plain["raw"].tolist() == values[places].tolist()
    assert smooth["raw"].tolist() == plain["raw"].tolist()
    assert smooth["value"].std() < 0.5 * plain["value"].std()


def test_a_legend_tells_runs_of_one_name_by_what_differs_and_that_is_not_cut() -> None:
    records = [run(number, "a-name-of-some-length-indeed · seed 0") for number in (1, 2)]
    params = {number: {"training.batch_size": str(16 * number), "seed": "0"} for number in (1, 2)}
    assert comparison.labels_apart(records, params) == {
        number: f"#{number} batch_size {16 * number} · a-name-of-some-length-indeed · seed 0" for number in (1, 2)
    }
    assert [group.name for group in comparison.seed_groups(records, params)] == [
        f"batch_size {size}, n=1 · a-name-of-some-length-indeed" for size in (16, 32)
    ]
    assert comparison.labels_apart(records[:1], params) == {1: "#1 a-name-of-some-length-indeed · seed 0"}


def test_configs_are_judged_by_what_was_searched_by_then_by_validation_and_by_the_test_set_before_training() -> None:
    metrics = [
        "accuracy",
        "test_accuracy",
        "test_bleu",
        "val_accuracy",
        "val_bleu",
        "val_loss",
        "learning_rate",
        "system/cpu",
    ]
    summaries = {number: {name: summary(number, name, 1.0, 1.0) for name in metrics} for number in (1, 2)}
    params = {number: {"training.batch_size": str(number)} for number in (1, 2)}
    groups = comparison.seed_groups([run(1), run(2)], params)
    order = ["val_accuracy", "val_loss", "val_bleu", "test_accuracy", "test_bleu", "accuracy"]
    for goal in ("", "nobody has it", "val_accuracy", "learning_rate"):
        assert metrics_to_judge_by(groups, summaries, metrics, goal) == order
    assert metrics_to_judge_by(groups, summaries, metrics, "test_bleu")[:2] == ["test_bleu", "val_accuracy"]


def test_what_was_searched_by_is_told_where_something_else_judges() -> None:
    assert searched_told("val_loss", "val_loss") == searched_told("val_loss", "") == ""
    assert searched_told("test_accuracy", "val_loss") == (
        "The newest sweep of these runs chose by val_loss; this judges by test_accuracy, on the test set, which had "
        "no part in it."
    )
