"""Files of this host that the pages may read: only those in folders that whoever runs the dashboard has allowed."""

from pathlib import Path

from core.common.errors import DataError
from core.common.settings import Settings


def on_host(settings: Settings, text: str) -> Path:
    """The file or folder that a visitor named, by its whole path or from an allowed folder on, links followed.

    Raises:
        DataError: in no allowed folder, whether it exists or not; or within one, but not there or not to be read.
    """
    for root in settings.allowed_roots:
        path = (root / Path(text).expanduser()).resolve()
        if not path.is_relative_to(root.resolve()):
            continue
        try:
            path.stat()
        except OSError as error:
            raise DataError(
                f"{path} cannot be read: {error.strerror}. Give the path of a file or folder in "
                f"{shown_roots(settings)} that the dashboard's user may read."
            ) from error
        return path
    raise DataError(
        f"Only what lies in {shown_roots(settings)} can be taken from this host. Copy it there, upload it, or have "
        "whoever runs the dashboard set TRAINDECK_DATA_ROOTS; `python -m core datasets add` reads from anywhere."
    )


def shown_roots(settings: Settings) -> str:
    return " or ".join(map(str, settings.allowed_roots))
