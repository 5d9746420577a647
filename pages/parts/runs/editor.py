"""Names, tags and notes, edited in the table and saved cell by cell."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core import runs
from core.runs.records import RunRecord
from pages.parts.runs.actions import attempt
from pages.shared.data import context

EDITOR = "runs_editor"


def editor(records: Sequence[RunRecord]) -> None:
    """The runs with what people write about them; a change is saved as soon as its cell is left."""
    frame = pd.DataFrame(
        {
            "id": [f"#{run.id}" for run in records],
            "name": [run.name for run in records],
            "tags": [list(run.tags) for run in records],
            "notes": [run.notes for run in records],
            "experiment": [run.experiment for run in records],
        },
        index=[run.id for run in records],
    )
    tags = sorted({*runs.all_tags(context())})
    st.data_editor(
        frame,
        key=EDITOR,
        hide_index=True,
        num_rows="fixed",
        disabled=["id", "experiment"],
        on_change=partial(_changed, list(records)),
        column_config={
            "id": st.column_config.TextColumn("Run", width=70, pinned=True),
            "name": st.column_config.TextColumn("Name", required=True, max_chars=runs.MAX_NAME, width=300),
            "tags": st.column_config.MultiselectColumn("Tags", options=tags, accept_new_options=True, width=260),
            "notes": st.column_config.TextColumn("Notes", width=420),
            "experiment": st.column_config.TextColumn("Experiment"),
        },
        alt="Names, tags and notes of the runs",
    )


def _changed(records: list[RunRecord]) -> None:
    save(records, st.session_state[EDITOR]["edited_rows"])


def save(records: Sequence[RunRecord], edits: Mapping[int, Mapping[str, Any]]) -> None:
    """Store what differs from the records; `edits` are new values by row, then by column."""
    for row, changes in edits.items():
        run = records[int(row)]
        texts = {name: changes[name] or "" for name in ("name", "notes") if name in changes}
        tags = list(changes["tags"] or []) if "tags" in changes else None
        if any(texts[name] != getattr(run, name) for name in texts) or (tags is not None and tuple(tags) != run.tags):
            attempt(partial(runs.annotate, context(), run.id, tags=tags, **texts))
