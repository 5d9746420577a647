"""Where the network is worst: groups of test examples with more errors than the others."""

from typing import Any

import pandas as pd
import streamlit as st

from core.evaluation.report import Report
from core.evaluation.slices import Slices, class_names, has_slices, told
from core.runs.records import RunRecord
from pages.shared.data import Stamp, worst_groups
from pages.shared.format import literal


def show(run: RunRecord, report: Report, version: Stamp) -> None:
    if not has_slices(report):
        return
    found = worst_groups(run.id, version, class_names(report))
    if found is None or not found.looked:
        return
    st.subheader("Where it is worst", anchor=False)
    if found.rows:
        _table(found)
    st.caption(literal(told(found)))


def _table(found: Slices) -> None:
    rows = found.rows
    frame = pd.DataFrame(
        {
            "Group": [each.what for each in rows],
            "Examples": [each.examples for each in rows],
            "Wrong": [each.wrong for each in rows],
            "Share": [100 * each.share for each in rows],
            "95 % interval": [f"{100 * each.low:.1f} to {100 * each.high:.1f} %" for each in rows],
            "Elsewhere": [100 * each.elsewhere for each in rows],
            "p": [each.p for each in rows],
        }
    )
    percent = st.column_config.NumberColumn
    columns: dict[str, Any] = {
        "Group": st.column_config.TextColumn(width=260),
        "Share": percent(format="%.1f %%", help="Of its examples, those that are wrong"),
        "95 % interval": st.column_config.TextColumn(help="Wilson's, of that share"),
        "Elsewhere": percent(
            format="%.1f %%",
            help="The same among all other examples; of a class taken for another, what it would be if errors knew no "
            "class",
        ),
        "p": percent(format="%.2g", help="How often chance alone gives as much, corrected for all groups (Holm)"),
    }
    st.dataframe(
        frame, hide_index=True, key="run_worst", alt="Groups with the most errors", height="content",
        column_config=columns,
    )  # fmt: skip
