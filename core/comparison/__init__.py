"""Pure pandas: what the store holds of some runs, as frames to draw and to read. No store, no user interface."""

from core.comparison.curve_frames import AXES, MAX_POINTS, Axis, axis_title, curve_frame, curves_csv, in_unit, unit
from core.comparison.groups import Group, group_frame, group_table, seed_groups
from core.comparison.param_frames import REPEATED, SEED, Params, column, differing, parallel_frame, scatter_frame
from core.comparison.run_frames import Kind, Summaries, label, metric_names, table, winners

__all__ = [
    "AXES",
    "MAX_POINTS",
    "REPEATED",
    "SEED",
    "Axis",
    "Group",
    "Kind",
    "Params",
    "Summaries",
    "axis_title",
    "column",
    "curve_frame",
    "curves_csv",
    "differing",
    "group_frame",
    "group_table",
    "in_unit",
    "label",
    "metric_names",
    "parallel_frame",
    "scatter_frame",
    "seed_groups",
    "table",
    "unit",
    "winners",
]
