"""The gate of the champion: its rules, to be set; what it says of a version, and its approval all the same."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import models
from core.common.errors import TraindeckError
from core.models import CHAMPION, Finding, Gate, ModelRecord, VersionRecord
from core.models.scores import figures, metric_name
from core.tracking.goals import goal_of
from pages.parts.models import head
from pages.shared.data import context
from pages.shared.format import literal

_KEY = "models_gate"
_KIB = 2**10
_TIMES = {
    ("p95", 1): "p95, 1 example",
    ("p50", 1): "p50 (median), 1 example",
    ("p95", 32): "p95, 32 examples",
    ("p50", 32): "p50 (median), 32 examples",
}


def draw_gate(model: ModelRecord) -> None:
    """The button, with what is asked of a champion."""
    try:
        found = models.gate(model, CHAMPION) or Gate()
    except TraindeckError as error:
        st.error(literal(str(error)))
        found = Gate()
    with head.popover(
        "Gate" if not found.rules else f"Gate: {len(found.rules)}",
        icon=":material/verified_user:",
        key=_KEY,
        help=f"A champion needs {', '.join(found.rules)}" if found.rules else "What a version needs to be champion",
    ):
        known = list(dict.fromkeys(name for version in model.versions for name in figures(version)))
        with st.form(f"{_KEY}_form_{model.id}", border=False):
            st.markdown("To become champion, a version needs")
            metrics = ["", *known]
            st.selectbox(
                "A figure", metrics, index=metrics.index(found.metric) if found.metric in metrics else 0,
                format_func=_metric, key=f"{_KEY}_metric_{model.id}",
            )  # fmt: skip
            st.number_input("Its bound", value=found.bound, step=0.01, format="%.4f", key=f"{_KEY}_bound_{model.id}")
            st.checkbox(
                "Not to be surely worse than the champion", found.not_worse, key=f"{_KEY}_worse_{model.id}",
                help="By McNemar's exact test on the same test examples; of tasks without classes by the main figure",
            )  # fmt: skip
            st.number_input(
                "At most so many KiB (0 for any)", 0.0, value=(found.max_bytes or 0) / _KIB, step=100.0, format="%.4f",
                key=f"{_KEY}_size_{model.id}", help="Of the network, without the state of its optimizer",
            )  # fmt: skip
            _export_rules(model, found)
            st.form_submit_button("Save", type="primary", on_click=_set, args=(model,))


def _export_rules(model: ModelRecord, found: Gate) -> None:
    st.markdown("Of the export that answers when it is served, as measured on one thread:")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            "At most so many ms (0 for any)", 0.0, value=found.max_ms or 0.0, step=0.1, format="%.3f",
            key=f"{_KEY}_ms_{model.id}", width=170,
        )  # fmt: skip
        st.selectbox(
            "Of its times", list(_TIMES), index=list(_TIMES).index((found.percentile, found.batch)),
            format_func=_TIMES.__getitem__, key=f"{_KEY}_time_{model.id}", width=210,
        )  # fmt: skip
    st.number_input(
        "At most so many KiB of its network (0 for any)", 0.0, value=(found.max_export_bytes or 0) / _KIB, step=100.0,
        format="%.4f", key=f"{_KEY}_export_{model.id}",
    )  # fmt: skip


def _metric(name: str) -> str:
    if not name:
        return "none in particular"
    return f"{metric_name(name)}, {'at least' if goal_of(name) == 'max' else 'at most'}"


def _set(model: ModelRecord) -> None:
    def value(name: str) -> Any:
        return st.session_state[f"{_KEY}_{name}_{model.id}"]

    def size(name: str) -> int | None:
        return round(float(value(name)) * _KIB) or None

    percentile, batch = value("time") if value("ms") else ("p95", 1)
    new = Gate(
        metric=str(value("metric")),
        bound=float(str(value("bound"))) if value("metric") else 0.0,
        not_worse=bool(value("worse")),
        max_bytes=size("size"),
        max_ms=float(value("ms")) or None,
        percentile=percentile,
        batch=batch,
        max_export_bytes=size("export"),
    )
    needs = ", ".join(new.rules)
    done = f"A champion needs {needs}." if needs else "Any version may become champion."
    head.act(lambda: models.set_gate(context(), model.name, CHAMPION, new), done)


def champion_findings(model: ModelRecord, version: VersionRecord) -> list[Finding]:
    """What the gate says of a version that is not the champion; none where there is no gate."""
    if CHAMPION in version.aliases:
        return []
    try:
        return models.findings(context(), model, version, CHAMPION)
    except TraindeckError as error:
        return [Finding(False, str(error))]


def draw_findings(found: Sequence[Finding]) -> None:
    for each in found:
        look = ":green[:material/check_circle:]" if each.passed else ":orange[:material/block:]"
        st.markdown(f"{look} {literal(each.text)}")


def draw_approval(version: VersionRecord) -> None:
    """In the place of the button that makes it the champion."""
    key = f"{_KEY}_reason_{version.id}"
    with (
        head.popover("Approve as champion", icon=":material/gavel:", key="models_approve"),
        st.form(f"{key}_form", border=False),
    ):
        st.markdown("It does not pass the gate. Your reason and your name stay in the history.")
        st.text_input("Why it may be champion all the same", key=key)
        st.form_submit_button("Approve", type="primary", on_click=_approve, args=(version, key))


def _approve(version: VersionRecord, key: str) -> None:
    head.act(
        lambda: models.point(context(), version, CHAMPION, st.session_state[key]),
        f"{CHAMPION} is version {version.number} now.",
    )
