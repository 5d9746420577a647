"""Pure pandas: what the store holds of some runs, as frames to draw and to read. No store, no user interface."""

from core.comparison.curves import AXES, Axis, axis_title, curve_frame, curves_csv, in_unit
from core.comparison.groups import Group, group_frame, group_table, seed_groups
from core.comparison.params import SEED, Params, differing, parallel_frame, scatter_frame
from core.comparison.table import Summaries, label, metric_names, table

__all__ = [
    "AXES",
    "SEED",
    "Axis",
    "Group",
    "Params",
    "Summaries",
    "axis_title",
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
]
