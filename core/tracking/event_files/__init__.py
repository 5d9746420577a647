"""TensorBoard's event files, read without TensorBoard and TensorFlow, also while they grow.

To follow what a script writes below a folder:

    readers: dict[Path, EventFolder] = {}
    for folder in event_folders(root):  # again and again: folders and files come later, too
        for found in readers.setdefault(folder, EventFolder(folder)).read_on():
            for tag, columns in found.scalars.items():
                name = metric_name(folder, run_folder(folder, root), tag)
                points = columns.copied(len(columns))
                recorder.log_series(name, points.step, points.value, points.wall_time)
"""

from core.tracking.event_files.event_file import EventFile
from core.tracking.event_files.event_folders import EventFolder, event_folders, metric_name, run_folder
from core.tracking.event_files.found_events import FoundEvents, Media
from core.tracking.event_files.overlaps import without_overlaps

__all__ = [
    "EventFile",
    "EventFolder",
    "FoundEvents",
    "Media",
    "event_folders",
    "metric_name",
    "run_folder",
    "without_overlaps",
]
