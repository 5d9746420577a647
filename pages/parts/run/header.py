"""The head of the Run page: what the run is called, where it belongs, and what can be done with it."""

import streamlit as st

from core import models, runs
from core.architectures.architecture_registry import ARCHITECTURES
from core.charts import run_colour
from core.common.errors import ConfigError, StateError
from core.evaluation.baseline_scores import FACT, verdict_of_run
from core.runs.data_names import data_set
from core.runs.kinds import LISTENS, LOGGED, NETWORK
from core.runs.records import RunRecord, RunState
from pages.parts.run import register
from pages.shared.clicks import begin_button
from pages.shared.compress import compress_menu
from pages.shared.data import context
from pages.shared.format import duration, literal, minute
from pages.shared.nav import COMPARE, LAUNCH, RUN, page_at
from pages.shared.widgets import reader_zone, standing_badge, state_badge


def header(run: RunRecord) -> None:
    swatch = f':color[■]{{foreground="{run_colour(run.id)}"}}'
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(f"{swatch} {literal(run.name)}", anchor=False, width="content")
        with st.container(horizontal=True, width="content"):
            _edit(run)
            _more(run)
    tags = " ".join(f":violet-badge[{literal(tag)}]" for tag in run.tags)
    data = data_set(run)
    told = [f"#{run.id}", literal(run.experiment)]
    told += [f"data {literal(data)}" if data else "", _target(run), _network(run), _preset(run.preset)]
    told += [f"trained {duration(run.trained_seconds)}" if run.trained_seconds else "", _device(run)]
    told += [f"by {literal(run.created_by)}", minute(run.created_at, reader_zone())]
    st.markdown(f"{state_badge(run.state)} {tags} :gray[{' · '.join(part for part in told if part)}]")
    _beside_baselines(run)
    register.links(run)
    if run.notes:
        st.text(run.notes)
    if missing := runs.missing_folder(context(), run):
        st.warning(literal(missing), icon=":material/folder_off:")
    if run.trashed_at is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            kept = models.kept_told(context(), [run.id])
            st.warning(f"This run is in the trash. Emptying the trash on the Runs page deletes it. {kept}")
            if st.button("Restore", icon=":material/restore_from_trash:", key="run_restore"):
                runs.restore(context(), [run.id])
                st.rerun()
    _actions(run)


def _beside_baselines(run: RunRecord) -> None:
    """How its result stands to the best of the baselines, once there is one."""
    known = runs.summaries(context(), [run.id]).get(run.id, {}) if run.facts.get(FACT) else {}
    found = verdict_of_run(run.facts, {name: summary.last for name, summary in known.items()})
    if found is not None:
        st.markdown(standing_badge(found), help=literal(found.text))


def _network(run: RunRecord) -> str:
    """What kind of network it is, and how large once it is built."""
    config = runs.spec(run)
    name = next((each.title for each in ARCHITECTURES if config and isinstance(config.architecture, each)), "")
    size = run.facts.get("parameters")
    return literal(name) + (f" of {size:,} parameters" if name and isinstance(size, int) else "")


def _target(run: RunRecord) -> str:
    name = run.facts.get("target")
    return f"predicts {literal(name, 40)}" if isinstance(name, str) and name else ""


def _device(run: RunRecord) -> str:
    name = run.facts.get("device")
    return f"on {literal(name, 40)}" if isinstance(name, str) and name else ""


def _preset(name: str) -> str:
    return f"preset {literal(name)}" if name else ""


def _edit(run: RunRecord) -> None:
    with (
        st.popover("Edit", icon=":material/edit:", key="run_edit", help="Name, tags and notes"),
        st.form(f"run_edit_form_{run.id}", border=False),
    ):
        name = st.text_input("Name", run.name, max_chars=runs.MAX_NAME, key=f"run_name_{run.id}")
        known = sorted({*runs.all_tags(context()), *run.tags})
        tags = st.multiselect("Tags", known, run.tags, accept_new_options=True, key=f"run_tags_{run.id}")
        notes = st.text_area("Notes", run.notes, key=f"run_notes_{run.id}")
        if st.form_submit_button("Save", type="primary", key=f"run_save_{run.id}"):
            try:
                runs.annotate(context(), run.id, name=name, notes=notes, tags=tags)
            except ConfigError as error:
                st.error(literal("; ".join(map(str, error.problems))))
            else:
                st.rerun()


def _more(run: RunRecord) -> None:
    if run.state.is_finished and run.trashed_at is None:
        delete = st.button("Delete", icon=":material/delete:", key="run_delete", help="To the trash; can be undone")
        if delete:
            runs.trash(context(), [run.id])
            st.rerun()


def _actions(run: RunRecord) -> None:
    """The buttons that fit the state."""
    with st.container(horizontal=True):
        if run.state is RunState.QUEUED:
            if st.button("Take off the queue", icon=":material/stop:", key="run_unqueue"):
                runs.stop(context(), [run.id])
                st.rerun()
        elif run.kind == LOGGED.name and not run.facts.get(LISTENS):
            _call_stopped(run)
        elif run.state.has_process:
            _stop_buttons(run)
        elif runs.can_resume(context(), run):
            help_text = "Go on from where it was left, under the same number"
            begin_button(
                "Resume", "run_resume", lambda: _resume(run), type="primary", icon=":material/resume:", help=help_text
            )
        clone = "Start a new run from this config, and change what you like"
        kind = runs.KINDS.get(run.kind)
        if (
            kind
            and kind.runner
            and st.button("Clone and edit", icon=":material/content_copy:", key="run_clone", help=clone)
        ):
            st.switch_page(page_at(kind.form).path, query_params={"from": str(run.id)})
        fine_tune = "Start a new run from this one's best weights"
        begins = run.kind == NETWORK.name and runs.has_checkpoint(context(), run)  # others have no config to begin with
        if begins and st.button("Fine-tune", icon=":material/tune:", key="run_fine_tune", help=fine_tune):
            st.switch_page(LAUNCH.path, query_params={"finetune": str(run.id)})
        if begins:
            compress_menu(run.id, "run_compress")
        register.register(run)
        register.export(run)
        if run.kind != LOGGED.name:
            begin_button(
                "Relaunch", "run_relaunch", lambda: _relaunch(run), icon=":material/replay:",
                help="A new run with the same config",
            )  # fmt: skip
        pair = [run.parent_id, run.id] if run.parent_id else [run.id]
        label = "Compare with parent" if run.parent_id else "Compare"
        if st.button(label, icon=COMPARE.icon, key="run_compare"):
            st.switch_page(COMPARE.path, query_params={"runs": ",".join(map(str, pair))})


def _call_stopped(run: RunRecord) -> None:
    """For what a client reports: nothing here can end the client itself."""
    if not run.state.is_finished and st.button(
        "Call it stopped", icon=":material/stop:", key="run_stop",
        help="It is shown as stopped here. Its client runs elsewhere and is not told: end it where it runs",
    ):  # fmt: skip
        runs.stop(context(), [run.id])
        st.rerun()


def _stop_buttons(run: RunRecord) -> None:
    asked = run.stop_requested
    graceful = "Finishes the step, saves a checkpoint and keeps everything"
    stop = st.button(
        "Stop", type="primary", icon=":material/stop:", key="run_stop", disabled=bool(asked), help=graceful
    )
    if stop:
        runs.stop(context(), [run.id])
        st.rerun()
    if st.button("Stop now", icon=":material/block:", key="run_stop_now", disabled=asked == "now"):
        _confirm_stop_now(run)


@st.dialog("Stop this run now?")
def _confirm_stop_now(run: RunRecord) -> None:
    st.markdown(
        f"The process of **{literal(run.name)}** is ended at once. What it has recorded stays; what it did since its "
        "last checkpoint is lost. **Stop** would finish the step and save a checkpoint first."
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep training", key="run_stop_now_no"):
            st.rerun()
        if st.button("Stop now", type="primary", key="run_stop_now_yes"):
            runs.stop(context(), [run.id], now=True)
            st.rerun()


def _relaunch(run: RunRecord) -> None:
    try:
        new = runs.relaunch(context(), run.id)
    except (ConfigError, runs.SpecError) as error:  # of another version, or its data or its slot are gone
        st.error(literal(str(error)))
    else:
        st.switch_page(RUN.path, query_params={"id": str(new)})


def _resume(run: RunRecord) -> None:
    try:
        runs.resume(context(), run.id)
    except StateError as error:  # somebody else was quicker
        st.error(literal(str(error)))
    else:
        st.rerun()
