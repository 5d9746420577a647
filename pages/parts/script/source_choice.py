"""Where the code of a script comes from: a folder of this host, a zip, a git address, or the snapshot of a run."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from core import runs
from core.common.context import Context
from core.common.errors import DataError, NotFoundError, TraindeckError
from core.runs.records import RunRecord
from core.scripts import git_projects, snapshots
from core.scripts.projects import allowed, offered
from core.scripts.spec import Project, ScriptSpec
from pages.parts.datasets.uploader import uploader
from pages.shared import address, state
from pages.shared.format import literal, plural, size

_FOLDER, _ZIP, _GIT = "A folder of this host", "Upload a zip", "A git address"
_THEN, _NOW = "As it was then", "As its folder is now"


@dataclass(frozen=True)
class Chosen:
    """`key` changes with whatever the form has to begin anew for."""

    project: Project
    key: str
    facts: dict[str, Any] = field(default_factory=dict)
    run: RunRecord | None = None  # that it is a copy of
    spec: ScriptSpec | None = None  # of that run


def choose(context: Context) -> Chosen | None:
    """None while there is no code to look at."""
    asked = st.query_params.get("from", "")
    if asked:
        try:
            run = runs.find(context, asked)
        except NotFoundError as error:
            st.warning(literal(str(error)), icon=":material/link_off:")
        else:
            if (spec := runs.script_spec(run)) is not None:
                return _of_run(run, spec)
            st.warning(f"Run {run.id} is no run of a script.", icon=":material/link_off:")
    way = st.segmented_control(
        "Where the code is",
        [_FOLDER, _ZIP, _GIT],
        default=_FOLDER,
        required=True,
        key="script_way",
        bind=address.among("script_way", (_FOLDER, _ZIP, _GIT)),
    )
    return {_ZIP: _zip, _GIT: _git}.get(way or "", _folder)(context)


def _of_run(run: RunRecord, spec: ScriptSpec) -> Chosen:
    st.caption(literal(f"A copy of run {run.id}, {run.name}."))
    folder = spec.project.folder
    code = run.facts.get("code")
    ways = [_THEN, _NOW] if folder and Path(folder).is_dir() else [_THEN]
    way = st.segmented_control(
        "Its code",
        ways,
        default=_THEN,
        required=True,
        key="script_version",
        help="What was kept with the run, or anew.",
    )
    if way == _NOW:
        return Chosen(Project(folder=folder), f"run {run.id}", {}, run, spec)
    return Chosen(spec.project, f"run {run.id}", {"code": code} if code else {}, run, spec)


def _folder(context: Context) -> Chosen | None:
    settings = context.workspace.settings
    known = offered(settings)
    text = st.selectbox(
        "Folder",
        known,
        index=0 if known else None,
        accept_new_options=True,
        placeholder="The whole path of a folder",
        key="script_folder",
        bind="query-params",
    )
    if not text:
        roots = literal(" or ".join(map(str, settings.allowed_script_roots)))
        st.info(
            f"Put the folder of a project into {roots}, or upload it as a zip. Whoever runs the dashboard allows other "
            "folders by `TRAINDECK_SCRIPT_ROOTS`; `python -m core script train.py` launches from anywhere.",
            icon=":material/folder_open:",
        )
        return None
    try:
        folder = allowed(settings, text)
    except TraindeckError as error:
        st.error(literal(str(error)), icon=":material/folder_off:")
        return None
    return Chosen(Project(folder=str(folder)), f"folder {folder}")


def _zip(context: Context) -> Chosen | None:
    settings = context.workspace.settings
    try:
        sent = uploader(settings, ("zip",), "script")
        if sent is None:
            return None
        upload, path = sent
        known = st.session_state.get(state.SCRIPT_TAKEN)
        if not known or known[0] != upload.id:
            known = upload.id, snapshots.take_zip(settings, path, upload.name)
            st.session_state[state.SCRIPT_TAKEN] = known
    except (DataError, TraindeckError) as error:
        st.error(literal(str(error)), icon=":material/error:")
        return None
    taken: snapshots.Taken = known[1]
    return Chosen(Project(snapshot=taken.snapshot.id), f"zip {upload.id}", {"code": taken.facts})


def _git(context: Context) -> Chosen | None:
    """Fetched once, and again when that is asked for."""
    settings = context.workspace.settings
    with st.form("script_git", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        address = st.text_input(
            "Address", key="script_address", placeholder="https://host/owner/name.git or git@host:owner/name.git"
        ).strip()
        revision = st.text_input(
            "Branch, tag or commit", key="script_revision", placeholder="its own branch", width=240
        ).strip()
        asked = st.form_submit_button("Fetch", icon=":material/download:", key="script_fetch")
    wanted, known = (address, revision), st.session_state.get(state.SCRIPT_FETCHED)
    if not address or not (asked or (known and known[0] == wanted)):
        st.caption("Its code is fetched at one commit and kept with the run. Submodules and links are left out.")
        return None
    try:
        if asked or not known:
            with st.spinner("Fetching", show_time=True):
                taken = git_projects.take_git(settings, address, revision, settings.allowed_script_roots)
            known = wanted, taken
            st.session_state[state.SCRIPT_FETCHED] = known
    except TraindeckError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return None
    found: snapshots.Taken = known[1]
    facts = found.facts
    st.caption(literal(f"Commit {facts['commit'][:10]}, {plural(facts['files'], 'file')}, {size(facts['bytes'])}."))
    project = Project(snapshot=found.snapshot.id, address=address, revision=revision)
    return Chosen(project, f"git {found.snapshot.id}", {"code": facts})
