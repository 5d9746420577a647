"""Pure pandas: what the store holds of some runs, as frames to draw and to read. No store, no user interface."""

from core.comparison.baseline_frames import Beside, beside_baselines
from core.comparison.curve_frames import (
    AXES,
    MAX_POINTS,
    Axis,
    axis_title,
    by_chart,
    curve_frame,
    curves_csv,
    in_unit,
    unit,
)
from core.comparison.groups import (
    Group,
    group_frame,
    group_table,
    has_folds,
    labels_apart,
    left_out,
    param_groups,
    ranked_together,
    seed_groups,
    told_apart,
)
from core.comparison.param_frames import Params, column, differing, settings_that_differ
from core.comparison.result_frames import parallel_frame, result_title, scatter_frame, singles
from core.comparison.run_frames import DATA_SET, Kind, Summaries, label, metric_names, table, winners
from core.comparison.spread import BANDS, Centre, How, Spread

__all__ = [
    "AXES",
    "BANDS",
    "DATA_SET",
    "MAX_POINTS",
    "Axis",
    "Beside",
    "Centre",
    "Group",
    "How",
    "Kind",
    "Params",
    "Spread",
    "Summaries",
    "axis_title",
    "beside_baselines",
    "by_chart",
    "column",
    "curve_frame",
    "curves_csv",
    "differing",
    "group_frame",
    "group_table",
    "has_folds",
    "in_unit",
    "label",
    "labels_apart",
    "left_out",
    "metric_names",
    "parallel_frame",
    "param_groups",
    "ranked_together",
    "result_title",
    "scatter_frame",
    "seed_groups",
    "settings_that_differ",
    "singles",
    "table",
    "told_apart",
    "unit",
    "winners",
]
