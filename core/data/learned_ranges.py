"""Which numbers a network has learned from."""

from core.common.errors import TraindeckError
from core.common.settings import Settings
from core.data import library
from core.data.base import Source
from core.data.sources.added import Added


def ranges_of(settings: Settings, source: Source) -> dict[str, tuple[float, float]]:
    """The smallest and the largest number of each feature of the training part; none of built-in data."""
    if not isinstance(source, Added):
        return {}
    try:
        columns = library.profile(settings, source.dataset).columns
    except TraindeckError:
        return {}
    return {
        each.name: (each.spread.minimum, each.spread.maximum)
        for each in columns
        if each.kind == "number" and each.spread is not None
    }
