"""What is known of a run's data without loading them, for whoever asks its network."""

from core.common.context import Context
from core.common.errors import TraindeckError
from core.data import library
from core.data.learned_ranges import ranges_of
from core.data.sources.added import Added
from core.runs.reported_networks import asked_spec
from db.records import RunRecord

_MIDDLE = 127.5  # of 0 to 255


def learned_ranges(context: Context, run: RunRecord) -> dict[str, tuple[float, float]]:
    """The smallest and the largest number of each feature of the training part; none of built-in data."""
    try:
        return ranges_of(context.workspace.settings, asked_spec(context.workspace.settings, run).data)
    except TraindeckError:
        return {}


def is_dark_on_light(context: Context, run: RunRecord) -> bool:
    """Whether the run's pictures are, by the mean of all; those of the built-in sets are light on dark."""
    try:
        source = asked_spec(context.workspace.settings, run).data
        if not isinstance(source, Added):
            return False
        images = library.profile(context.workspace.settings, source.dataset).images
    except TraindeckError:
        return False
    return images is not None and sum(images.mean) / len(images.mean) > _MIDDLE
