"""Pure Plotly: a frame in, a Figure out. Nothing here reads the store or knows the user interface."""

from core.charts.colours import colours_apart, run_colour
from core.charts.coverage_chart import coverage
from core.charts.curves import curves, unshown_on_log
from core.charts.leads import leads
from core.charts.marks import mark_best, mark_overfitting, overfits_from
from core.charts.parallel import parallel
from core.charts.params import scatter
from core.charts.rank_chart import rank_chart
from core.charts.wording import plain, short

__all__ = [
    "colours_apart",
    "coverage",
    "curves",
    "leads",
    "mark_best",
    "mark_overfitting",
    "overfits_from",
    "parallel",
    "plain",
    "rank_chart",
    "run_colour",
    "scatter",
    "short",
    "unshown_on_log",
]
