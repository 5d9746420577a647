"""How data sets are spoken of."""

from core.data.base import DataInfo
from pages.shared.format import plural

KINDS = {  # by DataInfo.kind
    "image": "Images",
    "rows": "Rows of numbers",
    "table": "Table",
    "text": "Labelled texts",
    "corpus": "Running text",
}
TASKS = {
    "binary": "Binary classification",
    "multiclass": "Classification",
    "multilabel": "Several labels",
    "regression": "Regression",
    "generation": "Generation",
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
    if info.task == "regression":
        return info.target or "a number"
    if info.task == "multilabel":
        return f"{info.target}: {plural(info.classes, 'label')}" if info.target else plural(info.classes, "label")
    classes = plural(info.classes, "class") if info.classes == 1 else f"{info.classes:,} classes"
    return f"{info.target}: {classes}" if info.target else classes


def training_examples(info: DataInfo) -> int | None:
    """None for a running text: a run cuts it into as many windows as it likes."""
    return None if info.kind == "corpus" else info.train_examples


def shape(info: DataInfo) -> str:
    """Of one example, as published; "" where that says nothing."""
    if info.kind == "image":
        height, width, channels = info.shape
        return f"{height} x {width} pixels, {_COLOURS.get(channels) or plural(channels, 'channel')}"
    if info.kind == "table":
        return f"{plural(len(info.numbers), 'number')}, {len(info.categories):,} categorical"
    return plural(info.shape[0], "feature") if info.kind == "rows" else ""
