"""W&B's `plot`: charts of a table or of lists, as Plotly draws them; Plotly itself is not needed for them here."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import isfinite
from typing import Any

from .media_objects import Media, Table
from .notices import tell
from .told_values import clean, single


class Plot(Media):
    """A chart that is logged as a figure is: traces and a layout of Plotly's."""

    kind = "figure"

    def __init__(self, traces: list[dict[str, Any]], title: Any, x: Any = "", y: Any = "") -> None:
        axes = {"xaxis": {"title": {"text": clean(x)}}, "yaxis": {"title": {"text": clean(y)}}}
        layout = {"title": {"text": clean(title or "")}, **axes}
        super().__init__(json.dumps({"data": traces, "layout": layout}, default=str).encode(), ".json")


def line(table: Table, x: str, y: str, stroke: str | None = None, title: str = "", **_options: Any) -> Plot:
    """A line; with `stroke`, one for each value of that column. Raises ValueError: there is no such column."""
    xs, ys = _column(table, x), _column(table, y)
    strokes = _column(table, stroke) if stroke else [""] * len(xs)
    traces = []
    for each in dict.fromkeys(map(str, strokes)):
        rows = [at for at, value in enumerate(strokes) if str(value) == each]
        traces.append(_trace("lines", [xs[at] for at in rows], [ys[at] for at in rows], each))
    return Plot(traces, title, x, y)


def scatter(table: Table, x: str, y: str, title: str = "", **_options: Any) -> Plot:
    """Points. Raises ValueError: there is no such column."""
    return Plot([_trace("markers", _column(table, x), _column(table, y))], title, x, y)


def bar(table: Table, label: str, value: str, title: str = "", **_options: Any) -> Plot:
    """A bar a row. Raises ValueError: there is no such column."""
    return Plot([{"type": "bar", "x": _column(table, label), "y": _column(table, value)}], title, label, value)


def histogram(table: Table, value: str, title: str = "", **_options: Any) -> Plot:
    """How a column is distributed. Raises ValueError: there is no such column."""
    return Plot([{"type": "histogram", "x": _column(table, value)}], title, value)


def line_series(
    xs: Sequence[Any],
    ys: Sequence[Any],
    keys: Sequence[Any] | None = None,
    title: str = "",
    xname: str = "x",
    **_options: Any,
) -> Plot:
    """Several lines, over the same xs or each over its own. Raises TypeError: they are no lists."""
    own = bool(len(xs)) and hasattr(xs[0], "__len__")
    names = list(keys or range(len(ys)))
    traces = [_trace("lines", xs[at] if own else xs, each, str(names[at])) for at, each in enumerate(ys)]
    return Plot(traces, title, xname)


def confusion_matrix(
    probs: Any = None, y_true: Any = None, preds: Any = None, class_names: Any = None, title: str = "", **_options: Any
) -> Plot:
    """How often each class was taken for each, by numbers of classes; of `probs` the highest is what was predicted."""
    if preds is None:
        preds = [max(range(len(row)), key=row.__getitem__) for row in probs]
    pairs = Counter((int(single(true)), int(single(said))) for true, said in zip(y_true, preds, strict=True))
    count = max([len(class_names or ()), *(1 + max(pair) for pair in pairs)])
    names = [*map(str, class_names or ()), *map(str, range(len(class_names or ()), count))]
    counts = [[pairs[true, said] for said in range(count)] for true in range(count)]
    trace = {"type": "heatmap", "x": names, "y": names, "z": counts, "texttemplate": "%{z}"}
    return Plot([trace], title or "Confusion matrix", "Predicted", "True")


def _trace(mode: str, x: Iterable[Any], y: Iterable[Any], name: str = "") -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": mode,
        "x": _plain(x),
        "y": _plain(y),
        "name": clean(name),
        "showlegend": bool(name),
    }


def _plain(values: Iterable[Any]) -> list[Any]:
    """As JSON knows them: without NumPy's scalars, NaN and infinities."""
    found = (each.item() if hasattr(each, "item") else each for each in values)
    return [None if isinstance(each, float) and not isfinite(each) else each for each in found]


def _column(table: Table, name: str) -> list[Any]:
    if name not in table.columns:
        raise ValueError(f"there is no column {name!r}; there are {', '.join(map(repr, table.columns)) or 'none'}")
    at = table.columns.index(name)
    return _plain(row[at] for row in table.rows)


_DRAWN: dict[str, Callable[..., Plot]] = {
    each.__name__: each for each in (line, scatter, bar, histogram, line_series, confusion_matrix)
}


class Plots:
    """`plot.line(…)` and its like. What cannot be drawn is told once a name, and nothing is logged of it."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*args: Any, **how: Any) -> Any:
            try:
                if name not in _DRAWN:
                    raise ValueError(f"drawn are {', '.join(_DRAWN)}; log_figure takes one of Plotly or matplotlib")
                return _DRAWN[name](*args, **how)
            except Exception as error:  # noqa: BLE001 - whatever it was given: a training does not end for it
                if name not in self._told:
                    self._told.add(name)
                    tell(f"plot.{name}() drew nothing: {error}")
                return {}  # of which nothing is logged

        return call


plot = Plots()
