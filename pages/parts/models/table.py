"""The table of all models; a click opens one."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.models import CHAMPION, ModelRecord, VersionRecord
from core.models.scores import beside_baselines, main_score
from core.serving.drift import drifting
from pages.parts.models.opening import name_column, opens_rows
from pages.shared.data import context
from pages.shared.format import number, plural, size
from pages.shared.widgets import reader_zone

_OPEN, _KEY = "models_open", "models_table"
SIZE_HELP = "Of the network; the file of a checkpoint holds the state of its optimizer, too"


def table(found: Sequence[ModelRecord]) -> None:
    alarms = drifting(context())
    leading = [model.leading for model in found]
    frame = pd.DataFrame(
        {
            "Model": [model.name for model in found],
            "Champion": [_champion(model) for model in found],
            "Score": [score_text(version) for version in leading],
            "Beside baselines": [verdict_text(version) for version in leading],
            "Drift": [plural(alarms[model.name], "alarm") if model.name in alarms else None for model in found],
            "Versions": [len(model.versions) for model in found],
            "Size": [size(version.network_size if version else None) for version in leading],
            "Newest": [moment(model.versions[0].created_at) if model.versions else None for model in found],
            "For": [model.description or None for model in found],
        }
    )
    places = [{"model": model.name} for model in found]
    if not any(model.description for model in found):
        frame = frame.drop(columns="For")
    if not alarms:
        frame = frame.drop(columns="Drift")
    st.dataframe(
        frame,
        hide_index=True,
        height="content",
        placeholder="",
        key=_KEY,
        alt="All models",
        selection_mode="single-cell",
        on_select=opens_rows(_KEY, places),
        column_config={
            "Model": name_column(_OPEN, places, width=155 if alarms else 235),
            "Champion": st.column_config.TextColumn(
                help="The version that the alias champion points at; score and size are its own, or the newest one's",
                width=85,
            ),
            "Score": st.column_config.TextColumn(help="On the test set of its run", width=130),
            "Beside baselines": st.column_config.TextColumn(
                help="A plain model, judged on the same test set", width=318
            ),
            "Drift": st.column_config.TextColumn(
                help="What is asked or answered is no longer as in training, and nobody has acknowledged it", width=80
            ),
            "Versions": st.column_config.NumberColumn(width=75),
            "Size": st.column_config.TextColumn(help=SIZE_HELP, width=72),
            "Newest": st.column_config.DatetimeColumn(format="distance", width=120),
            "For": st.column_config.TextColumn(width="medium"),
        },
    )


def score_text(version: VersionRecord | None) -> str | None:
    """ "accuracy 0.9722"."""
    score = main_score(version) if version else None
    return f"{score.name} {number(score.value)}" if score else None


def verdict_text(version: VersionRecord | None) -> str | None:
    found = beside_baselines(version) if version else None
    return found.short if found else None


def moment(seconds: float) -> pd.Timestamp:
    return pd.Timestamp(seconds, unit="s", tz="UTC").tz_convert(reader_zone())


def _champion(model: ModelRecord) -> str | None:
    version = model.aliases.get(CHAMPION)
    return f"version {version.number}" if version else None
