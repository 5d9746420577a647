"""The head of a data set's page: what it is, a run with it, its removal."""

from collections.abc import Sequence

import streamlit as st

from core.common.errors import TraindeckError
from core.data.library.known import Known
from core.data.library.profile import Profile
from core.runs import data_sets
from core.runs.usage import runs_with
from pages.parts.datasets import words
from pages.parts.datasets.class_names import draw_rename
from pages.parts.datasets.on_the_page import on_the_page
from pages.shared import state
from pages.shared.data import context, known_datasets
from pages.shared.format import literal, minute, plural, size
from pages.shared.nav import LAUNCH
from pages.shared.widgets import reader_zone, run_link

_GONE = ("Left out", "Passed over")  # how sentences begin that tell what is not in the data set
_MOST_RUNS = 10  # linked in the question before a removal


def back() -> None:
    st.button(
        "All data sets",
        type="tertiary",
        icon=":material/arrow_back:",
        key="datasets_back",
        on_click=st.query_params.clear,
    )


def head(found: Known) -> None:
    back()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(literal(found.title, 80), anchor=False, width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            if st.button("Train on it", type="primary", icon=LAUNCH.icon, key="datasets_launch"):
                st.switch_page(LAUNCH.path, query_params={"dataset": found.name})
            if found.manifest is not None:
                if found.info.class_names:
                    draw_rename(found)
                _remove(found)
    st.markdown(f":blue-badge[{words.kind(found.info)}] :gray-badge[{words.task(found.info)}] {literal(found.summary)}")
    st.caption(" · ".join(_about(found)))


def _about(found: Known) -> list[str]:
    manifest = found.manifest
    stamp = [f"fingerprint {found.fingerprint[:12]}"] if found.fingerprint else []
    if manifest is None:
        return [f"built in as {literal(found.name)}", *([size(found.bytes)] if found.bytes else []), *stamp]
    added = f"added {minute(manifest.added_at, reader_zone())} by {literal(manifest.added_by)}"
    return [f"name {literal(found.name)}", f"from {literal(manifest.origin, 80)}", added, size(manifest.bytes), *stamp]


def notes(found: Known) -> None:
    """What was left out when it was added, as a warning; what was decided, as plain notes."""
    told = [on_the_page(each) for each in (found.manifest.warnings if found.manifest else ())]
    gone = [each for each in told if each.startswith(_GONE)]
    if gone:
        st.warning(_lines(gone), icon=":material/info:")
    decided = [each for each in told if not each.startswith(_GONE)]
    if decided:
        st.caption(_lines(decided))


def _lines(texts: Sequence[str]) -> str:
    return "\n".join(f"- {literal(text)}" for text in texts) if len(texts) > 1 else literal(texts[0])


def tiles(found: Known, profile: Profile | None) -> None:
    """The few numbers that say most."""
    tiles = {split.part: split.examples for split in (profile.splits if profile else ())} or {
        "train": found.info.train_examples,
        "validation": found.info.validation_examples,
        "test": found.info.test_examples,
    }
    values = [("Training examples", f"{tiles.get('train', 0):,}"), ("Test examples", f"{tiles.get('test', 0):,}")]
    if tiles.get("validation"):
        values.insert(1, ("Author's validation part", f"{tiles['validation']:,}"))
    if found.info.split_by != "random":
        by = f"by group, {found.info.groups:,} to train on" if found.info.split_by == "group" else "by time"
        values.append(("Split", by))
    if found.info.kind in ("corpus", "series"):
        values = []
    values.append(("Predicts", words.predicted(found.info)))
    if words.shape(found.info):
        values.append(("Holds" if found.info.series else "Each example", words.shape(found.info)))
    tokens = found.tokens
    if tokens:
        what = " with line breaks" if found.info.kind == "corpus" and found.info.word_rules > 1 else ""
        values.append(("Words", f"{tokens.words:,}{what}, {tokens.distinct_words:,} distinct"))
        values.append(("Characters", f"{tokens.characters:,}, {tokens.distinct_characters:,} distinct"))
    with st.grid("auto", min_column_width=200):
        for label, value in values:
            with st.container(border=True, height="stretch", gap="xxsmall"):
                st.caption(label)
                st.markdown(f"**{literal(value, 60)}**")


def _remove(found: Known) -> None:
    with st.popover("Remove", icon=":material/delete:", key="datasets_remove"):
        users = runs_with(context(), found.name)
        active = [run for run in users if not run.state.is_finished]
        st.markdown(f"Remove **{literal(found.title, 60)}** from this host for good?")
        if users:
            st.markdown(
                f"{plural(len(users), 'run')} learned from it. They keep their results, but cannot be launched again."
            )
            with st.container(gap="xxsmall"):
                for run in users[:_MOST_RUNS]:
                    run_link(run)
            if len(users) > _MOST_RUNS:
                st.caption(f"and {len(users) - _MOST_RUNS:,} more")
        else:
            st.caption("No run uses it.")
        if active:
            st.warning(
                f"{plural(len(active), 'run')} with it still to end: stop first, then remove.", icon=":material/block:"
            )
        st.button(
            "Remove for good",
            type="primary",
            key="datasets_remove_apply",
            disabled=bool(active),
            on_click=_removed,
            args=(found.name, found.title),
        )


def _removed(name: str, title: str) -> None:
    try:
        data_sets.remove(context(), name)
    except TraindeckError as error:
        st.session_state[state.DATASETS_NOTICE] = ("error", str(error))
        return
    known_datasets.clear()
    st.session_state[state.DATASETS_NOTICE] = ("success", f"Removed {title}.")
    st.query_params.clear()


def notice() -> None:
    """What the last action did, once."""
    told = st.session_state.pop(state.DATASETS_NOTICE, None)
    if told:
        kind, text = told
        draw = {"success": st.success, "error": st.error}[kind]
        draw(literal(text), icon=":material/check:" if kind == "success" else ":material/error:")
