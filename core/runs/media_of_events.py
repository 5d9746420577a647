"""Pictures, texts, histograms and sounds of TensorBoard's event files as what runs show."""

import math
import time
from collections.abc import Iterable
from pathlib import Path

from core.common.errors import DataError
from core.runs.media_files import MAX_NAME, GivenMedia
from core.tracking.event_files import Media, metric_name


def given_media(found: Iterable[Media], folder: Path, run: Path) -> list[GivenMedia]:
    """Of a folder of event files; its tags are called as metrics are. What is of no kind of ours is left out."""
    return [given for item in found if (given := _given(item, folder, run)) is not None]


def _given(item: Media, folder: Path, run: Path) -> GivenMedia | None:
    name = metric_name(folder, run, item.tag).replace("\0", "")[:MAX_NAME]
    at = item.wall_time if math.isfinite(item.wall_time) else time.time()
    try:
        return GivenMedia(item.kind, name, item.step, item.number, at, item.suffix, item.data)
    except (DataError, UnicodeEncodeError):
        return None
