"""Where a version came from: its run, data, code and parents; and the config that it was trained by."""

import streamlit as st

from core import models, runs
from core.common.errors import TraindeckError
from core.config.edit import to_yaml
from core.models import VersionRecord, origin
from core.runs.data_names import named_data
from pages.frontend.types import DeltaGenerator
from pages.shared.data import context, known_datasets
from pages.shared.format import literal, minute, size
from pages.shared.nav import DATASETS, LAUNCH, MODELS, RUN
from pages.shared.source import source
from pages.shared.widgets import reader_zone


def lineage(version: VersionRecord) -> None:
    with st.grid(2, min_column_width=300):
        is_file = version.checkpoint == origin.UPLOADED or not version.run_id
        with _box("Runs" if origin.members(version) else "Run" if version.run_id else "Upload"):
            _upload(version) if is_file else _run(version)
        with _box("Data"):
            _data(version)
        with _box("Code"):
            _code(version)
        with _box("File"):
            _file(version)


def _box(title: str) -> DeltaGenerator:
    box = st.container(border=True, height="stretch", gap="xsmall")
    box.caption(title)
    return box


def _run(version: VersionRecord) -> None:
    members = origin.members(version)
    for each in members or [origin.Member(version.run_id, version.run_uid, version.run_name)]:
        _one_run(each)
    what = ", ".join(filter(None, (origin.sentence(version), origin.made_smaller(version))))
    of = "" if members else f", of experiment {literal(version.experiment, 60)}"
    st.markdown(f"{literal(what)}{of}")
    taught = version.facts.get("distilled_from")
    for parent in models.parents(context(), version):
        is_taught = isinstance(taught, dict) and taught.get("uid") == parent.run_uid
        how = "Distilled" if is_taught else "Fine-tuned"
        st.page_link(
            MODELS.path, label=f"{how} from {parent.title}", icon=":material/family_history:", help="",
            query_params={"model": parent.model, "version": str(parent.number)},
        )  # fmt: skip
    if isinstance(taught, dict) and isinstance(name := taught.get("version"), str):
        model, _, number = name.rpartition("@")
        st.page_link(
            MODELS.path, label=f"Distilled from {name}", icon=":material/family_history:", help="",
            query_params={"model": model, "version": number},
        )  # fmt: skip
    begun = version.facts.get("fine_tuned_from")
    if isinstance(begun, dict) and not models.parents(context(), version):
        st.markdown(f"Fine-tuned from run {literal(str(begun.get('run')), 20)}")
    st.caption(f"Registered {minute(version.created_at, reader_zone())} by {literal(version.created_by)}")


def _upload(version: VersionRecord) -> None:
    told = origin.uploaded(version)
    st.markdown(f"**{literal(str(told.get('file')), 100)}**, {size(told.get('bytes'))}")
    for run in runs.get_many(context(), [version.run_id]) if version.run_id else ():
        st.page_link(
            RUN.path,
            label=f"Of run #{run.id} {literal(run.name, 60)}",
            icon=RUN.icon,
            help="",
            query_params={"id": str(run.id)},
        )
    like = told.get("like")
    st.markdown(f"Inputs prepared like those of {literal(like)}" if like else "Takes numbers as they are")
    if like and (asked := told.get("asked")):
        st.markdown(f"Asked with {literal(asked)}")
    if hint := told.get("hint"):
        st.warning(literal(hint), icon=":material/help:")
    if why := told.get("unmeasured"):
        st.markdown(f"Nothing was measured: {literal(why)}")
    _hash("SHA-256 of what was given", told.get("sha256"))
    st.caption(f"Uploaded {minute(version.created_at, reader_zone())} by {literal(version.created_by)}")


def _one_run(member: origin.Member) -> None:
    there = [run for run in runs.get_many(context(), [member.run]) if run.uid == member.uid]
    seed = "" if member.seed is None else f", seed {member.seed}"
    name = f"#{member.run} {literal(member.name, 60)}"
    if there:
        st.page_link(RUN.path, label=f"**{name}**{seed}", icon=RUN.icon, help="", query_params={"id": str(member.run)})
    else:
        st.markdown(f"**{name}**{seed}, which was deleted. Its config and figures are kept here.")


def _data(version: VersionRecord) -> None:
    name = named_data(version.config)
    if any(each.name == name for each in known_datasets()):
        st.page_link(
            DATASETS.path, label=f"**{literal(name)}**", icon=DATASETS.icon, help="", query_params={"dataset": name}
        )
    else:
        st.markdown(f"**{literal(name) or 'Not known'}**")
    examples = version.facts.get("examples")
    if isinstance(examples, dict):
        told = [f"{count:,} for {part}" for part, count in examples.items() if isinstance(count, int) and count]
        st.markdown(f"Examples: {', '.join(told)}")
    _hash("Fingerprint", version.facts.get("data_fingerprint"))


def _code(version: VersionRecord) -> None:
    versions = version.facts.get("versions")
    told = versions.items() if isinstance(versions, dict) else ()
    st.markdown(", ".join(f"{literal(name)} {literal(str(value))}" for name, value in told if value) or "Not known")
    commit = version.facts.get("git_commit")
    _hash("Commit", commit)
    if isinstance(commit, str) and commit.endswith("+"):
        st.caption("with changes that were not committed")


def _file(version: VersionRecord) -> None:
    try:
        path = models.network_file(context().workspace.settings, version)
    except TraindeckError as error:
        st.warning(literal(str(error)), icon=":material/folder_off:")
    else:
        st.markdown(f"`{path}`, {size(version.size)}")
        if version.network_size != version.size:
            st.markdown(f"The network takes {size(version.network_size)} of it; the rest is the optimizer's state")
    if sparse := origin.sparsity(version.facts):
        st.markdown(f"Pruned: {literal(sparse)}")
    _hash("SHA-256", version.sha256)


def _hash(label: str, value: object) -> None:
    if isinstance(value, str) and value:
        st.markdown(f"{label} `{literal(value[:16]).replace(chr(92), '')}…`", help=literal(value))


def config(version: VersionRecord) -> None:
    is_file = version.checkpoint == origin.UPLOADED or not version.run_id
    if is_file:
        like = origin.uploaded(version).get("like")
        st.caption(f"Of {literal(like)}, as which its inputs are prepared." if like else "A file has no config.")
    if not version.config:
        return
    text = to_yaml(version.config)
    with st.container(horizontal=True, horizontal_alignment="right"):
        if (
            not is_file
            and runs.get_many(context(), [version.run_id])
            and st.button("Launch a run from it", icon=LAUNCH.icon, key="models_launch")
        ):
            st.switch_page(LAUNCH.path, query_params={"from": str(version.run_id)})
        st.download_button(
            "Download",
            text,
            file_name=f"{version.model}-{version.number}.yaml",
            mime="application/yaml",
            icon=":material/download:",
            on_click="ignore",
            key="models_config_download",
            help="As YAML: to launch it from the command line, or to upload it on the Launch page",
        )
    source(text, key="models_config", label="The config as YAML", language="yaml")
