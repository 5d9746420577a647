"""Names of added data sets: configs know them by these."""

import re
from pathlib import Path

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted
from core.data.library.folders import added_dir
from core.data.library.store import NAME, listing


def slug(text: str) -> str:
    """A name that is accepted, made from a title or the name of a file."""
    stem = Path(text).stem if re.search(r"\.\w{1,5}$", text) else text
    words = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    return words[:64].strip("-") or "data"


def free_name(settings: Settings, text: str) -> str:
    """A name that is accepted and not taken, from a title or the name of a file."""
    name = slug(text)
    taken = {manifest.name for manifest in listing(settings)} | _built_in()
    names = (name, *(f"{name[:60]}-{number}" for number in range(2, 1000)))
    return next((each for each in names if each not in taken), name)


def check_name(settings: Settings, name: str) -> None:
    """Raises DataError for a name that is not accepted or taken."""
    if not NAME.fullmatch(name):
        raise DataError(
            f"{quoted(name)} cannot be the name of a data set; accepted are 1 to 64 lower-case letters a to z, "
            "digits, - and "
            f"_, beginning with a letter or digit, such as {slug(name)}."
        )
    if name in _built_in():
        raise DataError(
            f"{quoted(name)} is the name of a built-in data set, which one of your own would hide. Take another name, "
            "such "
            f"as {free_name(settings, name)}."
        )
    if (added_dir(settings) / name).exists():
        raise DataError(
            f"There is a data set {quoted(name)} already. Take another name, such as {free_name(settings, name)}, or "
            "remove "
            "that one first."
        )


def _built_in() -> set[str]:
    from core.data.library.known import BUILT_IN  # made of the sources, which need this package first

    return set(BUILT_IN)
