"""The runs' test results with those of the baselines among them, as the Run page names them."""

import math
import statistics
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core.charts import colours_apart
from core.common.digits import plus_minus_aligned
from core.comparison import Beside, Group, Summaries, beside_baselines, singles
from core.evaluation.baseline_scores import TITLES
from core.runs.records import RunRecord
from pages.parts.runs.table import swatch
from pages.shared.format import literal
from pages.shared.run_table import number_column, opens_rows, text_column

_NAME = 420  # pixels


def draw_baselines(runs: Sequence[RunRecord], groups: Sequence[Group] | None, summaries: Summaries) -> None:
    """A table for each data set; nothing where no run has baselines."""
    subjects = singles(runs) if groups is None else groups
    found = beside_baselines(subjects, summaries)
    if not found:
        return
    st.subheader("Beside baselines", anchor=False)
    colours = colours_apart(group.id for group in subjects)
    for place, each in enumerate(found):
        _show(each, colours, f"compare_baselines_{place}", named=len(found) > 1, opens=groups is None)
    spread = "" if groups is None else " ± is the standard deviation over the n seeds or folds that have a value."
    st.caption(
        "On the test set, the best first. Baselines are plain models, fitted on the training part and judged by "
        f"the same figures.{spread}"
    )


def _show(beside: Beside, colours: Mapping[int, str], key: str, *, named: bool, opens: bool) -> None:
    if named:
        st.markdown(f"**{literal(beside.data)}**")
    frame = pd.DataFrame(
        {
            "colour": [swatch(colours[row.run_id]) if row.run_id else "" for row in beside.rows],
            "name": [row.name if row.run_id else f"baseline: {row.name}" for row in beside.rows],
        }
    )
    config = {
        "colour": st.column_config.ImageColumn("", width=28, pinned=True),
        "name": text_column("Network or baseline", frame["name"], most=_NAME, pinned=True),
    }
    for metric in beside.metrics:
        title, values = TITLES[metric], [row.values.get(metric, ()) for row in beside.rows]
        if any(len(each) > 1 for each in values):
            frame[metric] = _mean_texts(values)
            config[metric] = text_column(title, frame[metric])
        else:
            frame[metric] = pd.Series([each[0] if each else None for each in values], dtype=float)
            config[metric] = number_column(title, frame[metric].tolist())
    frame["stands"] = [row.told for row in beside.rows]
    config["stands"] = text_column("Beside the best baseline", frame["stands"])
    ids = [row.run_id or 0 for row in beside.rows] if opens else []
    st.dataframe(
        frame,
        key=key,
        hide_index=True,
        column_config=config,
        height="content",
        placeholder="",
        alt="Test results of the compared runs and of baselines",
        on_select=opens_rows(ids, key),
        selection_mode="single-cell",
    )


def _mean_texts(values: Sequence[Sequence[float]]) -> list[str]:
    means = [statistics.fmean(each) if each else math.nan for each in values]
    deviations = [statistics.stdev(each) if len(each) > 1 else math.nan for each in values]
    told = plus_minus_aligned(means, deviations)
    return [f"{text} (n={len(each)})" if len(each) > 1 else text for text, each in zip(told, values, strict=True)]
