"""A script's parameters, read from its source by whichever ways it uses."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from core.scripts.parameter import Parameter, Reading
from core.scripts.parameters.absl_flags import AbslReader
from core.scripts.parameters.argparse_calls import ArgparseReader
from core.scripts.parameters.click_options import ClickReader
from core.scripts.parameters.model_parsers import ModelReader
from core.scripts.parameters.signatures import SignatureReader
from core.scripts.source.walk import Reader, TooLongError, Walk

_FOLLOWED = "The script is long; what it declares after that could not be read. Give it as free arguments."


class _Reads(Reader, Protocol):
    def reading(self) -> Reading | None:
        """What it has found; None where the script does not use its way."""


def read(project: Path, entry: Path, package: str = "") -> Reading:
    """What the script can be given. Nothing of it is run.

    Args:
        project: the folder whose modules are followed.
        entry: the file that is run.
        package: of an entry that is a module of one, its full name: relative imports begin there.
    """
    models = ModelReader()
    readers: tuple[_Reads, ...] = (models, ArgparseReader(), AbslReader(), ClickReader(), SignatureReader())
    limits: list[str] = []
    try:
        if not Walk(project, entry, readers).run(package):
            return Reading(limits=("Its source cannot be read as Python, so what it takes is not known.",))
    except TooLongError:
        limits.append(_FOLLOWED)
    except RecursionError:
        limits.append("Its source is nested too deeply to be followed. Give what is missing as free arguments.")
    found = [reading for reader in readers if (reading := reader.reading()) is not None]
    if not any(each.parameters for each in found) and models.unreachable:
        limits.append(
            f"{models.unreachable} is filled by the script itself, not from its command line: nothing of it can be set."
        )
    return _joined(found, limits)


def _joined(found: Sequence[Reading], limits: list[str]) -> Reading:
    """All of them together; of one name, the first."""
    parameters: dict[tuple[str, str], Parameter] = {}
    for each in (parameter for reading in found for parameter in reading.parameters):
        parameters.setdefault((each.name, each.command), each)
    return Reading(
        tuple(dict.fromkeys(way for reading in found for way in reading.ways)),
        tuple(parameters.values()),
        tuple(dict.fromkeys(command for reading in found for command in reading.commands)),
        next((reading.description for reading in found if reading.description), ""),
        tuple(dict.fromkeys([*(each for reading in found for each in reading.limits), *limits])),
    )
