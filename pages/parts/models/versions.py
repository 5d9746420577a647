"""The table of a model's versions; a click shows one below it."""

import pandas as pd
import streamlit as st

from core.models import CHALLENGER, CHAMPION, ModelRecord, VersionRecord, origin
from core.models.scores import main_score
from core.runs.data_names import named_data
from pages.parts.models.opening import name_column, opens_rows
from pages.parts.models.table import SIZE_HELP, moment, score_text, verdict_text
from pages.shared.format import size
from pages.shared.run_table import number_column

_OPEN, _KEY = "models_version", "models_versions"
ALIAS_COLOURS = {CHAMPION: "green", CHALLENGER: "blue"}
STAGE_LOOKS = {  # colour and icon
    "none": ("gray", ":material/remove:"),
    "staging": ("orange", ":material/construction:"),
    "production": ("green", ":material/rocket_launch:"),
    "archived": ("gray", ":material/inventory_2:"),
}


def versions_table(model: ModelRecord, shown: VersionRecord) -> None:
    """The newest first; the one that is shown below has a mark."""
    found = model.versions
    places = [{"model": model.name, "version": str(version.number)} for version in found]
    scores = [main_score(version) for version in found]
    metrics = {score.metric for score in scores if score}
    heading = next((capital(score.name) for score in scores if score), "Score")
    same = len(metrics) == 1
    values = [score.value if score else None for score in scores]
    aliases = list(model.aliases)
    frame = pd.DataFrame(
        {
            "Version": [f"{'▸ ' if version.id == shown.id else ''}{version.number}" for version in found],
            "Aliases": [list(version.aliases) for version in found],
            "Stage": [[] if version.stage == "none" else [version.stage.value] for version in found],
            heading: values if same else [score_text(version) for version in found],
            "Beside baselines": [verdict_text(version) for version in found],
            "Made of": [origin.label(version) for version in found],
            "Data set": [named_data(version.config) or None for version in found],
            "Size": [size(version.network_size) for version in found],
            "Registered": [moment(version.created_at) for version in found],
            "By": [version.created_by for version in found],
            "Note": [version.note or None for version in found],
        }
    )
    empty = [name for name in ("Stage", "Note", "Beside baselines") if not any(frame[name])]
    st.dataframe(
        frame.drop(columns=empty),
        hide_index=True,
        height="content",
        placeholder="",
        key=_KEY,
        alt=f"Versions of {model.name}",
        selection_mode="single-cell",
        on_select=opens_rows(_KEY, places),
        column_config={
            "Version": name_column(_OPEN, places, width=80),
            "Aliases": st.column_config.MultiselectColumn(
                options=aliases, color=[ALIAS_COLOURS.get(alias, "violet") for alias in aliases], width=150
            ),
            "Stage": st.column_config.MultiselectColumn(
                options=list(STAGE_LOOKS), color=[colour for colour, _ in STAGE_LOOKS.values()], width=110
            ),
            heading: number_column(heading, values, width=90) if same else st.column_config.TextColumn(width=150),
            "Beside baselines": st.column_config.TextColumn(width=318),
            "Made of": st.column_config.TextColumn(width=230),
            "Size": st.column_config.TextColumn(help=SIZE_HELP, width=90),
            "Registered": st.column_config.DatetimeColumn(format="distance", width=130),
            "By": st.column_config.TextColumn(width=80),
        },
    )


def capital(name: str) -> str:
    """With a capital, and the others as they are: ROC AUC."""
    return f"{name[:1].upper()}{name[1:]}"
