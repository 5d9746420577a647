"""Tables: all sweeps, and the trials of one."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.charts.parallel import short_names
from core.common.digits import finite
from core.comparison.sweep_frames import with_lists
from core.sweeps.confirming import confirmed, leading
from core.sweeps.definition import METHOD_TITLES
from core.sweeps.telling_values import telling_values
from core.sweeps.trial_told import value_told
from core.sweeps.trials import SweepView
from pages.shared.format import duration, number
from pages.shared.kept import trials_of
from pages.shared.run_table import number_column, opens_rows, text_column
from pages.shared.widgets import reader_zone

_LIST, _TRIALS = "sweeps_list", "sweeps_trial_table"
_MOST = 1_000  # trials in the table


def list_of_sweeps(found: Sequence[SweepView]) -> None:
    """A click opens one."""
    best = [view.best() for view in found]
    frame = pd.DataFrame(
        {
            "Sweep": [view.sweep.name for view in found],
            "State": [view.sweep.state.value for view in found],
            "Method": [METHOD_TITLES[view.definition.method] for view in found],
            "Trials": [sum(trial.is_over for trial in view.trials) for view in found],
            "Goal": [view.definition.goals[0].told for view in found],
            "Best in search": [number(trial.values[0] if trial and trial.values else None) for trial in best],
            **({"Confirmed": again} if any(again := [_confirmed(view) for view in found]) else {}),
            "Training": [duration(view.seconds) for view in found],
            "Begun": [_moment(view.sweep.created_at) for view in found],
            "By": [view.sweep.created_by for view in found],
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        height="content",
        key=_LIST,
        alt="All sweeps",
        selection_mode="single-cell",
        on_select=_opens([view.sweep.id for view in found]),
        column_config={
            "Begun": st.column_config.DatetimeColumn(format="distance"),
            "Trials": st.column_config.NumberColumn(format="localized"),
        },
    )
    st.caption("Click a row to open the sweep.")


def _confirmed(view: SweepView) -> str:
    """The best of fresh seeds, of how many of them."""
    first = leading(confirmed(view))
    return f"{number(first.mean)} (n={first.seeds})" if first else ""


def trial_table(view: SweepView) -> None:
    """The newest trials, the newest first; a click opens the run."""
    every = trials_of(view)
    newest = every.sort_values("number", ascending=False).head(_MOST).reset_index(drop=True)
    frame, fields = with_lists(view, newest)
    if frame.empty:
        return
    st.subheader("Trials", anchor=False)
    shown_numbers = set(frame["number"])
    notes = {trial.number: trial.note for trial in view.trials if trial.number in shown_numbers}
    goals = [goal.metric for goal in view.definition.goals]
    shown = frame.assign(why=frame["number"].map(notes).replace("", None), origin=frame["origin"].replace("", None))
    # What was tried stands beside what came of it; sentences would push one of them out of view.
    shown = shown[["number", "state", *goals, *fields, "seconds", "origin", "why"]]
    for field in fields:  # as people typed them: a table would round 0.00001 to 0
        shown[field] = [None if pd.isna(each) else value_told(each) for each in shown[field]]
    st.dataframe(
        shown.dropna(axis="columns", how="all") if len(shown) else shown,
        hide_index=True,
        height="content" if len(shown) <= 12 else 440,
        placeholder="",
        key=_TRIALS,
        alt="Trials of this sweep",
        selection_mode="single-cell",
        on_select=opens_rows([int(run) for run in frame["run"]], _TRIALS),
        column_config={
            "number": st.column_config.NumberColumn("Trial", width="small", pinned=True),
            "state": st.column_config.TextColumn("State", width="small"),
            "seconds": st.column_config.NumberColumn("Training, s", format="%.1f", width="small"),
            **{
                field: _field_column(name, field, shown[field])
                for field, name in zip(fields, short_names(fields), strict=True)
            },
            "origin": text_column("Added", frame["origin"]),
            "why": text_column("Why it ended so", notes.values()),
            **{
                goal.metric: number_column(goal.metric, _telling(every, goal.metric, is_min=goal.is_min))
                for goal in view.definition.goals
            },
        },
    )
    if len(every) > _MOST:
        st.caption(f"The newest {_MOST:,} of {len(every):,} trials; *Runs* has all of them.")


def _field_column(name: str, field: str, texts: pd.Series) -> Any:
    """Numbers end below each other."""
    are_numbers = all(finite(text) is not None for text in texts.dropna())
    return text_column(name, texts, alignment="right" if are_numbers else "left", help=field)


def _telling(frame: pd.DataFrame, goal: str, *, is_min: bool) -> list[float]:
    return telling_values(frame[goal].tolist(), (frame["state"] == "finished").tolist(), is_min=is_min)


def _opens(numbers: Sequence[int]) -> Callable[[], None]:
    def selected() -> None:
        row = next((row for row, _ in st.session_state[_LIST]["selection"]["cells"]), None)
        if row is not None and 0 <= row < len(numbers):
            st.query_params["sweep"] = str(numbers[row])

    return selected


def _moment(seconds: float) -> pd.Timestamp:
    return pd.Timestamp(seconds, unit="s", tz="UTC").tz_convert(reader_zone())
