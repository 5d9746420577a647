"""The leaks of a data set, of every kind."""

from core.data.base import DataInfo, Raw
from core.data.library.leaks.copies import copied, near_texts
from core.data.library.leaks.leak import Leak
from core.data.library.leaks.near_pictures import near_pictures
from core.data.library.leaks.telling import telling
from core.data.library.read_options import Progress, silent, within


def find(raw: Raw, info: DataInfo, progress: Progress = silent) -> tuple[Leak, ...]:
    """All that is found, the gravest first. A running text and series are cut by the run."""
    if info.kind in ("corpus", "series"):
        return ()
    progress(0.0, "looking for leaks")
    found = [*telling(raw, info), *copied(raw, info)]
    if info.kind == "image":
        found += near_pictures(raw, within(progress, 0.2, 1.0))
    elif info.kind == "text":
        found += near_texts(raw)
    return tuple(found)
