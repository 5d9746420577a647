"""Small pieces that pages share: a run's state, its progress, links to it."""

import math
from collections.abc import Callable
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from core import runs
from core.evaluation.baseline_scores import Verdict
from core.runs.progress import time_left
from core.runs.records import RunRecord, RunState, Summary
from pages.shared.format import literal, number, roughly
from pages.shared.nav import RUN

STATE_LOOKS: dict[RunState, tuple[str, str]] = {  # colour and icon
    RunState.QUEUED: ("gray", ":material/hourglass_empty:"),
    RunState.STARTING: ("blue", ":material/start:"),
    RunState.RUNNING: ("blue", ":material/play_arrow:"),
    RunState.STOPPING: ("orange", ":material/front_hand:"),
    RunState.FINISHED: ("green", ":material/check:"),
    RunState.STOPPED: ("orange", ":material/stop:"),
    RunState.FAILED: ("red", ":material/error:"),
    RunState.LOST: ("red", ":material/link_off:"),
    RunState.PRUNED: ("violet", ":material/content_cut:"),
}
_SHORT_NAME = 60  # characters of a run's name in a link or a card


def state_badge(state: RunState) -> str:
    """The state as a Markdown badge."""
    colour, icon = STATE_LOOKS[state]
    return f":{colour}-badge[{icon} {state.value}]"


def standing_badge(found: Verdict) -> str:
    """How a network stands to the baselines, as a Markdown badge."""
    colour = {"above": "green", "level": "gray", "below": "orange"}[found.standing]
    icon = {"above": "trending_up", "level": "trending_flat", "below": "trending_down"}[found.standing]
    return f":{colour}-badge[:material/{icon}: {literal(found.short)}]"


def run_link(run: RunRecord) -> None:
    """A link to the Run page, labelled with the run's name."""
    st.page_link(
        RUN.path, label=f"**{literal(run.name, _SHORT_NAME)}**", icon="", help="", query_params={"id": str(run.id)}
    )


def progress_text(run: RunRecord, now: float) -> str:
    """What the bar says: where the run is, and how long it will still take as soon as that can be told."""
    trains = run.kind == runs.NETWORK.name
    match run.state:
        case RunState.STARTING:
            return "Starting: loading data and building the network" if trains else "Starting: its code is unpacked"
        case RunState.STOPPING:
            return "Stopping: finishes its step and saves a checkpoint" if trains else "Stopping: it was asked to end"
    if run.evaluating_at is not None and run.state.has_process:
        return "Evaluating on the test set"
    parts = [_position(run)]
    left = time_left(run, now)
    if left is not None:
        config = runs.spec(run)
        limit = "at most" if config is not None and config.training.early_stopping else "about"
        parts.append(f"{limit} {roughly(left)} left" if left >= 1 else "nearly done")
    return " · ".join(parts)


def _position(run: RunRecord) -> str:
    if not run.total_steps and run.kind != runs.NETWORK.name:  # how far it will go, nobody knows
        return f"Step {run.step:,}" if run.step else "Running"
    if not run.total_steps:
        return "Preparing"
    if not run.steps_per_epoch:
        return f"Step {run.step:,} of {run.total_steps:,}"
    epochs = max(1, round(run.total_steps / run.steps_per_epoch))
    # 64 steps of 64 are the end of epoch 1, not the beginning of epoch 2.
    epoch = min(epochs, max(1, -(-run.step // run.steps_per_epoch)))
    return f"Epoch {epoch:,} of {epochs:,} · step {run.step:,} of {run.total_steps:,}"


def progress_bar(run: RunRecord, now: float) -> None:
    st.progress(run.progress, text=progress_text(run, now))


def epoch_text(run: RunRecord, step: int) -> str:
    """Where a step lies: "epoch 12", or the step where epochs are not known."""
    return f"epoch {number(step / run.steps_per_epoch)}" if run.steps_per_epoch else f"step {step:,}"


def best_text(run: RunRecord, summary: Summary) -> str:
    """A metric's best value and where it was, if it ever was a number."""
    if not summary.has_best:
        return "no best before the last cut" if math.isfinite(summary.min) else "no best, never finite"
    return f"best {number(summary.best)}, {epoch_text(run, summary.best_step)}"


def look_until(is_there: Callable[[], object], waiting: Callable[[], None], seconds: float) -> None:
    """Draw `waiting`, look again every so many seconds, and draw the page anew once it is there.

    Never within the run of the page itself: a run that is cut off loses what it set in its fields, before the browser
    has seen it, and the browser then answers with the fields' first choices.
    """
    looks = 0

    def look() -> None:
        nonlocal looks
        looks += 1
        if looks > 1 and is_there():
            st.rerun()
        waiting()

    st.fragment(look, run_every=seconds)()


def reader_zone() -> tzinfo | None:
    """The time zone of the reader's browser, None for the server's own where the browser does not tell."""
    try:
        return ZoneInfo(st.context.timezone or "")
    except (ZoneInfoNotFoundError, ValueError):
        return None


def meter(label: str, share: float | None, text: str) -> None:
    """A bar for a share in percent, None where it is not known."""
    st.progress(0 if share is None else max(0, min(100, round(share))), text=f":small[{label} {text}]")
