"""Try it: the labels that the network gives, each by its threshold."""

import streamlit as st

from core import charts
from core.charts.probabilities import probabilities
from core.common.text import percentage
from core.evaluation.label_report import HALF
from core.jobs.prediction import Prediction
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.parts.run.blocks import seen
from pages.shared.format import literal, plural


def labels(run: RunRecord, answer: Prediction) -> None:
    given = [share for share in answer.classes if share.chosen]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if answer.seen:
            seen(answer.seen)
        with st.container():
            st.caption(f"{plural(len(given), 'label')} of {len(answer.classes):,}")
            badges = [f":blue-badge[{literal(share.name)}]" for share in given]
            st.markdown(" ".join(badges) or "No label is probable enough.")
    shares = [(share.name, share.probability) for share in answer.classes]
    alt = ", ".join(f"{name} {percentage(value, 1)}" for name, value in shares[:3])
    levels = [share.threshold or HALF for share in answer.classes]
    figure = probabilities(shares, charts.run_colour(run.id), len(given), levels)
    chart(figure, key=f"run_try_chart_{run.id}", alt=f"Probabilities: {alt}")
    st.caption("Lines are the thresholds, above which a label is given.")
