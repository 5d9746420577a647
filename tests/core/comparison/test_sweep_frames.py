"""Curves of trials, and how many went on at each rung."""

import pandas as pd

from core.charts import sweep_charts
from core.common.context import Context
from core.comparison.sweep_frames import curve_frame, of_epochs, rung_frame
from core.config.edit import Raw, with_values
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
    figure = sweep_charts.rungs(frame, judged, "val_loss", epochs=of_epochs(now))
    assert [each.text for each in figure.layout.annotations] == ["2 of 3", "1 of 2"]
    assert figure.layout.xaxis.title.text == "Epoch"
    assert rung_frame(now, pd.DataFrame(columns=frame.columns)).empty
