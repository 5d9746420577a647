"""The parts of the Run page that do not change: config, files, and what is needed to do it again."""

import time
from collections import Counter
from urllib.parse import quote

import pandas as pd
import streamlit as st

from core import runs
from core.common.errors import NotFoundError
from core.common.text import as_typed
from core.config.edit import differences, flatten, to_yaml
from core.evaluation.baseline_scores import FACT as BASELINES
from core.runs import logged
from core.runs.kinds import LOGGED
from core.runs.progress import phases
from core.runs.records import AttemptRecord, RunRecord
from pages.shared import address
from pages.shared.data import context, workspace
from pages.shared.format import DASH, duration, literal, moment, size
from pages.shared.source import source
from pages.shared.widgets import reader_zone, run_link


def config(run: RunRecord) -> None:
    """The config as YAML or as a tree, and what differs from the run that it was cloned from."""
    if run.parent_id is not None:
        _parent_differences(run)
    if run.kind == LOGGED.name:
        _params(run)
        return
    if trouble := runs.spec_problem(run) if run.kind == runs.NETWORK.name else "":
        st.warning(literal(trouble), icon=":material/update:")
    begun = _begun_from(run)
    if begun and begun != run.parent_id:  # itself a clone, or its parent is gone
        st.markdown(f"Fine-tuned from run {begun}{_taken(run)}")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        shape = st.segmented_control(
            "Shown as",
            ["YAML", "Tree"],
            default="YAML",
            required=True,
            label_visibility="collapsed",
            key="run_config",
            bind=address.among("run_config", ("YAML", "Tree")),
        )
        st.download_button(
            "Download",
            to_yaml(run.config),
            file_name=f"run-{run.id}.yaml",
            mime="application/yaml",
            icon=":material/download:",
            on_click="ignore",
            key="run_config_download",
            help="As YAML: to launch it from the command line, or to upload it on the Launch page",
        )
    if shape == "Tree":
        st.json(run.config, expanded=2)
    else:
        source(to_yaml(run.config), key="run_config_yaml", label="The config as YAML", language="yaml")


def _params(run: RunRecord) -> None:
    """Of a run that a client reports: params in the order in which they were sent."""
    if not run.config:
        st.caption("Its client has sent no params." if run.state.is_finished else "Params appear once they are sent.")
        return
    frame = pd.DataFrame([(key, as_typed(value)) for key, value in run.config.items()], columns=["Param", "Value"])
    st.dataframe(frame, hide_index=True, width="content", key="run_params", alt="Params of this run")


def _parent_differences(run: RunRecord) -> None:
    assert run.parent_id is not None
    try:
        parent = runs.get(context(), run.parent_id)
    except NotFoundError:
        return
    changed = differences(parent.config, run.config)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        fine_tuned = _begun_from(run) == parent.id
        st.markdown("Fine-tuned from" if fine_tuned else "Cloned from", width="content")
        run_link(parent)
        if fine_tuned:
            st.markdown(_taken(run).strip(), width="content")
        elif not changed:
            st.markdown("with the same config.", width="content")
    if changed:
        frame = pd.DataFrame(
            [(param, _value(old), _value(new)) for param, (old, new) in changed.items()],
            columns=["Param", f"Run {parent.id}", "This run"],
        )
        st.dataframe(frame, hide_index=True, width="content", key="run_differences", alt="Params that differ")


def _begun_from(run: RunRecord) -> int | None:
    """The number of the run whose weights it began with."""
    config = runs.spec(run)
    return config.fine_tune.run if config and config.fine_tune else None


def _taken(run: RunRecord) -> str:
    """How much of the network came from the other run, once that is known."""
    begun = run.facts.get("fine_tuned_from")
    if not begun:
        return ""
    reduced = "".join(f" · {literal(str(each))}" for each in begun.get("reduced", ()))
    return f" · {begun['taken']} of {begun['layers']} layers taken, {begun['frozen']} frozen{reduced}"


def _value(value: object) -> str:
    return DASH if value is None else as_typed(value)


def files(run: RunRecord) -> None:
    """Everything the run left, to download."""
    found = runs.artifacts(context(), run.id)
    if not found:
        coming = (
            "Files appear once they are sent." if run.kind == LOGGED.name else "Files appear with the first checkpoint."
        )
        st.caption(coming if not run.state.is_finished else "It left no files.")
        return
    named = Counter(artifact.name for artifact in found)
    away = runs.elsewhere(workspace().settings, run)
    if away:
        st.info(literal(away), icon=":material/dns:")
    frame = pd.DataFrame(
        {
            "File": [artifact.name if named[artifact.name] == 1 else artifact.path for artifact in found],
            "Kind": [artifact.kind for artifact in found],
            "Size": [size(artifact.size) for artifact in found],
            "Written": [moment(artifact.created_at, reader_zone()) for artifact in found],
            "Download": [f"api/runs/{run.id}/artifacts/{quote(artifact.path)}" for artifact in found],
        }
    )
    if away:
        frame = frame.drop(columns="Download")
    st.dataframe(
        frame,
        hide_index=True,
        key="run_files",
        alt="Files of this run",
        column_config={"Download": st.column_config.LinkColumn("", display_text="Download", width="small")},
    )
    if not away:
        st.caption(literal(str(workspace().settings.run_dir(run.id))))


def facts(run: RunRecord) -> None:
    """What is needed to do it again, and how long each phase took."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("To do it again", anchor=False)
        told = {
            "uid": run.uid,
            "seed": run.config.get("seed"),
            "deterministic": run.config.get("deterministic"),
            "host": run.host,
            "slots": ", ".join(run.slots),
            **flatten({name: fact for name, fact in run.facts.items() if name != BASELINES}),
        }
        shown = {key: literal(as_typed(value)) for key, value in told.items() if value not in (None, "")}
        st.table(shown, border="horizontal", alt="Reproducibility facts")
        _sent(run)
    with right:
        st.subheader("Phases" if run.attempt < 2 else "Phases of the last attempt", anchor=False)
        zone, now = reader_zone(), time.time()
        frame = pd.DataFrame(
            [(phase.name, moment(phase.began_at, zone), duration(phase.seconds)) for phase in phases(run, now)],
            columns=["Phase", "Began", "Took"],
        )
        st.dataframe(frame, hide_index=True, key="run_phases", alt="Phases of this run")
        if run.attempt > 1:
            _attempts(run)


def _sent(run: RunRecord) -> None:
    """What a client sent beside params, metrics and files: tags with values, and the data sets that it read."""
    tags = {key: literal(value, 200) for key, value in logged.keyed_tags(context(), run.id).items()}
    if tags:
        st.subheader("Tags", anchor=False)
        st.table({literal(key): value for key, value in tags.items()}, border="horizontal", alt="Tags with values")
    data = logged.data_sets(context(), run.id)
    if data:
        st.subheader("Data sets", anchor=False)
        frame = pd.DataFrame(data, columns=["Data set", "Digest", "Used for"])
        st.dataframe(frame, hide_index=True, key="run_inputs", alt="Data sets that its client named")


def _attempts(run: RunRecord) -> None:
    """The processes that worked on the run, where there was more than one."""
    found = runs.attempts(context(), run.id)
    if len(found) < 2:
        return
    zone = reader_zone()
    st.subheader("Attempts", anchor=False)
    frame = pd.DataFrame(
        {
            "Attempt": [str(attempt.number) for attempt in found],
            "Trained for": [duration(attempt.trained_seconds or None) for attempt in found],
            "Ended": [_ended(attempt) for attempt in found],
            "From step": [f"{attempt.first_step:,}" for attempt in found],
            "Began": [moment(attempt.training_at or attempt.starting_at, zone) for attempt in found],
            "Host": [attempt.host or DASH for attempt in found],
            "Device": [attempt.facts.get("device") or ", ".join(attempt.slots) or DASH for attempt in found],
        }
    )
    st.dataframe(frame, hide_index=True, key="run_attempts", alt="Attempts at this run")
    st.caption(f"It trained for {duration(run.trained_seconds)} in all; pauses between attempts do not count.")
    for attempt, changes in runs.changed_versions(found):
        told = ", ".join(f"{name} {new} in place of {old}" for name, (old, new) in changes.items())
        st.warning(literal(f"Attempt {attempt.number} ran with {told}."), icon=":material/difference:")


def _ended(attempt: AttemptRecord) -> str:
    return attempt.state or ("at work" if attempt.ended_at is None else DASH)
