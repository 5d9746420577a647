"""The table of runs: records to a frame, and how each column of it is drawn."""

import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import pandas as pd
import streamlit as st

from core.charts import run_colour
from core.common.digits import as_read
from core.runs.data_names import data_set
from core.runs.records import RunRecord, Summary
from pages.parts.runs.columns import CURVES, METRIC, PARAM, title
from pages.parts.runs.folded import Folds, cell
from pages.shared import format as text
from pages.shared.run_table import name_text, number_column, state_column

_LONGEST = 80  # characters of a note in a cell

Params = Mapping[int, Mapping[str, str]]
Summaries = Mapping[int, Mapping[str, Summary]]


def swatch(colour: str) -> str:
    """A small round image as a data URL."""
    circle = f'<circle cx="8" cy="8" r="5" fill="{colour}"/>'
    return "data:image/svg+xml;utf8," + quote(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">{circle}</svg>'
    )


def frame(
    runs: Sequence[RunRecord],
    shown: Sequence[str],
    params: Params,
    summaries: Summaries,
    folds: Folds,
) -> pd.DataFrame:
    """One row a run, or a cross-validation where `folds` has its runs; one column per id in `shown`."""

    def told(run: RunRecord, column: str) -> Any:
        of_all, value = cell(folds[run.id], column, params, summaries) if run.id in folds else (False, None)
        return value if of_all else _cell(run, column, params.get(run.id, {}), summaries.get(run.id, {}))

    columns: dict[str, list[Any]] = {"colour": [swatch(run_colour(run.id)) for run in runs]}
    for column in shown:
        columns[column] = [told(run, column) for run in runs]
        if column.startswith(METRIC) and any(isinstance(value, str) for value in columns[column]):
            columns[column] = [
                value if isinstance(value, str) else "" if math.isnan(value) else text.number(value)
                for value in columns[column]
            ]
    made = pd.DataFrame(columns, index=[run.id for run in runs])
    for column in (name for name in shown if name.endswith("_at")):
        made[column] = pd.to_datetime(made[column].astype(float), unit="s", utc=True)
    return made


def _cell(run: RunRecord, column: str, params: Mapping[str, str], summaries: Mapping[str, Summary]) -> Any:
    if column.startswith(PARAM):
        return as_read(params.get(column.removeprefix(PARAM), ""))
    if column.startswith(METRIC):
        name, _, kind = column.removeprefix(METRIC).rpartition(".")
        return float(getattr(summaries[name], kind)) if name in summaries else math.nan
    match column:
        case "id":
            return f"#{run.id}"
        case "state":
            return [run.state.value]
        case "name":
            return name_text(run.name)
        case "notes":
            return " ".join(run.notes.split())[:_LONGEST]
        case "curve":
            curve = next((summaries[name].curve for name in CURVES if name in summaries), ())
            return [value for value in curve if math.isfinite(value)]
        case "duration":
            return text.duration(run.trained_seconds) if run.trained_seconds else ""
        case "dataset":
            return data_set(run)
        case "tags":
            return list(run.tags)
        case _:
            return getattr(run, column)


def column_config(drawn: pd.DataFrame, sort: str, descending: bool) -> dict[str, Any]:
    """How the columns of the frame are drawn; the one that is sorted by carries an arrow."""
    config: dict[str, Any] = {"colour": st.column_config.ImageColumn("", width=28, pinned=True)}
    for column in drawn.columns.drop("colour"):
        arrow = (" ↓" if descending else " ↑") if column == sort else ""
        config[column] = _config(column, title(column) + arrow, drawn[column])
    return config


def _config(column: str, label: str, values: pd.Series) -> Any:
    if column.startswith(METRIC) and not pd.api.types.is_numeric_dtype(values):
        told = f"{title(column)}; of a cross-validation the mean over its folds and their standard deviation"
        return st.column_config.TextColumn(label, alignment="right", help=told)
    if column.startswith(METRIC):
        return number_column(label, values.tolist(), help=title(column))
    if column.startswith(PARAM):
        return st.column_config.TextColumn(label, help=column.removeprefix(PARAM), alignment="right")
    if column.endswith("_at"):
        zone = st.context.timezone or None
        return st.column_config.DatetimeColumn(label, format="YYYY-MM-DD HH:mm", timezone=zone, width=140)
    match column:
        case "state":
            return state_column(label)
        case "curve":
            return st.column_config.LineChartColumn(
                label, width=110, help="val_loss over the training, or loss without validation; each to its own scale"
            )
        case "progress":
            return st.column_config.ProgressColumn(label, format="percent", min_value=0, max_value=1)
        case "tags":
            return st.column_config.MultiselectColumn(label, color="primary")
        case "duration":
            return st.column_config.TextColumn(label, alignment="right")
        case _:
            return st.column_config.TextColumn(label)
