"""Curves of trials, and how many went on at each rung."""

import pandas as pd

from core.charts import parallel, rung_chart, sweep_charts
from core.common.context import Context
from core.comparison.sweep_frames import (
    curve_frame,
    early_told,
    line_frame,
    log_fields,
    of_epochs,
    rung_frame,
    rungs_told,
    trial_frame,
)
from core.config.edit import Raw, with_values
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.trials import view
from db.records import RunState
from tests.core.sweeps.conftest import Begin, End, begin, end

__all__ = ["begin", "end"]


def test_curves_end_at_rungs_and_the_last_part_is_not_judged(
    context: Context, begin: Begin, end: End, raw_config: Raw
) -> None:
    base = with_values(raw_config, {"training.epochs": 9})
    sweep = begin(["training.optimizer.learning_rate=1e-4..1e-1:log"], base=base, pruning={"name": "asha"})
    curves: list[tuple[list[float], RunState]] = [([1.0], RunState.PRUNED), ([0.9, 0.8, 0.7], RunState.PRUNED)]
    for values, state in [*curves, ([0.5] * 9, RunState.FINISHED)]:
        Advancing(context).look(sweep)
        end(view(context, sweep).active[0].kept.run_id, values, state=state)
    now = view(context, sweep)
    frame = curve_frame(context, now)
    assert frame[frame["number"] == 1]["value"].tolist() == [0.9, 0.8, 0.7]
    judged = rung_frame(now, frame)
    assert judged.to_dict("list") == {"rung": [1, 3], "came": [3, 2], "ended": [1, 1]}
    figure = rung_chart.rungs(frame, judged, "val_loss", epochs=of_epochs(now))
    assert [each.text for each in figure.layout.annotations] == ["epoch 1<br>2 of 3", "epoch 3<br>1 of 2"]
    assert {each.yanchor for each in figure.layout.annotations} == {"bottom"}  # above the lines and their rings
    assert figure.layout.legend.y > 1.05
    assert "until now" in rungs_told(judged)
    assert "by those that came before it" in rungs_told(judged)
    assert figure.layout.xaxis.title.text == "Epoch"
    assert rung_frame(now, pd.DataFrame(columns=frame.columns)).empty


def test_a_trial_that_ended_early_with_its_result_has_a_mark_and_counts_at_later_rungs(
    context: Context, begin: Begin, end: End, raw_config: Raw
) -> None:
    base, rate = with_values(raw_config, {"training.epochs": 9}), "training.optimizer.learning_rate"
    sweep = begin([f"{rate}=1e-4..1e-1:log"], base=base, pruning={"name": "asha"})
    for values, reason in (([0.5] * 9, ""), ([0.4, 0.6], "Ended after epoch 2 with its result.")):
        Advancing(context).look(sweep)
        end(view(context, sweep).active[0].kept.run_id or 0, values, reason=reason)
    Advancing(context).look(sweep)
    now = view(context, sweep)
    frame, curves = trial_frame(now), curve_frame(context, now)
    assert frame["early"].tolist()[:2] == [False, True]
    assert rung_frame(now, curves).to_dict("list") == {"rung": [1, 3], "came": [2, 2], "ended": [0, 0]}
    points = sweep_charts.sliced(frame, rate, "val_loss", log_fields(now)).data[0]
    assert list(points.marker.symbol) == ["circle", "square"]
    assert [told for *_, told in points.customdata] == ["finished", "finished, early, with its result"]
    lines = rung_chart.rungs(curves, rung_frame(now, curves), "val_loss", epochs=True)
    assert [(each.name, list(each.x)) for each in lines.data if each.mode == "markers"] == [
        ("ended early, with its result", [2])
    ]
    assert early_told(frame) == early_told(curves) == " A square is a trial that ended early, with its result."


def test_choices_stay_in_the_order_in_which_they_were_given_and_have_cells_in_a_landscape(
    context: Context, begin: Begin, end: End
) -> None:
    hidden, size = "architecture.hidden", "training.batch_size"
    sweep = begin([f"{hidden}=[16],[32,32],[64,64],[128]", f"{size}=8..64"], method="random", budget={"trials": 12})
    for _ in range(12):
        Advancing(context).look(sweep)
        end(view(context, sweep).active[0].kept.run_id, [0.5])
    now = view(context, sweep)
    frame, given = trial_frame(now), ["[16]", "[32, 32]", "[64, 64]", "[128]"]
    figure = sweep_charts.sliced(frame, hidden, "val_loss", log_fields(now))
    tried = [each for each in given if each in set(frame[hidden])]
    assert len(tried) > 2
    assert list(figure.layout.xaxis.ticktext) == tried
    lines = line_frame(now, frame, "val_loss", 100)
    drawn = parallel(lines, names={int(number): str(number) for number in lines.index})
    assert [each.text for each in drawn.layout.annotations][: len(tried)] == tried
    surface = sweep_charts.landscape(frame, (hidden, size), "val_loss", log_fields(now))
    assert surface is not None
    cells = surface.data[0]
    assert len(cells.x) == len(tried) + 1  # their edges
    assert (len(cells.z), len(cells.z[0])) == (len(cells.y), len(tried))


def test_a_trial_by_hand_is_a_diamond_in_pictures(context: Context, begin: Begin, end: End) -> None:
    rate = "training.optimizer.learning_rate"
    sweep = begin([f"{rate}=1e-4..1e-1:log", "training.batch_size=8..64"])
    for _ in range(2):
        Advancing(context).look(sweep)
        end(view(context, sweep).active[0].kept.run_id, [0.5])
    managing.add_trial(context, sweep, {rate: 0.5})
    end(view(context, sweep).active[0].kept.run_id, [0.4])
    now = view(context, sweep)
    frame, goal, logs = trial_frame(now), "val_loss", log_fields(now)
    assert frame["origin"].tolist() == ["", "", "by hand, outside of the range of learning_rate"]
    surface = sweep_charts.landscape(frame, (rate, "training.batch_size"), goal, logs)
    assert surface is not None
    for points in (
        sweep_charts.best_so_far(frame, goal).data[0],
        sweep_charts.sliced(frame, rate, goal, logs).data[0],
        surface.data[1],
    ):
        assert list(points.marker.symbol) == ["circle", "circle", "diamond"]
