"""Pure Plotly: a frame in, a Figure out. Nothing here reads the store or knows the user interface."""

from core.charts.curves import curves
from core.charts.params import parallel, scatter
from core.charts.text import plain, short
from core.colours import run_colour

__all__ = ["curves", "parallel", "plain", "run_colour", "scatter", "short"]
