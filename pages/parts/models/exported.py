"""The exports of a version: asking for them, how far they are, and what each gives up for being small or fast."""

from urllib.parse import quote

import streamlit as st

from core import runs
from core.common.text import plural
from core.inference.export_formats import FORMATS
from core.jobs import export as job
from core.jobs import prediction
from core.models import VersionRecord, exports, origin, shrinking
from core.models.trade_off import SmallerVersion, choices
from pages.parts.models import head
from pages.parts.models.export_table import export_table
from pages.parts.models.make_small import make_small
from pages.shared.clicks import once
from pages.shared.compress import compress_menu
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.nav import MODELS

_POLL = 1.0  # seconds between two looks for what came of them


def exported(version: VersionRecord) -> None:
    made = exports.listing(context(), version)
    asked = job.asked(context(), version)
    waiting = [each for each in asked if not each.problem]
    smaller = shrinking.smaller_versions(context(), version)
    if not made and not asked:
        st.markdown(
            "An export is this version as a folder that answers **without Traindeck**, on a server, a phone or a "
            "board: the network in a format, what prepares its inputs, an example that runs. Each is compared with the "
            "original on the test set; accuracy, size and speed are measured."
        )
    _asking(version, {each.name for each in made}, {each.form for each in waiting})
    _failures(version, [each for each in asked if each.problem])
    for each in smaller:
        if failed := [one for one in job.asked(context(), each.version) if one.problem]:
            _failures(each.version, failed, f"{each.version.title}, {each.how}: ")
    if waiting:
        st.fragment(run_every=_POLL)(_progress)(version, [each.form for each in asked])
    if made or smaller:
        found = choices(version, made, smaller)
        export_table(found)
        _links(smaller)
        if made:
            _one(version, [each.name for each in found[1:] if not each.version])


def _links(smaller: list[SmallerVersion]) -> None:
    """To each, whose page has the exports to take away."""
    if not smaller:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="models_smaller"):
        st.caption("Smaller versions:", width="content")
        for each in smaller:
            waiting = sum(not one.problem for one in job.asked(context(), each.version))
            told = f" · {plural(waiting, 'export')} to come" if waiting else ""
            place = {"model": each.version.model, "version": str(each.version.number), "models_view": "Exports"}
            st.page_link(
                MODELS.path, label=f"{each.version.number} · {each.how}{told}", icon=":material/compress:", help="",
                query_params=place,
            )  # fmt: skip


def _asking(version: VersionRecord, made: set[str], waiting: set[str]) -> None:
    key = f"models_export_{version.id}"
    with st.container(horizontal=True, vertical_alignment="bottom", key="models_exporting"):
        form = st.selectbox(
            "Export as", [name for name in FORMATS if name not in waiting], format_func=_title, key=key, width=420
        )
        st.button(
            "Export again" if form in made else "Export", type="primary", icon=":material/output:",
            key="models_export_ask", disabled=form is None, **once("models_export_ask", _ask, version, key),
        )  # fmt: skip
        make_small(version, made)
        if problem := origin.not_begun_from(version):
            with head.popover("Compress", icon=":material/compress:", key="models_compress"):
                st.markdown(literal(problem))
            return
        run = next((each for each in runs.get_many(context(), [version.run_id]) if each.uid == version.run_uid), None)
        if run is not None and runs.has_checkpoint(context(), run):
            compress_menu(run.id, "models_compress")


def _title(name: str) -> str:
    return f"{FORMATS[name].title} · {FORMATS[name].summary}"


def _ask(version: VersionRecord, key: str) -> None:
    if (form := st.session_state[key]) is not None:
        job.stop(context(), version, form)  # what failed before
        head.act(lambda: job.ask(context(), version, form))


def _failures(version: VersionRecord, failed: list[job.Asked], of: str = "") -> None:
    if not failed:
        return
    st.warning("\n\n".join(literal(f"{of}{each.problem}") for each in failed), icon=":material/block:")
    key = f"models_export_away_{version.number}" if of else "models_export_away"
    st.button(
        "Put away", key=key, on_click=_put_away, args=(version, failed), icon=":material/close:",
        type="tertiary",
    )  # fmt: skip


def _put_away(version: VersionRecord, failed: list[job.Asked]) -> None:
    for each in failed:
        _stop(version, each.form)


def _progress(version: VersionRecord, drawn: list[str]) -> None:
    """`drawn`: formats that the rest of the page was drawn with."""
    asked = job.asked(context(), version)
    waiting = [each for each in asked if not each.problem]
    if [each.form for each in asked] != drawn or not waiting:
        st.rerun()
    told = prediction.standby_state(context()) if not any(each.progress for each in waiting) else "waits its turn"
    for each in waiting:
        now = each.progress
        with st.container(horizontal=True, vertical_alignment="center"):
            text = literal(now.text if now else told)
            st.progress((now.share if now else None) or 0.0, text=f"{FORMATS[each.form].title}: {text}")
            st.button(
                "Stop", key=f"models_export_stop_{each.form}", on_click=_stop, args=(version, each.form),
                icon=":material/stop:", type="tertiary",
            )  # fmt: skip


def _stop(version: VersionRecord, form: str) -> None:
    head.act(lambda: job.stop(context(), version, form))


def _one(version: VersionRecord, names: list[str]) -> None:
    """An export, to be taken away or deleted."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="models_exported"):
        name = st.selectbox(
            "Of these", names, format_func=lambda each: FORMATS[each].title if each in FORMATS else each,
            key=f"models_exported_{version.id}", width=260,
        )  # fmt: skip
        address = f"api/models/{quote(version.model)}/versions/{version.number}/exports/{quote(name)}"
        st.link_button("Download", address, icon=":material/download:", help="The folder as a zip: README.md first")
        with head.popover("Delete", icon=":material/delete:", key="models_exported_delete"):
            st.markdown(f"Delete this export? Version {version.number} stays, and it can be exported again.")
            st.button(
                "Delete it", type="primary", key="models_exported_delete_apply", on_click=_delete, args=(version, name)
            )


def _delete(version: VersionRecord, name: str) -> None:
    head.act(lambda: exports.delete(context(), version, name), f"Deleted the export {name}.")
