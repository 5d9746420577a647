"""The config of a trial by what is varied, as data and in words."""

from typing import Any

from core.common.text import as_typed
from core.runs.search_names import short_name
from core.sweeps.list_fields import as_lists
from core.sweeps.trials import SweepView, Trial


def settings_of(view: SweepView, trial: Trial) -> dict[str, Any]:
    """By path; of a list that is varied value by value the whole list."""
    fields = [varied.field for varied in view.definition.fields]
    return as_lists(trial.params, fields, view.definition.settings_of_base)


def settings_told(view: SweepView, trial: Trial) -> str:
    """ "learning_rate 0.0123, hidden [64, 32]"."""
    settings = settings_of(view, trial)
    return ", ".join(f"{short_name(field)} {value_told(value)}" for field, value in settings.items())


def is_early(trial: Trial) -> bool:
    """Whether it ended before its time, and counts with its result: by ASHA, or by an early stopping of its own."""
    return trial.state == "finished" and any(each.kept.note for each in trial.runs)


def value_told(value: object) -> str:
    """A value as it was typed; what a search drew has four digits."""
    return f"{value:.4g}" if isinstance(value, float) else as_typed(value)
