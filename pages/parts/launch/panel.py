"""The side panel of the Launch page: what is wrong, what the config builds, what it changes."""

import time
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from core.common.context import Context
from core.common.errors import Problem
from core.common.text import as_typed
from core.config.run import RunConfig
from core.jobs.inspection import Inspection
from core.system import hosts as system
from pages.parts.launch import data_view, draft, model_view, preflight_view
from pages.parts.launch.findings import Findings, earlier, info_of, look, look_again
from pages.parts.launch.places import in_words
from pages.shared import state
from pages.shared.format import literal, plural
from pages.shared.widgets import look_until

_POLL = 0.4  # seconds between two looks for the standby's answer
_SLOW = 1.5  # seconds without an answer, after which it is said why


def draw_panel(context: Context, found: Findings) -> None:
    config, answer = found.config, found.answer
    shown = answer or earlier(found)
    draw_problems(found.problems)
    failed = (answer is not None and answer.problems) or (found.trial is not None and found.trial.problems)
    if config is not None and failed:
        st.button(
            "Check again",
            key="launch_check",
            icon=":material/refresh:",
            help="After you put a file in place, or the network is back.",
            on_click=look_again,
            args=(context, config),
        )
    old = shown is not answer  # of what was built before, while the new is on its way
    with st.container(key="launch_old_sums" if old else "launch_sums"):
        _sums(context, config, shown)
    names = ["Network", "Layers", "Data", "Preflight", "Changes"]
    # Only the one that is looked at is drawn: tables and pictures nobody sees would be half of the page's first paint.
    tabs = dict(zip(names, st.tabs(names, key="launch_tabs", on_change="rerun"), strict=True))
    opened = next((name for name, tab in tabs.items() if tab.open), names[0])
    with tabs[opened], st.container(key="launch_old_tab" if old and opened != "Changes" else "launch_tab"):
        _draw_tab(opened, context, found, shown)


def _draw_tab(name: str, context: Context, found: Findings, shown: Inspection | None) -> None:
    config = found.config
    if found.waiting and config is not None:
        look_until(lambda: look(context, config), lambda: _waiting(context), _POLL)
    if name == "Network":
        if shown and shown.layers:
            model_view.network(shown.layers)
        elif not found.waiting:
            st.caption("The network is drawn as soon as nothing is wrong.")
    elif name == "Layers":
        if shown and shown.layers:
            model_view.layer_table(shown.layers)
        else:
            st.caption("No layers yet.")
    elif name == "Data":
        if shown and (shown.examples or shown.class_counts or shown.windows):
            data_view.data_view(shown)
        else:
            st.caption("No examples yet.")
    elif name == "Preflight":
        preflight_view.draw_details(found, info_of(context, config))
    else:
        _changes(draft.changes(config))


def _waiting(context: Context) -> None:
    since = st.session_state.setdefault(state.LAUNCH_ASKED, time.monotonic())
    trouble = _no_standby(context) if time.monotonic() - since > _SLOW else ""
    if trouble:
        st.info(trouble, icon=":material/link_off:")
    else:
        st.caption(":material/hourglass_empty: Asking the standby…")


def _no_standby(context: Context) -> str:
    """Why no answer can come, "" when one is on its way."""
    hosts = system.hosts(context.workspace)
    if any(host.is_alive and host.standby == "ready" for host in hosts):
        return ""
    if any(host.is_alive and host.standby == "warming" for host in hosts):
        return "The standby is importing TensorFlow; the network is drawn when it is ready."
    if any(host.is_alive for host in hosts):
        return "The standby is off or starting, so that the network cannot be drawn yet. You can launch all the same."
    return (
        "No supervisor is at work, so that the network cannot be drawn and runs will wait in the queue. "
        "Restart the dashboard, which starts one, or run `python -m core supervise`."
    )


def draw_problems(problems: list[Problem]) -> None:
    """All of them, each with a link to the field it is at."""
    if problems:
        lines = [f"- {in_words(problem, draft.raw())}" for problem in problems]
        st.error(f"**{plural(len(problems), 'problem')} to solve**\n\n" + "\n".join(lines), icon=":material/error:")


def _sums(context: Context, config: RunConfig | None, shown: Inspection | None) -> None:
    """How large it all is: one line of figures."""
    figures: dict[str, str] = {}
    sizes = ""
    if shown and shown.layers:
        figures["Parameters"] = _compact(shown.params)
    info = info_of(context, config)
    if config is not None and info is not None:
        train, validation = config.data.sizes(info)
        training = config.training
        figures |= {"Steps/epoch": f"{training.steps_per_epoch(train):,}", "Total steps": f"{training.steps(train):,}"}
        test = (shown.test_examples if shown else 0) or info.test_examples
        sizes = f"{train:,} training · {validation:,} validation · {test:,} test examples"
    if figures:
        with st.grid(3, min_column_width=70, gap="small"):
            for label, value in figures.items():
                st.metric(label, value)
    if sizes:
        st.caption(sizes)


def _compact(count: int) -> str:
    for size, unit in ((1e9, "G"), (1e6, "M")):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count:,}"


def _changes(changed: Mapping[str, tuple[Any, Any]]) -> None:
    origin = draft.origin()
    name = origin.title
    if not changed:
        st.caption(f"Nothing differs from {literal(name)}.")
        return
    rows = [(path, _shown(old), _shown(new)) for path, (old, new) in changed.items()]
    st.dataframe(
        pd.DataFrame(rows, columns=["param", "old", "new"]),
        hide_index=True,
        key="launch_changes",
        column_config={
            "param": st.column_config.TextColumn("Param", width="medium"),
            "old": st.column_config.TextColumn(name[0].upper() + name[1:], width="small"),
            "new": st.column_config.TextColumn("Now", width="small"),
        },
        alt=f"Params that differ from {name}",
    )


def _shown(value: Any) -> str:
    return "–" if value is None else as_typed(value)
