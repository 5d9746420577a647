"""What the command line says of data sets, and is told of them."""

from core.common.errors import DataError
from core.common.text import quoted
from core.data.library import Manifest
from core.data.series_times import told


def predicts(manifest: Manifest, asked: str) -> str:
    """The task of a set, and how to have the other one where the classes are numbers."""
    info = manifest.info
    if info.series is not None:
        return f"Forecasts {info.target}: {len(info.series.ids):,} series, {told(info.series.frequency)}."
    if info.task == "multilabel":
        return f"Predicts {info.target or 'a label of each column'}: several of {info.classes:,} labels."
    if not info.is_classification:
        return f"Predicts {info.target}: regression."
    numbers = all(name.lstrip("-").replace(".", "", 1).isdecimal() for name in info.class_names)
    other = "; --task regression makes it a number" if numbers and asked == "auto" else ""
    return f"Predicts {info.target}: classification, {info.classes:,} classes{other}."


def picture_size(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    height, _, width = text.lower().partition("x")
    if not height.isdecimal() or not (width or height).isdecimal():
        raise DataError(f"--size takes HEIGHTxWIDTH in pixels, such as 64x64; received {quoted(text)}.")
    return int(height), int(width or height)
