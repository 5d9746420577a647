"""Pure Plotly: a frame in, a Figure out. Nothing here reads the store or knows the user interface."""

from core.charts.colours import run_colour
from core.charts.curves import curves
from core.charts.params import parallel, scatter
from core.charts.wording import plain, short

__all__ = ["curves", "parallel", "plain", "run_colour", "scatter", "short"]
