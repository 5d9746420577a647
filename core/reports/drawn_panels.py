"""Panels drawn: as things are now, or as they were when they were frozen."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import db.written_reports
from core.common import faults
from core.common.context import Context
from core.common.errors import DataError, TraindeckError
from core.reports import panels_of_evaluation, panels_of_flips, panels_of_one, panels_of_runs, panels_of_verdicts
from core.reports.blocks import Block, Words, from_json, to_json
from core.reports.panel_specs import Panel

MOST_FROZEN = 20 * 2**20  # characters of what one panel may hold

_DRAWN: dict[str, Callable[[Context, Any], list[Block]]] = {
    "curves": panels_of_runs.curves,
    "table": panels_of_runs.run_table,
    "verdict": panels_of_verdicts.verdict,
    "leaderboard": panels_of_verdicts.leaderboard,
    "effects": panels_of_verdicts.what_params_did,
    "ranks": panels_of_verdicts.ranks,
    "sweep": panels_of_one.of_sweep,
    "evaluation": panels_of_evaluation.of_evaluation,
    "flips": panels_of_flips.flips_of,
    "folds": panels_of_flips.folds,
    "media": panels_of_one.of_media,
    "note": panels_of_one.of_note,
}


@dataclass(frozen=True)
class Drawn:
    """`frozen_at` in UTC seconds; None of what is live."""

    title: str
    blocks: tuple[Block, ...]
    frozen_at: float | None = None


def drawn(context: Context, panel: Panel) -> Drawn:
    """Never raises for what a panel is about: what is missing is told in its place. Raises StoreError."""
    if isinstance(panel.frozen, str):
        return _thawed(context, panel)
    try:
        return Drawn(panel.title, tuple(_blocks(context, panel)))
    except TraindeckError as error:
        told = str(error)
    except Exception as error:  # noqa: BLE001 - one panel does not take the report with it
        told = faults.told(faults.noted(error))
    return Drawn(panel.title, (Words(told, "warning"),))


def _blocks(context: Context, panel: Panel) -> list[Block]:
    """Raises TraindeckError."""
    return _DRAWN[panel.kind](context, panel)


def frozen(context: Context, panel: Panel) -> tuple[str, str]:
    """The key and the content of what it shows now. Raises TraindeckError, where it shows nothing."""
    told = {"at": round(time.time(), 3), "blocks": to_json(_blocks(context, panel))}
    content = json.dumps(told, separators=(",", ":"), sort_keys=True)
    if len(content) > MOST_FROZEN:
        raise DataError(
            f"It holds {len(content) / 2**20:.0f} MB, where a panel can be frozen with {MOST_FROZEN // 2**20} MB; "
            "take fewer runs, or leave it live."
        )
    return hashlib.sha256(content.encode()).hexdigest()[:32], content


def _thawed(context: Context, panel: Panel) -> Drawn:
    with context.workspace.read() as session:
        content = db.written_reports.frozen(session, [str(panel.frozen)]).get(str(panel.frozen))
    if content is None:
        told = "What was frozen here is not in this workspace. Write `frozen: true` to freeze it as it is now."
        return Drawn(panel.title, (Words(told, "warning"),))
    try:
        kept = json.loads(content)
        return Drawn(panel.title, tuple(from_json(kept["blocks"])), float(kept["at"]))
    except (DataError, ValueError, KeyError, TypeError) as error:
        return Drawn(panel.title, (Words(f"What was frozen here cannot be read: {str(error)[:200]}", "warning"),))
