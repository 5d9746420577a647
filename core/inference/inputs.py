"""Instances, as a caller has them, to what a network takes; each kind of data is read by what reads it in training."""

import base64
import binascii
import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.common.errors import DataError
from core.data.data_info import CATEGORIES, NUMBERS, Array, DataInfo, Examples, Feature
from core.data.examples import together
from core.data.number_scaling import Numbers, of_inputs
from core.inference.description import Description, Normal
from core.inference.engines import ONLY, check_whole

MOST_PIXELS = 50_000_000  # of a picture's file
# By kind of data: the module that reads it, which is carried along for data of this kind only.
READERS = {
    "image": "core.data.picture_input",
    "text": "core.data.text_input",
    "table": "core.data.row_input",
    "rows": "core.data.row_input",
}


def batch_of(known: Description, instances: Sequence[Any]) -> tuple[Examples, list[tuple[str, ...]]]:
    """Raw examples, and what is to be said of each in sentences.

    Raises:
        DataError: one of them is not what the network takes; the text names it where there are several.
    """
    read: list[tuple[Examples, tuple[str, ...]]] = []
    for place, instance in enumerate(instances):
        try:
            read.append(_read(known, instance))
        except DataError as error:
            raise DataError(f"Instance {place}: {error}" if len(instances) > 1 else str(error)) from error
    return together([x for x, _ in read]), [notes for _, notes in read]


def _read(known: Description, instance: Any) -> tuple[Examples, tuple[str, ...]]:
    """A batch of one."""
    match known.info.kind:
        case "image":
            return _picture(known, instance)
        case "text":
            return _text(known, instance)
        case "table" | "rows":
            return _row(known, instance)
        case "series":
            wanted = "numbers" if known.info.units else "a window of numbers [steps, channels]"
            found = _array(known.info.shape, instance, wanted)
            if known.info.whole is not None:
                check_whole(found, known.info.whole, "The network")
            return found, ()
    return _array(known.info.shape, instance, "a list of token ids").astype(np.int32), ()


def _picture(known: Description, instance: Any) -> tuple[Examples, tuple[str, ...]]:
    data = _bytes(instance)
    if data is None:
        pixels = _array(known.info.shape, instance, "a picture's file as bytes, {'b64': …}, or pixels 0 to 255")
        if pixels.min() < 0 or pixels.max() > 255:
            raise DataError(f"Pixels are numbers from 0 to 255; received {pixels.min():g} to {pixels.max():g}.")
        return np.rint(pixels).astype(np.uint8), ()
    reader = importlib.import_module(READERS["image"])
    found = reader.picture_input(
        data,
        "The picture",
        known.stored,
        known.info.shape,
        max_pixels=MOST_PIXELS,
        white=known.info.white,
        drawn=isinstance(instance, Mapping) and instance.get("drawn") is True,  # by hand, white on black
    )
    return found.pixels[np.newaxis], found.notes


def _bytes(instance: Any, what: str = "picture") -> bytes | None:
    """Of a file; None where it is none. A path is opened only where it is a Path, which no request holds."""
    if isinstance(instance, Path):
        return instance.read_bytes()
    if isinstance(instance, bytes):
        return instance
    if isinstance(instance, Mapping) and isinstance(instance.get("b64"), str):
        try:
            return base64.b64decode(instance["b64"], validate=True)
        except binascii.Error as error:
            raise DataError(f"The {what} is not written in base64. Encode the bytes of its file.") from error
    return None


def _text(known: Description, instance: Any) -> tuple[Examples, tuple[str, ...]]:
    text = instance.get("text") if isinstance(instance, Mapping) else instance
    if text is None and (data := _bytes(instance, "text")) is not None:
        text = data.decode(errors="replace")
    if not isinstance(text, str):
        raise DataError(f"The network takes a text, or {{'text': …}}; received {_told(instance)}.")
    if known.vocabulary is None:
        raise DataError("The vocabulary is not in the folder, and without it no text can be read. Export again.")
    reader = importlib.import_module(READERS["text"])
    found = reader.text_input(text, known.vocabulary, known.info.shape[0])
    return found.ids, found.notes


def _row(known: Description, instance: Any) -> tuple[Examples, tuple[str, ...]]:
    reader = importlib.import_module(READERS["rows"])
    values = instance
    if isinstance(instance, Sequence | np.ndarray) and not isinstance(instance, str):
        names = [each.name for each in reader.row_features(known.info)]
        row, shape = np.asarray(instance, object), known.info.shape
        if row.shape not in [(len(names),), (1, len(names)), (len(names), 1), shape, (1, *shape)]:
            received = row.size if row.ndim == 1 else f"the shape {list(row.shape)}"
            raise DataError(f"A row has {len(names)} values ({', '.join(names[:10])}); received {received}.")
        values = dict(zip(names, row.ravel().tolist(), strict=True))
    if not isinstance(values, Mapping):
        raise DataError(f"The network takes a row, {{feature: value}}; received {_told(instance)}.")
    x, notes = reader.row_input(known.info, {name: _scalar(name, value) for name, value in values.items()})
    notes = (*_missing(reader.row_features(known.info), x), *notes)
    return x, (*notes, *reader.outside(known.info, x, known.ranges))


def _missing(fields: Sequence[Feature], x: Examples) -> tuple[str, ...]:
    """A note where most of a table's row is missing, which no network learned from. Raises DataError: all of it is."""
    if not isinstance(x, dict):
        return ()
    missing = int(np.isnan(x[NUMBERS]).sum()) if NUMBERS in x else 0
    missing += int((x[CATEGORIES] == "").sum()) if CATEGORIES in x else 0
    if missing == len(fields):
        names = ", ".join(field.name for field in fields[:10])
        raise DataError(f"The row is empty: each of its values is missing. Send {{feature: value}} of {names}.")
    if 2 * missing <= len(fields):
        return ()
    return (f"{missing} of {len(fields)} values are missing: the answer rests on the few that are there.",)


def asked_features(info: DataInfo) -> tuple[Feature, ...]:
    """What a row is asked with: a date is one, in place of what it gives; none where features have no names."""
    if info.kind not in ("table", "rows") or not info.features:
        return ()
    fields: tuple[Feature, ...] = importlib.import_module(READERS["rows"]).asked_fields(info, {})[0]
    return fields


def _scalar(name: Any, value: Any) -> float | str | None:
    """Columns are often sent as lists of one value. True is 1 among numbers, and a word among categories."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    while isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if value is None or isinstance(value, str | int | float):
        return value
    raise DataError(f"{name} must be one number, a text, or null where it is missing; received {_told(value)}.")


def _array(shape: tuple[int, ...], instance: Any, wanted: str) -> Array:
    """[1, *shape], numbers. They may be in a batch of one, in one list, or without the one channel of grey pictures.

    Of another shape with as many numbers they might stand in another order, such as channels first.
    """
    try:
        found = np.asarray(instance, np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"The network takes {wanted}; received {_told(instance)}.") from error
    accepted = [shape, (1, *shape), (int(np.prod(shape)),), *([shape[:-1]] if shape[-1:] == (1,) else [])]
    if found.shape not in accepted:
        raise DataError(f"The network takes {wanted} of shape {list(shape)}; received {list(found.shape)}.")
    if odd := found.size - int(np.isfinite(found).sum()):
        raise DataError(f"The network takes {wanted}, all finite; {odd:,} of {found.size:,} are NaN, null or infinite.")
    return found.reshape(1, *shape)


def _told(instance: Any) -> str:
    return f"a value of type {type(instance).__name__}"


def network_inputs(info: DataInfo, numbers: Numbers, x: Examples, normal: Normal | None = None) -> dict[str, Array]:
    """Raw examples as an exported network takes them: by input, scaled, categories by their codes.

    int32 for token ids and codes, float32 for all else. With `normal` a row is one vector of normalised columns.
    """
    scaled = of_inputs(numbers, x)
    if isinstance(scaled, dict) and CATEGORIES in scaled:
        scaled = scaled | {CATEGORIES: coded(info, scaled[CATEGORIES])}
    inputs = scaled if isinstance(scaled, dict) else {ONLY: scaled}
    if normal is not None:
        inputs = {ONLY: _columns(info, inputs, normal)}
    ids = info.kind in ("text", "corpus")
    return {
        name: np.ascontiguousarray(each, np.int32 if ids or each.dtype == np.int32 else np.float32)
        for name, each in inputs.items()
    }


def _columns(info: DataInfo, inputs: Mapping[str, Array], normal: Normal) -> Array:
    """As core.architectures.build.parts has them: numbers, which of them are missing, categories one-hot."""
    values = (inputs[NUMBERS if NUMBERS in inputs else ONLY] - np.array(normal.mean)) / np.array(normal.deviation)
    if info.kind != "table":
        return np.asarray(values)
    missing = np.isnan(values)
    parts = [np.where(missing, 0.0, values), missing]
    for column, feature in enumerate(info.categories):
        parts.append(np.eye(len(feature.categories) + 1)[inputs[CATEGORIES][:, column]])
    return np.concatenate(parts, axis=1)


def coded(info: DataInfo, categories: Array) -> Array:
    """int32: the place of each category among those of its feature, from 1 on; 0 for missing and unknown ones."""
    codes = np.zeros(categories.shape, np.int32)
    for column, feature in enumerate(info.categories):
        places = {name: place for place, name in enumerate(feature.categories, start=1)}
        codes[:, column] = [places.get(name, 0) for name in categories[:, column]]
    return codes
