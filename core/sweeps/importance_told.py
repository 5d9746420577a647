"""What is known of the importance of a sweep's fields, as its row keeps it; see core.sweeps.field_importance."""

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass

from core.common.text import plural
from core.sweeps.trials import SweepView
from db.sweep_records import SweepRecord

FEWEST = 30  # trials with a result, under which measures of importance disagree with themselves
QUESTIONS = {
    "ped_anova": ("PED-ANOVA", "What brings a config into the best tenth?"),
    "fanova": ("fANOVA", "What explains how results differ, over the whole space?"),
}
KEY = "importance"  # in the row


@dataclass(frozen=True)
class Importance:
    """By measure, then by field: its share, and the 5th and 95th percentile of resamples."""

    trials: int
    measured: int  # of them, drawn where there are very many
    pruned: int  # of them, which count by what others of their rank came to
    shares: Mapping[str, Mapping[str, tuple[float, float, float]]]


def told(view: SweepView) -> Importance | None:
    """None before it was computed."""
    kept = view.sweep.told.get(KEY)
    if not isinstance(kept, dict):
        return None
    shares = {name: {field: tuple(each) for field, each in kept[name].items()} for name in QUESTIONS if name in kept}
    if not shares:
        return None
    trials = int(kept["trials"])
    return Importance(trials, int(kept.get("measured", trials)), int(kept.get("pruned", 0)), shares)


def counted(found: Importance) -> str:
    """Of how many trials, in words."""
    drawn = f", of which {found.measured:,} were drawn" if found.measured < found.trials else ""
    pruned = f"; {found.pruned:,} were pruned, and count by what others of their rank came to" if found.pruned else ""
    return f"{plural(found.trials, 'trial')}{drawn}{pruned}"


def with_result(view: SweepView) -> int:
    """How many trials were trained to their end, or pruned while they had a value."""
    states = ("finished", "pruned") if len(view.definition.goals) == 1 else ("finished",)
    return sum(trial.state in states and trial.values is not None for trial in view.trials)


def is_due(view: SweepView) -> bool:
    """Whether it can be computed, and is to be anew: enough trials, of which a fifth is new, or the sweep is over."""
    if importlib.util.find_spec("optuna") is None:
        return False
    ended = with_result(view)
    return ended >= FEWEST and ended > known_of(view.sweep) * (1.0 if view.sweep.state.is_over else 1.2)


def known_of(sweep: SweepRecord) -> int:
    """Of how many results it was computed; 0 before it was."""
    kept = sweep.told.get(KEY)
    return int(kept.get("of") or kept.get("trials") or 0) if isinstance(kept, dict) else 0
