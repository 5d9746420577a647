"""Versions that are being made of several networks or of a file: how far they are, and why one could not be made."""

import time

import streamlit as st

from core import runs
from core.jobs import new_version as job
from core.jobs import prediction
from core.models import making, shrinking
from pages.parts.models import head
from pages.shared.data import context
from pages.shared.format import literal, plural
from pages.shared.widgets import progress_text

_POLL = 1.0  # seconds between two looks for what came of them


def being_made(model: str = "") -> None:
    """Of all models, as whoever asked may look at another by now; why smaller networks are no versions, of this one."""
    asked = job.asked(context())
    made = [each.made.reference for each in reversed(asked) if each.made is not None and each.made.reference]
    if made:
        told = f"{', '.join(made)} {'was' if len(made) == 1 else 'were'} made."
        st.success(literal(told), icon=":material/check:")
    refused = []
    for each in asked:
        if each.made is None:
            continue
        if each.made.reference:
            job.seen(context(), each.key)
            if each.made.told:
                st.warning(literal(each.made.told), icon=":material/verified_user:")
        elif isinstance(each.request.made_of, job.Smaller):
            if each.request.model == model:
                refused.append(each)
        else:
            _told(f"The version of {each.request.model} was not made. {each.made.problem}", each)
    if refused:
        title = f"Why {plural(len(refused), 'smaller network')} of {literal(model)} became no version"
        with st.expander(title, icon=":material/block:", key="models_refused"):
            for each in refused:
                _told(each.made.problem if each.made else "", each)
    waiting = [each.key for each in asked if each.made is None]
    if waiting:
        st.fragment(run_every=_POLL)(_progress)(waiting)


def _told(problem: str, each: job.Asked) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(literal(problem), icon=":material/block:")
        if job.can_ask_again(context().workspace.settings, each):
            st.button(
                "Try again", key=f"models_made_again_{each.key}", on_click=_again, args=(each,),
                icon=":material/replay:", type="tertiary",
            )  # fmt: skip
        st.button(
            "Put away", key=f"models_made_away_{each.key}", on_click=_put_away, args=(each.key,),
            icon=":material/close:", type="tertiary",
        )  # fmt: skip


def _progress(drawn: list[str]) -> None:
    """`drawn`: those that the rest of the page was drawn with."""
    waiting = [each for each in job.asked(context()) if each.made is None]
    if [each.key for each in waiting] != drawn:
        st.rerun()
    for each in waiting:
        now = each.progress
        with st.container(horizontal=True, vertical_alignment="center"):
            made_of = each.request.made_of
            waits_for = [made_of.run] if isinstance(made_of, job.Smaller) else []
            run = next((each for each in runs.get_many(context(), waits_for) if not each.state.is_finished), None)
            if isinstance(made_of, job.Smaller) and run is not None:
                where = progress_text(run, time.time()) if run.state.has_process else run.state.value
                st.progress(run.progress, text=literal(f"{made_of.of}: {made_of.title} · run {run.id} · {where}"))
            else:
                behind = "" if now else job.ahead(context(), each.key)
                told = f"waits behind {behind}" if behind else "" if now else prediction.standby_state(context())
                text = f"{each.request.model}: {now.text if now else told}"
                st.progress((now.share if now else None) or 0.0, text=literal(text))
            st.button(
                "Stop", key=f"models_made_stop_{each.key}", on_click=_put_away, args=(each.key,),
                icon=":material/stop:", type="tertiary",
            )  # fmt: skip


def _again(failed: job.Asked) -> None:
    """What came of it before is put away, and of a file what was uploaded is taken."""

    def ask() -> None:
        if isinstance(failed.request.made_of, job.Smaller):
            shrinking.again(context(), failed)
            return
        making.ask(context(), failed.request)
        job.seen(context(), failed.key)

    head.act(ask)


def _put_away(key: str) -> None:
    head.act(lambda: job.stop(context(), key))
