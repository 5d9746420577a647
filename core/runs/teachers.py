"""Whether a run may learn from another one's answers: both must have learned from the same examples."""

from typing import Any

from core.config.run import RunConfig
from core.data.series_source import SeriesSource
from core.data.source_options import CorpusSource

SAME = "It may know those by which this run is judged: take the same data, split and seed."
_WITHIN = {"augmentation", "scaling"}  # what either does by itself to the same examples


def other_examples(config: RunConfig, teacher: RunConfig) -> str:
    """What makes their training examples differ, in words; "" where they are the same."""
    here, there = _chosen(config), _chosen(teacher)
    different = [name for name in here if here[name] != there.get(name)]
    return ", ".join(f"{name} {there.get(name)} there, {here[name]} here" for name in different)


def _chosen(config: RunConfig) -> dict[str, Any]:
    """What says which examples a run trains on."""
    data = config.data
    found = data.model_dump(exclude=_WITHIN)
    drawn = data.limit or (not isinstance(data, CorpusSource | SeriesSource) and (data.validates or data.folds))
    return found | ({"seed": config.seed} if drawn else {})
