"""What is known of the importance of a sweep's fields, as its row keeps it; see core.sweeps.field_importance."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.common.text import plural
from core.sweeps.trials import SweepView

FEWEST = 30  # trials that were trained to their end, under which measures of importance disagree with themselves
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
    shares: Mapping[str, Mapping[str, tuple[float, float, float]]]


def told(view: SweepView) -> Importance | None:
    """None before it was computed."""
    kept = view.sweep.told.get(KEY)
    if not isinstance(kept, dict):
        return None
    shares = {name: {field: tuple(each) for field, each in kept[name].items()} for name in QUESTIONS if name in kept}
    return Importance(int(kept["trials"]), int(kept["measured"] if "measured" in kept else kept["trials"]), shares)


def counted(found: Importance) -> str:
    """Of how many trials, in words."""
    drawn = f", of which {found.measured:,} were drawn" if found.measured < found.trials else ""
    return f"{plural(found.trials, 'trial')}{drawn}"


def is_due(view: SweepView) -> bool:
    """Whether it is to be computed anew: enough trials, of which a fifth is new, or the sweep is over."""
    ended = sum(trial.state == "finished" and trial.values is not None for trial in view.trials)
    kept = view.sweep.told.get(KEY)
    before = int(kept.get("trials", 0)) if isinstance(kept, dict) else 0
    return ended >= FEWEST and ended > before * (1.0 if view.sweep.state.is_over else 1.2)
