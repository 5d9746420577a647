"""What manifest.json of an exported folder says, read without any library."""

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from core.common.errors import TraindeckError
from core.data.data_info import DataInfo
from core.data.number_scaling import Numbers, restored
from core.data.vocabulary import Vocabulary

MANIFEST, VOCABULARY, EXAMPLES = "manifest.json", "vocabulary.json", "example.json"
LAYOUT: Literal[1] = 1  # version of the manifest

Made = TypeVar("Made")


class BundleError(TraindeckError):
    """A folder that holds no exported network which this code can read."""


@dataclass(frozen=True)
class Normal:
    """By how much rows are normalised before a network in whole numbers, whose columns share one range."""

    mean: Any  # as the layer has it: [[…]]
    deviation: Any


@dataclass(frozen=True)
class Description:
    """Of an exported network: what it takes, what its answers mean, and in which file it is."""

    model: str
    version: int
    info: DataInfo
    stored: tuple[int, ...]  # height, width and channels of the data set's pictures, before the run resized them
    numbers: Numbers
    threshold: float | None  # of two classes: from which probability on it is the second one; None for 0.5
    levels: tuple[float, ...]  # of labels
    ranges: Mapping[str, tuple[float, float]]  # least and greatest number of a feature that was learned from
    format: str
    file: str
    batch: int | None  # how many examples it takes at a time; None for any number
    vocabulary: Vocabulary | None = None
    normal: Normal | None = None  # None where the network normalises by itself


def read(folder: Path) -> Description:
    """Raises BundleError."""
    path = folder / MANIFEST
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["layout"] != LAYOUT:
            raise BundleError(
                f"{path} is written in layout {raw['layout']}; this code reads {LAYOUT}. Export the model again."
            )
        network = raw["network"]
        words = folder / VOCABULARY
        return Description(
            model=raw["model"],
            version=raw["version"],
            info=made(DataInfo, raw["info"]),
            stored=tuple(raw["stored_shape"]),
            numbers=restored(raw["numbers"]) if raw["numbers"] else Numbers(),
            threshold=raw["threshold"],
            levels=tuple(raw["levels"]),
            ranges={name: (low, high) for name, (low, high) in raw["ranges"].items()},
            format=network["format"],
            file=network["file"],
            batch=network["batch"],
            vocabulary=Vocabulary.load(words) if words.is_file() else None,
            normal=Normal(**network["normal"]) if network.get("normal") else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BundleError(
            f"{path} cannot be read ({type(error).__name__}: {error}). Give the folder of an export, whole."
        ) from error


def made(kind: type[Made], raw: Mapping[str, Any]) -> Made:
    """A dataclass of its JSON data: lists are tuples, what it has no field for is left out."""
    hints = typing.get_type_hints(kind)
    known = {field.name: hints[field.name] for field in fields(kind) if field.name in raw}  # type: ignore[arg-type]
    return kind(**{name: _value(hint, raw[name]) for name, hint in known.items()})


def _value(hint: Any, value: Any) -> Any:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        hint = next((each for each in typing.get_args(hint) if is_dataclass(each)), Any)
    if isinstance(value, list):
        inner = (typing.get_args(hint) or (Any,))[0]
        return tuple(_value(inner, each) for each in value)
    return made(hint, value) if isinstance(hint, type) and is_dataclass(hint) and isinstance(value, dict) else value
