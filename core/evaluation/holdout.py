"""An example of a run's test set, to try its network on: from the files that the evaluation left with the run."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.common.errors import TraindeckError
from core.common.settings import Settings
from core.common.text import quantity
from core.data.base import DataInfo
from core.data.examples import row_features
from core.data.network_numbers import short
from core.data.pictures import png_of
from core.evaluation.predictions import FEATURE, unique
from core.evaluation.report_files import SAMPLES, present, read_predictions
from core.evaluation.samples import load_whole
from core.jobs.prediction import Input, Picture, Prompt, Row, Text

_PROMPT = 60  # characters of a window that begin a generated text


@dataclass(frozen=True)
class HoldoutExample:
    """One of these holds what the network takes."""

    position: int  # in the test set
    label: str = ""  # its true class or number
    png: str = ""
    text: str = ""
    values: dict[str, float | str | None] = field(default_factory=dict)


def holdout_example(
    settings: Settings, run_id: int, info: DataInfo, seed: int, position: int | None = None
) -> HoldoutExample | None:
    """One at random by this seed, or that of a position; None where the run left no such files, or broken ones.

    Of pictures, not all are kept.
    """
    try:
        found = _picture if info.is_image else _row
        return found(settings, run_id, info, seed, position)
    except (TraindeckError, OSError, ValueError, KeyError, EOFError, IndexError):
        return None  # an example is a convenience: the Evaluation tab says what is wrong with the file


def question(info: DataInfo, example: HoldoutExample) -> Input:
    """What a network is asked about it; of what is generated, how it goes on."""
    if info.is_image:
        return Picture(content=example.png, is_ready=True)
    if info.kind == "corpus":
        return Prompt(text=example.text)
    return Text(text=example.text) if info.kind == "text" else Row(values=example.values)


def _picture(settings: Settings, run_id: int, info: DataInfo, seed: int, at: int | None) -> HoldoutExample:
    positions, pictures = load_whole(present(settings, run_id, SAMPLES))
    place = int(np.random.default_rng(seed).integers(len(positions))) if at is None else positions.tolist().index(at)
    position = int(positions[place])
    labels = read_predictions(settings, run_id, ["index", "label"])
    label = labels.loc[labels["index"] == position, "label"].iloc[0]
    return HoldoutExample(position, _label(info, label), png=png_of(pictures[place]))


def _row(settings: Settings, run_id: int, info: DataInfo, seed: int, at: int | None) -> HoldoutExample | None:
    stored = read_predictions(settings, run_id)
    position = int(np.random.default_rng(seed).integers(len(stored))) if at is None else at
    row = stored.iloc[position].to_dict()
    label = _label(info, row["label"]) if "label" in row else ""
    if info.kind == "corpus":
        return HoldoutExample(position, text=str(row["text"])[:_PROMPT])
    if info.kind == "text":
        return HoldoutExample(position, label, text=str(row["text"]))
    values = _values(info, row)
    return (
        HoldoutExample(position, label, values=values) if any(value is not None for value in values.values()) else None
    )


def _values(info: DataInfo, row: dict[Any, Any]) -> dict[str, float | str | None]:
    """By feature. The columns of a table are numbered where two features of a kind have one name."""
    fields = row_features(info)
    if info.kind == "rows":
        return {each.name: _value(row.get(f"{FEATURE}{number}")) for number, each in enumerate(fields, start=1)}
    found: dict[str, float | str | None] = {}
    for group in (info.numbers, info.categories):
        for each, name in zip(group, unique([each.name for each in group]), strict=True):
            found[each.name] = _value(row.get(f"{FEATURE}{name}"))
    return found


def _value(stored: Any) -> float | str | None:
    """None where it is missing."""
    if isinstance(stored, float | int | np.number):
        return None if math.isnan(stored) else short(float(stored))
    return str(stored) if stored else None


def _label(info: DataInfo, stored: float | str) -> str:
    if isinstance(stored, str):  # several, as they are read
        return stored
    return info.class_names[int(stored)] if info.is_classification else quantity(short(float(stored)), 15)
