"""How data sets are spoken of."""

from core.data.base import DataInfo
from core.data.series_times import told
from pages.shared.format import plural

KINDS = {  # by DataInfo.kind
    "image": "Images",
    "rows": "Rows of numbers",
    "table": "Table",
    "text": "Labelled texts",
    "corpus": "Running text",
    "series": "Time series",
}
TASKS = {
    "binary": "Binary classification",
    "multiclass": "Classification",
    "multilabel": "Several labels",
    "regression": "Regression",
    "generation": "Generation",
    "forecast": "Forecast",
}
_COLOURS = {1: "grey", 3: "colour"}  # by channels


def kind(info: DataInfo) -> str:
    return KINDS[info.kind]


def task(info: DataInfo) -> str:
    return TASKS[info.task]


def predicted(info: DataInfo) -> str:
    """What a network learns to predict."""
    if info.task == "generation":
        return "the next token"
    if info.series is not None:
        return f"{info.target}, {told(info.series.frequency)}"
    if info.task == "regression":
        return info.target or "a number"
    if info.task == "multilabel":
        return f"{info.target}: {plural(info.classes, 'label')}" if info.target else plural(info.classes, "label")
    classes = plural(info.classes, "class") if info.classes == 1 else f"{info.classes:,} classes"
    return f"{info.target}: {classes}" if info.target else classes


def training_examples(info: DataInfo) -> int | None:
    """None for a running text and series: a run cuts them into as many windows as it likes."""
    return None if info.kind in ("corpus", "series") else info.train_examples


def shape(info: DataInfo) -> str:
    """Of one example, as published; "" where that says nothing."""
    if info.kind == "image":
        height, width, channels = info.shape
        return f"{height} x {width} pixels, {_COLOURS.get(channels) or plural(channels, 'channel')}"
    if info.series is not None:
        times = f"{sum(end - first for first, end in info.series.spans):,} times"
        count = len(info.series.ids)
        return times if count == 1 else f"{count:,} series, {times}"
    if info.kind == "table":
        return f"{plural(len(info.numbers), 'number')}, {len(info.categories):,} categorical"
    return plural(info.shape[0], "feature") if info.kind == "rows" else ""
