"""What can be done with the selected runs. Every action says what it did and, where it can, offers to undo it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core import models, runs
from core.common.errors import TraindeckError
from core.runs.records import RunQuery
from pages.frontend.types import DeltaGenerator
from pages.parts.runs.filters import View
from pages.shared.data import context
from pages.shared.format import literal, plural, size
from pages.shared.nav import COMPARE
from pages.shared.widgets import reader_zone

SELECTED = "runs_selected"  # numbers, in the order of selection, over all pages of the table
NOTICE = "runs_notice"
_NEW_TAGS, _TARGET = "runs_new_tags", "runs_target"
_TAGGING, _MOVING = "runs_tag", "runs_move"  # whether their popovers are open
_COMPARE_MOST = 50
_FORMS = {"bundle": "For another Traindeck", "tensorboard": "As TensorBoard's logs", "csv": "As CSV"}


@dataclass(frozen=True)
class Notice:
    """What the last action did; `undo` takes it back."""

    text: str
    kind: str = "success"  # or "warning", "error"
    undo: Callable[[], None] | None = None


def selected() -> list[int]:
    return list(st.session_state.get(SELECTED, []))


def select(run_ids: Sequence[int]) -> None:
    st.session_state[SELECTED] = list(dict.fromkeys(run_ids))


def finish(text: str, kind: str = "success", undo: Callable[[], None] | None = None) -> None:
    """End an action by saying what it did, and draw the whole page: its filters count runs, too."""
    st.session_state[NOTICE] = Notice(text, kind, undo)
    st.rerun()


def show_notice() -> None:
    """The outcome of the last action, until the next one or until it is put away."""
    notice: Notice | None = st.session_state.get(NOTICE)
    if notice is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="runs_notice_row"):
        draw = {"success": st.success, "warning": st.warning}.get(notice.kind, st.error)
        draw(notice.text, width="stretch")
        if notice.undo:
            st.button("Undo", icon=":material/undo:", key="runs_undo", on_click=_undo, args=(notice,))
        st.button("Dismiss", icon=":material/close:", key="runs_dismiss", type="tertiary", on_click=_dismiss)


def _undo(notice: Notice) -> None:
    _dismiss()
    if notice.undo and attempt(notice.undo):
        st.rerun()


def _dismiss() -> None:
    st.session_state.pop(NOTICE, None)


def attempt(action: Callable[[], object]) -> bool:
    """Do it, and show what a user has to know when it cannot be done; says whether it was."""
    try:
        action()
    except TraindeckError as error:
        st.session_state[NOTICE] = Notice(literal(str(error)), "error")
        return False
    return True


def action_bar(view: View, total: int) -> None:
    """Buttons for the selected runs; there, but off, while none is selected."""
    chosen = selected()
    none = not chosen
    with st.container(horizontal=True, vertical_alignment="center", key="runs_actions"):
        if view.query.trashed:
            _trash_buttons(chosen, total)
        else:
            _run_buttons(chosen)
        if len(chosen) < total:
            st.button(
                f"Select all {total:,}", key="runs_select_all", type="tertiary", on_click=_select_all, args=(view,)
            )
        if not none:
            st.button("Clear selection", key="runs_clear", type="tertiary", on_click=select, args=([],))


def _run_buttons(chosen: list[int]) -> None:
    none = not chosen
    count = f" {len(chosen):,}" if chosen else ""
    if st.button(
        f"Compare{count}", type="primary", icon=":material/compare_arrows:", key="runs_compare",
        disabled=none or len(chosen) > _COMPARE_MOST,
        help=f"Select from 1 to {_COMPARE_MOST} runs" if none or len(chosen) > _COMPARE_MOST else None,
    ):  # fmt: skip
        st.switch_page(COMPARE.path, query_params={"runs": ",".join(str(run_id) for run_id in chosen)})
    going = not none and not {run.id for run in runs.active(context())}.isdisjoint(chosen)
    st.button("Stop", icon=":material/stop_circle:", key="runs_stop", disabled=not going, on_click=_stop,
              args=(chosen,), help="Active runs end the step, save a checkpoint, keep everything")  # fmt: skip
    # The buttons stand beside the lists, which cover what is below them while they are open.
    with (
        st.popover("Tag", icon=":material/sell:", disabled=none, key=_TAGGING, on_change="rerun"),
        _row("runs_tag_row"),
    ):
        st.multiselect(
            "Tags to add", runs.all_tags(context()) if chosen else [], accept_new_options=True, key=_NEW_TAGS,
            placeholder="Choose or type", width=260,
        )  # fmt: skip
        st.button("Add tags", key="runs_tag_apply", type="primary", on_click=_tag, args=(chosen,))
    with (
        st.popover("Move", icon=":material/drive_file_move:", disabled=none, key=_MOVING, on_change="rerun"),
        _row("runs_move_row"),
    ):
        st.selectbox(
            "Experiment", list(runs.experiments(context())) if chosen else [], index=None, key=_TARGET,
            accept_new_options=True, placeholder="Choose or type a new one", width=260,
        )  # fmt: skip
        st.button("Move runs", key="runs_move_apply", type="primary", on_click=_move, args=(chosen,))
    with st.popover("Export", icon=":material/download:", disabled=none, key="runs_export"):
        if chosen:
            for form, label in _FORMS.items():
                numbers = ",".join(map(str, chosen))
                st.link_button(label, f"api/exports?form={form}&runs={numbers}", width="stretch", help="")
    st.button("Delete", icon=":material/delete:", key="runs_delete", disabled=none, on_click=_delete, args=(chosen,),
              help="To the trash, from where it can be taken back")  # fmt: skip


def _row(key: str) -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="bottom", wrap=False, key=key)


def _trash_buttons(chosen: list[int], total: int) -> None:
    st.button(
        "Restore", type="primary", icon=":material/restore_from_trash:", key="runs_restore", disabled=not chosen,
        on_click=_restore, args=(chosen,),
    )  # fmt: skip
    with st.popover("Empty the trash", icon=":material/delete_forever:", disabled=not total, key="runs_empty"):
        everything = runs.listing(context(), RunQuery(trashed=True, limit=1)).total
        st.markdown(f"Delete {plural(everything, 'run')} for good, with metrics, logs and checkpoints?")
        if kept := models.kept_told(context(), runs.matching_ids(context(), RunQuery(trashed=True))):
            st.markdown(kept)
        st.button("Delete for good", key="runs_empty_apply", type="primary", on_click=_empty)


def _select_all(view: View) -> None:
    attempt(lambda: select(runs.matching_ids(context(), view.query, view.search, reader_zone())))


def _stop(chosen: list[int]) -> None:
    stopped: list[int] = []
    if attempt(lambda: stopped.extend(runs.stop(context(), chosen))):
        rest = len(chosen) - len(stopped)
        more = f" {plural(rest, 'run')} had ended already." if rest else ""
        if stopped:
            finish(f"Asked {plural(len(stopped), 'run')} to stop.{more}")
        else:
            finish("None of the selected runs is active, so there is nothing to stop.", "warning")


def _tag(chosen: list[int]) -> None:
    tags = list(st.session_state.get(_NEW_TAGS, []))
    before = {run.id: run.tags for run in runs.get_many(context(), chosen)}
    if not tags or not attempt(lambda: runs.add_tags(context(), chosen, tags)):
        return
    st.session_state.update({_NEW_TAGS: [], _TAGGING: False})

    def undo() -> None:
        for run_id, old in before.items():
            runs.annotate(context(), run_id, tags=old)

    finish(f"Tagged {plural(len(chosen), 'run')} with {literal(', '.join(tags), 80)}.", undo=undo)


def _move(chosen: list[int]) -> None:
    target = st.session_state.get(_TARGET) or ""
    before: dict[str, list[int]] = {}
    for run in runs.get_many(context(), chosen):
        before.setdefault(run.experiment, []).append(run.id)
    if not attempt(lambda: runs.move(context(), chosen, target)):
        return
    st.session_state.update({_TARGET: None, _MOVING: False})

    def undo() -> None:
        for experiment, run_ids in before.items():
            runs.move(context(), run_ids, experiment)

    finish(f"Moved {plural(len(chosen), 'run')} to {literal(target, 80)}.", undo=undo)


def _delete(chosen: list[int]) -> None:
    gone, active = runs.trash(context(), chosen)
    select(active)
    still = f"{plural(len(active), 'run')} of the selected still active; stop first, then delete." if active else ""
    if gone:
        kept = models.kept_told(context(), gone)
        finish(f"Moved {plural(len(gone), 'run')} to the trash. {kept} {still}", undo=lambda: _out_of_trash(gone))
    else:
        finish(still, "warning")


def _restore(chosen: list[int]) -> None:
    outcome: list[list[int]] = []
    if attempt(lambda: outcome.append(runs.restore(context(), chosen))):
        back = outcome[0]
        select([])
        left = len(chosen) - len(back)
        still = f" {plural(left, 'run')} cannot be restored any more: the trash is being emptied." if left else ""
        finish(f"Restored {plural(len(back), 'run')}.{still}", undo=lambda: _back_to_trash(back))


def _out_of_trash(chosen: list[int]) -> None:
    runs.restore(context(), chosen)


def _back_to_trash(chosen: list[int]) -> None:
    runs.trash(context(), chosen)


def _empty() -> None:
    outcome: list[runs.Emptied] = []
    if attempt(lambda: outcome.append(runs.empty_trash(context()))):
        emptied = outcome[0]
        select([])
        done = f"Deleted {plural(emptied.count, 'run')} for good; {size(emptied.freed)} freed."
        if not emptied.kept:
            finish(done)
            return
        run_id, reason = next(iter(emptied.kept.items()))
        stays = f"{plural(len(emptied.kept), 'run')} stayed in the trash, since files could not be removed"
        finish(f"{done} {stays}: run {run_id}, {reason}.", "warning")
