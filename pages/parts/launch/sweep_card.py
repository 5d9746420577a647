"""The part of the Launch page's card that begins a sweep in place of runs."""

from typing import Any

from core.common.context import Context
from core.common.errors import Problem
from core.config.run import METRICS
from pages.parts.launch import draft, labels, varying
from pages.parts.launch.findings import Findings, findings, info_of
from pages.shared import state
from pages.shared.sweep_options import draw_options


def draw_sweep(context: Context, found: Findings) -> None:
    """Method, goal, budget, and the button."""

    def base() -> tuple[dict[str, Any], list[Problem]]:
        entered = labels.entered()
        given = {
            "name": entered.name,
            "base": draft.raw(),
            "preset": draft.origin().preset,
            "experiment": entered.experiment or "default",
            "tags": list(entered.tags),
        }
        return given, findings(context).problems

    varying.draw_absent(draft.raw())
    draw_options(
        context, varying.MARKS, state.LAUNCH_SWEEP, _goals(context, found), base, state.LAUNCH_SWEPT,
        _seconds(context, found),
    )  # fmt: skip


def _seconds(context: Context, found: Findings) -> float | None:
    """Of one training, once a batch was tried."""
    info = info_of(context, found.config)
    if found.trial is None or found.config is None or info is None:
        return None
    return found.trial.total_seconds(found.config, info)


def _goals(context: Context, found: Findings) -> list[str]:
    info = info_of(context, found.config)
    if info is None or found.config is None:
        return ["val_loss"]
    measured = METRICS[info.task]
    validates = found.config.data.validates or found.config.data.sizes(info)[1] > 0
    return [*(f"val_{name}" for name in measured if validates), *measured]
