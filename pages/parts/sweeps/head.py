"""How far a sweep is: its best trial, its budget, when it will be done, and what was confirmed."""

from collections.abc import Iterator, Sequence

import streamlit as st

from core.common.digits import with_deviation
from core.comparison.sweep_frames import confirmed_digits, confirmed_frame, curse_told
from core.reports.panel_specs import SweepPanel
from core.runs.kinds import NETWORK
from core.sweeps import managing
from core.sweeps.by_hand import HAND
from core.sweeps.confirming import confirmed, leading
from core.sweeps.list_fields import all_written, described
from core.sweeps.spending import forecast
from core.sweeps.trials import SweepState, SweepView, Trial
from core.verdicts.confirmed_told import confirmed_told, grounds_told, names_of
from core.verdicts.fresh_seeds import FreshSeeds, fresh_seeds
from core.verdicts.settling import Lacking
from pages.parts.compare.link import of_configs
from pages.parts.launch.draft import CLONE, VARIED
from pages.parts.sweeps.actions import tell_queued
from pages.shared.add_to_report import add_to_report
from pages.shared.data import context
from pages.shared.format import DASH, duration, literal, number, plural, roughly
from pages.shared.further_seeds import offer
from pages.shared.nav import COMPARE, LAUNCH, RUN
from pages.shared.run_table import number_column

_HELP = {False: "The same configs with further seeds, which are confirmed here, too."}


def status(view: SweepView) -> None:
    best, budget = view.best(), view.definition.budget
    over, most = sum(trial.is_over for trial in view.chosen), max(budget.trials or 0, len(view.chosen))
    by_hand = sum(trial.origin == HAND for trial in view.trials)
    pruned = sum(trial.state == "pruned" for trial in view.trials)
    failed = sum(trial.state == "failed" for trial in view.trials)
    ahead = forecast(view)
    goal = view.definition.goals[0].told
    with st.grid(4, min_column_width=150, gap="small"):
        _best(view, best, goal)
        st.metric("Trials ended", f"{over:,}{f' of {most:,}' if budget.trials else ''}")
        st.metric("Training", duration(view.seconds))
        is_going = view.sweep.state is SweepState.RUNNING or (view.sweep.state.is_over and bool(view.active))
        if is_going:
            st.metric("Done in", f"≈ {roughly(ahead.seconds)}" if ahead else DASH, help="At the pace so far")
        elif view.sweep.finished_at is not None:
            took = view.sweep.finished_at - view.sweep.created_at
            st.metric("Took", duration(took), help="From its begin to its end")
    told = [
        f"{by_hand:,} by hand on top" if by_hand else "",
        f"{pruned:,} pruned" if pruned else "",
        f"{failed:,} failed" if failed else "",
    ]
    told.append(f"{plural(len(view.active), 'run')} at work or queued" if view.active else "")
    if any(told):
        st.caption(", ".join(filter(None, told)))
    st.caption(" · ".join(literal(each, 300) for each in described(view.definition.fields)))
    _links(view)
    _confirmations(view)


def _best(view: SweepView, best: Trial | None, goal: str) -> None:
    """What fresh seeds say, once they do, and beside it what the search had of that trial."""
    again = leading(confirmed(view))
    if again is None:
        st.metric(f"Best {goal}", number(best.values[0]) if best and best.values else DASH)
        return
    so_far = " so far" if any(each.running for each in confirmed(view)) else ""
    mean, told = number(again.mean), f"n={again.seeds}"
    if again.mean is not None and again.deviation is not None:
        mean, deviation = with_deviation(again.deviation, again.mean)
        told = f"± {deviation}, {told}"
    st.metric(
        f"Confirmed {goal}{so_far}", mean, f"{told}; {number(again.found)} in the search", delta_color="off",
        delta_arrow="off",
        help=f"Trial {again.trial.number}, on fresh seeds, ± their standard deviation; beside it what it had in the "
        "search.",
    )  # fmt: skip


def _links(view: SweepView) -> None:
    """To the best run, or the best that is left."""
    again = confirmed(view)
    fresh = [each.trial for each in again if each.mean is not None and leading(again)]
    best = [*fresh, *view.ranked]
    trial = next((each for each in best if each.run_ids), None)
    if trial is None:
        return
    if trial is not best[0]:
        st.caption(f"The run of the best, trial {best[0].number}, was deleted; trial {trial.number} is the best left.")
    with st.container(horizontal=True, vertical_alignment="center"):
        on_fresh = " on fresh seeds" if any(trial is each for each in fresh) else ""
        so_far = " so far" if on_fresh and any(each.running for each in again) else ""
        st.page_link(
            RUN.path, label=f"Open the best{on_fresh}{so_far}, trial {trial.number}",
            icon=RUN.icon, help="", query_params={"id": str(trial.run_ids[0])},
        )  # fmt: skip
        if view.definition.kind == NETWORK.name:
            fields = ";".join(all_written(view.definition.fields))
            st.page_link(
                LAUNCH.path, label="Search on from it", icon=LAUNCH.icon,
                help="The Launch form with its config and the same fields marked",
                query_params={CLONE: str(trial.run_ids[0]), VARIED: fields},
            )  # fmt: skip


def _confirmations(view: SweepView) -> None:
    found = confirmed(view)
    if not found:
        return
    st.subheader("Confirmed on fresh seeds", anchor=False)
    goal = view.definition.goals[0].metric
    frame = confirmed_frame(found, goal)
    st.dataframe(
        frame,
        hide_index=True,
        height="content",
        key="sweeps_confirmed",
        alt="Confirmed configs",
        placeholder="",
        column_config={name: number_column(name, values) for name, values in confirmed_digits(frame).items()},
    )
    fresh = fresh_seeds(context(), view)
    if told := confirmed_told(view, fresh.verdict):
        st.markdown(literal(told))
    if told := grounds_told(fresh.verdict):
        st.caption(literal(told))
    _more_seeds(view, fresh)
    if told := curse_told(found, goal):
        st.caption(literal(told))
    with st.container(horizontal=True, vertical_alignment="center"):
        configs = [[each.run.id for each in one.trial.confirmations if each.run is not None] for one in found]
        if len(found) > 1 and any(configs):
            st.page_link(
                COMPARE.path, label="Compare them in full", icon=COMPARE.icon,
                help="With the verdict over their fresh seeds",
                query_params=of_configs(list(filter(None, configs)), goal),
            )  # fmt: skip
        add_to_report(SweepPanel(sweep=view.sweep.id, show="confirmation"), "confirmation")


def _more_seeds(view: SweepView, fresh: FreshSeeds) -> None:
    """What would settle which of them is best; as trials of this sweep, among what it confirms, and so no folds."""
    if fresh.verdict is None or any(each.folds for each in fresh.verdict.repeats.values()):
        return

    def launch(wanted: Lacking) -> Iterator[Sequence[int]]:
        seeds = {number: count for number, count in wanted.sides.items() if count}
        yield managing.confirm_more(context(), view.sweep.id, seeds)

    offer(fresh.verdict, fresh.sides, names_of(fresh.verdict), "sweeps", _HELP, tell_queued, launch=launch)
