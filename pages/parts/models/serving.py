"""A model in use: how it is served, where others find it, what it is asked and how it does."""

import time
from typing import Any

import pandas as pd
import streamlit as st

from core import models
from core.charts.traffic_charts import requests_by_minute
from core.common.errors import TraindeckError
from core.common.text import percentage
from core.models import ModelRecord
from core.serving import served
from core.serving.options import Options, ServingError, hashed, is_password, options_of
from core.serving.served import ServedRecord
from core.serving.version_usage import Usage, agreement, by_minute, compared, usage
from pages.frontend.chart import chart
from pages.parts.models import head
from pages.parts.models.addresses import draw_addresses
from pages.parts.models.drift import draw_drift
from pages.shared.data import context
from pages.shared.format import literal, minute, plural
from pages.shared.widgets import reader_zone

_KEY = "models_serving"
_LOOK_SECONDS = 2.0
_SILENT_SECONDS = 15.0  # after which nobody is at work to answer
_MINUTES = 60  # that are shown
_KEPT = "•••• (as it is)"  # stands for a password that was set before


def draw_serve(model: ModelRecord) -> None:
    """The button, with how it is to be served."""
    record = served.record(context(), model.name)
    found = _options(record)
    with head.popover(
        "Serve" if record is None else "Serving",
        icon=":material/share:",
        key=_KEY,
        help="A demo page to send around, and an address for programs",
    ):
        if not model.versions:
            st.markdown("There is no version to serve.")
            return
        _form(model, found, is_served=record is not None)
        if record is not None:
            st.button(
                "Stop serving", icon=":material/stop_circle:", key=f"{_KEY}_stop", on_click=_stopped, args=(model.name,)
            )


def _form(model: ModelRecord, found: Options, *, is_served: bool) -> None:
    def key(name: str) -> str:
        return f"{_KEY}_{name}_{model.id}"

    references = [*model.aliases, *(str(version.number) for version in model.versions)]
    with st.form(key("form"), border=False):
        place = references.index(found.reference) if found.reference in references else 0
        st.selectbox(
            "Version that answers", references, index=place, format_func=_named, key=key("reference"),
            help="An alias is followed: move it, and the next version answers once it is ready",
        )  # fmt: skip
        st.text_input("Title of the demo page", found.title, max_chars=200, placeholder=model.name, key=key("title"))
        st.text_area("A text on it", found.about, max_chars=5000, height=80, key=key("about"))
        others = ["", *references]
        place = others.index(found.challenger) if found.challenger in others else 0
        with st.expander("Tried beside it, and limits"):
            st.selectbox(
                "Challenger", others, index=place, format_func=lambda each: _named(each) if each else "none",
                key=key("challenger"),
            )  # fmt: skip
            st.segmented_control(
                "It", ["split", "shadow"], default=found.mode, format_func=_mode, key=key("mode"), required=True
            )
            st.slider(
                "Share of requests that it answers", 0.0, 1.0, found.share, 0.05, format="percent", key=key("share")
            )
            st.text_input(
                "Password", _KEPT if found.password else "", type="password", key=key("password"), max_chars=200,
                help="Asked of people on the demo page; programs send Authorization: Bearer PASSWORD",
            )  # fmt: skip
            st.number_input(f"Demo page ends after so many hours (0: {_end(found)})", 0.0, key=key("hours"))
            if found.expires_at is not None:
                st.checkbox("It never ends", key=key("never"))
            st.number_input("Requests a second (0 for any number)", 0.0, value=found.per_second, key=key("rate"))
            st.slider(
                "Questions and answers that are kept", 0.0, 1.0, found.kept_share, format="percent", key=key("kept")
            )
            st.number_input(
                "Examples that are compared with the training data at a time", 200, 10**6, found.drift_examples,
                key=key("drift"),
            )  # fmt: skip
            st.number_input(
                "Of as many such windows, one false alarm of drift at most", 2, 10**6, round(1 / found.false_alarms),
                key=key("false"),
            )  # fmt: skip
        st.form_submit_button("Save" if is_served else "Serve", type="primary", on_click=_saved, args=(model, found))


def _named(reference: str) -> str:
    return f"version {reference}" if reference.isdecimal() else reference


def _mode(mode: str) -> str:
    return {"split": "answers a share", "shadow": "is asked, unheard"}[mode]


def _end(found: Options) -> str:
    if found.expires_at is None:
        return "never"
    return f"as it is, on {minute(found.expires_at, reader_zone())}"


def _saved(model: ModelRecord, old: Options) -> None:
    def value(name: str) -> Any:
        return st.session_state[f"{_KEY}_{name}_{model.id}"]

    password, hours = str(value("password")), float(value("hours"))
    never = bool(st.session_state.get(f"{_KEY}_never_{model.id}"))
    kept = password == _KEPT or (old.password and is_password(password, old.password))
    new = Options(
        reference=value("reference"),
        title=value("title").strip(),
        about=value("about").strip(),
        challenger=value("challenger"),
        mode=value("mode"),
        share=value("share"),
        password=old.password if kept else hashed(password) if password else "",
        expires_at=time.time() + 3600 * hours if hours else None if never else old.expires_at,
        per_second=value("rate"),
        kept_share=value("kept"),
        kept_days=old.kept_days,
        drift_examples=value("drift"),
        drift_minutes=old.drift_minutes,
        false_alarms=1 / value("false"),
    )
    head.act(lambda: served.serve(context(), model.name, new), f"{model.name} is served.", lambda: _forget(model))


def _forget(model: ModelRecord) -> None:
    """So that the form shows what is kept, and not what was typed: a password, a number of hours from now."""
    for name in ("password", "hours", "never"):
        st.session_state.pop(f"{_KEY}_{name}_{model.id}", None)


def _stopped(name: str) -> None:
    head.act(lambda: served.stop(context(), name), f"{name} is served no more.")


def _options(record: ServedRecord | None) -> Options:
    try:
        return options_of(record.options) if record else Options()
    except ServingError:
        return Options()


def draw_served(model: ModelRecord) -> None:
    """What is to be known of a model that is served; nothing of others."""
    if served.record(context(), model.name) is not None:
        st.fragment(run_every=_LOOK_SECONDS)(_live)(model.name)


def _live(name: str) -> None:
    record = served.record(context(), name)
    if record is None:
        return
    options = _options(record)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**In use** {_state(record)}")
            st.link_button("Open the demo", f"/demo/{name}", icon=":material/open_in_new:", type="primary")
        for problem in _problems(record):
            st.warning(literal(problem), icon=":material/warning:")
        if options.is_expired():
            st.warning("The demo page's time is over; programs are still answered.", icon=":material/schedule:")
        try:
            model = models.get(context(), name)
            roles = {role: each["version"] for role, each in record.report.get("roles", {}).items()}
            draw_drift(model, list(roles.values()))
            _usage(model, usage(context(), model.id, _MINUTES), roles)
        except TraindeckError as error:
            st.error(literal(str(error)))
        with st.expander("Address for programs", icon=":material/code:"):
            draw_addresses(name, has_password=bool(options.password))


def _state(record: ServedRecord) -> str:
    if time.time() - record.reported_at > _SILENT_SECONDS:
        return ":orange-badge[:material/hourglass_empty: no server has reported yet]"
    roles, options = record.report.get("roles", {}), _options(record)
    trial = "in the shadow" if options.mode == "shadow" else f"{100 * options.share:g} % of requests"
    badges = [
        f":{'green' if told['ready'] else 'orange'}-badge[{role}: version {told['version']}"
        f"{', ' + told['format'] if told['format'] else ''}{', ' + trial if role == 'challenger' else ''}"
        f"{'' if told['ready'] else ', starting'}]"
        for role, told in roles.items()
    ]
    if options.password:
        badges.append(":gray-badge[:material/lock: password]")
    if options.expires_at is not None and not options.is_expired():
        badges.append(f":gray-badge[:material/schedule: demo until {minute(options.expires_at, reader_zone())}]")
    if record.report.get("switching"):
        badges.append(":blue-badge[:material/sync: getting ready]")
    return " ".join(badges)


def _problems(record: ServedRecord) -> list[str]:
    told = [f"The {role} version cannot answer: {text}" for role, text in record.report.get("problems", {}).items()]
    told += filter(None, [record.report.get("note", "")])
    for role, each in record.report.get("roles", {}).items():
        if each.get("restarts"):
            told.append(f"The process of the {role} version was started again {plural(each['restarts'], 'time')}.")
    return told


def _usage(model: ModelRecord, found: list[Usage], roles: dict[str, int]) -> None:
    """`roles`: numbers of the versions that are in use now."""
    if not found:
        st.caption(f"Nobody has asked it within the last {_MINUTES} minutes. Send the demo's address to somebody.")
        return
    numbers = {version.id: version.number for version in model.versions}
    rows = [
        {
            "Version": f"{numbers.get(each.version_id, '?')} ({each.role})",
            "Requests": each.requests,
            "Errors": each.errors,
            "p50 ms": each.p50,
            "p95 ms": each.p95,
            "Said to be right": f"{each.right} of {each.judged}" if each.judged else None,
        }
        for each in found
    ]
    frame = pd.DataFrame(rows).dropna(axis="columns", how="all")
    milliseconds = st.column_config.NumberColumn(format="%.3g")
    columns = {"p50 ms": milliseconds, "p95 ms": milliseconds}
    st.dataframe(
        frame, hide_index=True, height="content", placeholder="", alt="Requests by version", column_config=columns
    )
    ids = {number: version for version, number in numbers.items()}
    main, challenger = (ids.get(roles.get(role, 0)) for role in ("main", "challenger"))
    if main and challenger and (seen := agreement(context(), model.id, main, challenger)):
        st.markdown(
            f"In the shadow, the challenger answers as the main version does in {seen.alike:,} of "
            f"{plural(seen.answers, 'kept answer')} (95 %: {percentage(seen.low, 1)} to {percentage(seen.high, 1)}), "
            f"and otherwise in {seen.answers - seen.alike:,}. Which of the two is right, feedback tells."
        )
    if main and challenger and (split := compared(context(), model.id, main, challenger)):
        verdict = (
            f"{'more' if split.difference > 0 else 'less'} often right than the main version, surely"
            if split.is_decided
            else "not surely better or worse than the main version"
        )
        points = [100 * each for each in (split.difference, split.low, split.high)]
        st.markdown(
            f"By what people said, the challenger is {verdict}: {points[0]:+.1f} points (95 %: {points[1]:+.1f} to "
            f"{points[2]:+.1f}, which holds at whatever time you look)."
        )
    counted = by_minute(context(), model.id, _MINUTES)
    named = {f"version {numbers.get(key, '?')}": rows for key, rows in counted.items()}
    now = int(time.time() // 60)
    chart(requests_by_minute(named, now - _MINUTES, now), key=f"{_KEY}_traffic", alt="Requests by the minute")
