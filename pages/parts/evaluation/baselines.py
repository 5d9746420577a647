"""Baselines beside the network: how it stands to them, and what each reached."""

import pandas as pd
import streamlit as st

from core.evaluation.baseline_scores import TITLES, verdict
from core.evaluation.report import Report
from pages.shared.format import literal, number


def show(report: Report) -> None:
    """The verdict, and a table below it for those who want to know; of forecasts that is drawn by steps ahead."""
    found = verdict(report.metrics(), report.baselines, report.examples)
    if found is None:
        return
    told = literal(found.text)
    if found.standing == "above":
        st.success(told, icon=":material/trending_up:")
    elif found.standing == "level":
        st.info(told, icon=":material/trending_flat:")
    else:
        st.warning(told, icon=":material/trending_down:")
    if report.forecast is None:
        with st.expander("Baselines", key="run_baselines_details"):
            _table(report)


def _table(report: Report) -> None:
    rows = {"This network": report.metrics()} | {each.name: each.metrics for each in report.baselines}
    known = [name for name in TITLES if any(name in each.metrics for each in report.baselines)]
    if report.loss_note:  # the network's loss is another than theirs
        known = [name for name in known if name != "test_loss"]
    frame = pd.DataFrame(
        [[model, *(number(values.get(name)) for name in known)] for model, values in rows.items()],
        columns=["Model", *(TITLES[name] for name in known)],
    )
    st.dataframe(frame, hide_index=True, key="run_baselines", alt="Baselines beside the network", width="content")
    last = report.baselines[-1]  # the others are counts, of all examples
    st.caption(
        literal(f"{last.name.capitalize()}: {last.told} All are judged on the same test set by the same figures.")
    )
