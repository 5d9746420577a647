"""Leaks of the data set that a run learned from."""

from core.common.errors import DataError, NotFoundError
from core.common.settings import Settings
from core.data.library.known import find
from core.data.library.leaks.leak import Leak
from core.runs.specs import spec
from db.records import RunRecord


def leaks_of(settings: Settings, run: RunRecord) -> tuple[str, tuple[Leak, ...]]:
    """The data set's title and its leaks; nothing where it is not here, or is another one of the same name."""
    config = spec(run)
    if config is None:
        return "", ()
    name = str(getattr(config.data, "dataset", "") or config.data.source)
    try:
        found = find(settings, name)
    except (NotFoundError, DataError):
        return "", ()
    used = run.facts.get("data_fingerprint")
    if used and found.fingerprint and used != found.fingerprint:
        return "", ()
    return found.title, found.leaks
