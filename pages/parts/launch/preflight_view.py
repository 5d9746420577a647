"""What came of trying the config on one batch: four figures to be seen at once, and the whole of it in a tab."""

import pandas as pd
import streamlit as st

from core.charts.diagram import shape_text
from core.common.context import Context
from core.config.run import RunConfig
from core.data.base import DataInfo
from core.jobs import preflight
from core.jobs.preflight import Preflight
from pages.parts.launch.findings import Findings, last_tried, tried
from pages.shared.format import DASH, literal, number, roughly, size
from pages.shared.widgets import look_until

_POLL = 0.4  # seconds between two looks for the outcome


def draw_trial(context: Context, found: Findings, info: DataInfo | None) -> None:
    """About how long, how much memory, how the loss begins, how large a checkpoint."""
    trial = found.trial or (last_tried() if found.trying else None)  # an earlier one's figures beat empty places
    config = found.config
    if config is None or (trial is None and not found.trying):
        return
    with st.container(key="launch_trial", gap="xsmall"):
        old = found.trying and trial is not None
        with (
            st.container(key="launch_old_figures" if old else "launch_figures"),
            st.grid(4, min_column_width=80, gap="small"),
        ):
            for label, (value, help_) in _figures(trial, config, info).items():
                st.metric(label, value, help=help_ or None)
        if found.trying:
            look_until(lambda: tried(context, config), lambda: _waiting(context, config), _POLL)
        elif trial is not None:
            for warning in trial.warnings:
                st.warning(literal(warning), icon=":material/warning:")


def _waiting(context: Context, config: RunConfig) -> None:
    doing = preflight.progress(context, config)
    told = f": {literal(doing)}" if doing else ""
    st.caption(f":material/hourglass_empty: Trying a batch{told}; you can launch meanwhile.")


def _figures(trial: Preflight | None, config: RunConfig, info: DataInfo | None) -> dict[str, tuple[str, str]]:
    """Label to value and help."""
    total = trial.total_seconds(config, info) if trial and info else None
    memory = trial.memory if trial else None
    return {
        "Time": (DASH if total is None else f"≈ {roughly(total)}", _about_time(trial, config, info)),
        "Memory": (
            DASH if memory is None else size(memory.needed),
            f"Estimated, of {size(memory.free)} that {literal(memory.place)} has." if memory else "",
        ),
        "First loss": (number(trial.loss if trial else None), _about_loss(trial)),
        "Weights": (
            size(trial.checkpoint if trial else None),
            "As each of two checkpoints has them, with the optimizer's state; what else is in its file, such as the "
            "network's config, takes some tens of KiB.",
        ),
    }


def _about_time(trial: Preflight | None, config: RunConfig, info: DataInfo | None) -> str:
    epoch = trial.epoch_seconds(config, info) if trial and info else None
    if trial is None or epoch is None:
        return ""
    measured = " Measured on the CPU; the run gets a GPU and will be faster." if trial.device == "gpu" else ""
    return f"About {_short(epoch)} per epoch, from a few steps timed on this host.{measured}"


def _about_loss(trial: Preflight | None) -> str:
    if trial is None or trial.expected is None:
        return ""
    return f"Of one batch before training. Mere guessing gives {trial.rule} = {number(trial.expected)}."


def _short(seconds: float) -> str:
    return roughly(seconds) if seconds >= 1 else f"{1000 * seconds:.{0 if seconds >= 0.01 else 1}f} ms"


def draw_details(found: Findings, info: DataInfo | None) -> None:
    trial, config = found.trial or last_tried(), found.config
    if trial is None or config is None:
        st.caption("A batch is tried as soon as nothing is wrong.")
        return
    st.dataframe(
        pd.DataFrame(_facts(trial, config, info), columns=["what", "value"]),
        hide_index=True,
        height="content",
        key="launch_facts",
        column_config={
            "what": st.column_config.TextColumn("One batch, tried", width="small"),
            "value": st.column_config.TextColumn("", width="medium"),
        },
        alt="What came of trying one batch",
    )


def _facts(trial: Preflight, config: RunConfig, info: DataInfo | None) -> list[tuple[str, str]]:
    epoch = trial.epoch_seconds(config, info) if info else None
    total = trial.total_seconds(config, info) if info else None
    facts = [
        ("Batch", f"{shape_text(trial.x_shape)} in, {shape_text(trial.y_shape)} out"),
        ("Parameters", f"{trial.parameters:,}, {trial.trainable:,} of them trained"),
        ("First loss", f"{number(trial.loss)}; mere guessing: {trial.rule} = {number(trial.expected)}"),
        ("Step", DASH if trial.step_seconds is None else f"{_short(trial.step_seconds)} on this host's CPU"),
        ("Epoch", DASH if epoch is None else f"about {_short(epoch)}"),
        ("Training", DASH if total is None else f"about {_short(total)}, unless it stops early"),
    ]
    memory = trial.memory
    if memory is not None:
        facts += [
            ("Memory", f"about {size(memory.needed)} of {size(memory.free)} of {memory.place}"),
            ("· weights", f"{size(memory.parameters)}, gradients {size(memory.gradients)}"),
            ("· optimizer", size(memory.optimizer)),
            ("· activations", f"{size(memory.activations)} for a batch"),
            ("· data", size(memory.data)),
        ]
    return [*facts, ("Saved weights", f"{size(trial.checkpoint)} with the optimizer's state")]
