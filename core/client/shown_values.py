"""What a run shows at a step beside numbers, by whichever of the habits that people have: name or value first."""

import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .as_files import as_file
from .harmless import harmless
from .media_objects import Audio, Figure, Histogram, Image, Media, Table, Text
from .notices import tell
from .outlet import Outlet
from .spooled_files import in_file, kept
from .told_values import Quoted, clean

_FILE = re.compile(r"[^\n]*\.[A-Za-z][A-Za-z0-9]{0,7}")
_TEXT_FILE = re.compile(r"\S*\.(txt|md|json|html?|csv|tsv|ya?ml|log|py|xml|toml|ini|cfg|tex|rst|sh)", re.IGNORECASE)


class Showing:
    """`log_image` and its like. What cannot be shown is told on stderr and left out: a training does not end for it.

    Each takes `(name, value)`, and MLflow's `(value, artifact_file)`: what is called as a file then is one of the
    run's files by that name, too.
    """

    step: int
    _out: Outlet
    _ended: bool
    _quoted: Quoted

    def _begin_showing(self) -> None:
        self._shown: dict[tuple[str, str], tuple[int, int]] = {}  # by kind and name, the last step and how many
        self._tables: dict[str, Table] = {}  # by file, to which rows are added

    @harmless
    def _show(self, name: Any, make: Any, value: Any, step: int | None, theirs: Mapping[str, Any], **how: Any) -> None:
        if self._ended:
            self._out.late()
            return
        name, value, file = in_order(make, name, value, theirs)
        try:
            if file and make is Table:
                value = self._tables[file] = _grown(self._tables.get(file), value)
            media = made(make, value, how)
            self._keep_media(str(name), media, self.step if step is None else int(step))
        except Exception as error:  # noqa: BLE001 - whatever a library raises: a training does not end for a picture
            self._out.warn(f"{make.kind} {name}", f"the {make.kind} {str(name)[:100]!r} is not logged: {error}")
            return
        if file:
            self._keep_as_file(file, value, media)

    def _keep_media(self, name: str, media: list[Media], step: int) -> None:
        """Raises ValueError."""
        if not self._quoted[name]:
            raise ValueError("has a name that is blank or longer than 250 characters")
        for item in media:
            last, count = self._shown.get((item.kind, name), (step, 0))
            number = count if last == step else 0
            self._shown[item.kind, name] = (step, number + 1)
            try:
                content = kept(self._out.files, item.data)
            except OSError as error:
                tell(f"the {item.kind} {name!r} cannot be kept: {error}")
                return
            about = [item.kind, clean(name), number, item.suffix, clean(item.caption)[:1000], content]
            self._out.add(["media", step, time.time(), *about], names_file="file" in content)
        self.step = max(self.step, step)

    def _keep_as_file(self, file: str, value: Any, media: list[Media]) -> None:
        """The value among the run's files, as the ending of `file` has it."""
        try:
            data = as_file(value, media[0], Path(file).suffix.lower())
            self._out.add(["artifact", clean(file), in_file(self._out.files, data)], names_file=True)
        except Exception as error:  # noqa: BLE001 - whatever a library raises, as above
            self._out.warn(f"file {file}", f"{file[:100]!r} is shown, and not kept as a file of the run: {error}")

    @harmless
    def log_image(
        self, name: Any = None, image: Any = None, step: int | None = None, caption: str = "", **theirs: Any
    ) -> None:
        """A picture, or a list of them: see `Image`. Without a step, at the last one that was logged."""
        self._show(name, Image, image, step, theirs, caption=caption)

    @harmless
    def log_text(
        self, name: Any = None, text: Any = None, step: int | None = None, *, markdown: bool = False, **theirs: Any
    ) -> None:
        """A text, as it is or Markdown. Of two texts, the second is the name where it alone is called as a file is."""
        self._show(name, Text, text, step, theirs, markdown=markdown)

    @harmless
    def log_table(
        self, name: Any = None, table: Any = None, step: int | None = None, columns: Any = None, **theirs: Any
    ) -> None:
        """A frame of pandas or polars, a list of mappings, a mapping of columns, or lists with `columns`.

        As in MLflow, one that is called as a file grows by the rows of each call.
        """
        self._show(name, Table, table, step, theirs, columns=columns)

    @harmless
    def log_figure(
        self, name: Any = None, figure: Any = None, step: int | None = None, caption: str = "", **theirs: Any
    ) -> None:
        """A figure of Plotly or matplotlib."""
        self._show(name, Figure, figure, step, theirs, caption=caption)

    @harmless
    def log_histogram(
        self, name: Any = None, values: Any = None, step: int | None = None, num_bins: int = 64, **theirs: Any
    ) -> None:
        """How the numbers of an array, a tensor or a list are distributed."""
        self._show(name, Histogram, values, step, theirs, num_bins=num_bins)

    @harmless
    def log_audio(
        self,
        name: Any = None,
        audio: Any = None,
        step: int | None = None,
        sample_rate: int | None = None,
        **theirs: Any,
    ) -> None:
        """A sound: an array with its sample rate in Hz, or a file."""
        self._show(name, Audio, audio, step, theirs, sample_rate=sample_rate)


def in_order(make: type[Media], name: Any, value: Any, theirs: Mapping[str, Any]) -> tuple[Any, Any, str]:
    """Name, value, and the file as which MLflow's habit has it kept, "" for none.

    Args:
        theirs: what else was given by name, such as MLflow's `artifact_file` and `key`.
    """
    if value is None and theirs.get("data") is not None:
        value = theirs["data"]
    if called := theirs.get("key") or theirs.get("artifact_file"):
        return called, name if value is None else value, "" if theirs.get("key") else str(called)
    if _is_value_first(make, name, value):
        name, value = value, name
        return name, value, name if _FILE.fullmatch(name) else ""
    return name, value, ""


def _is_value_first(make: type[Media], name: Any, value: Any) -> bool:
    if not isinstance(value, str):
        return False
    if not isinstance(name, str):
        return not isinstance(name, int | None)
    if make is Text:
        return bool(_TEXT_FILE.fullmatch(value)) and not _TEXT_FILE.fullmatch(name)
    return make in (Image, Figure, Audio) and len(name) < 1000 and not Path(value).is_file() and Path(name).is_file()


def _grown(known: Table | None, value: Any) -> Table:
    """With the rows of what came before, by the names of columns. Raises ValueError."""
    new = value.encoded() if isinstance(value, Table) else Table(value)
    if known is None:
        return new
    names = list(dict.fromkeys([*known.columns, *new.columns]))
    rows = [dict(zip(each.columns, row, strict=True)) for each in (known, new) for row in each.rows]
    return Table([[row.get(name) for name in names] for row in rows], columns=names)


def pictures_in(value: Any) -> list[Media]:
    """What of a value to be logged is to be looked at: itself, or all in a list. Raises ValueError: it cannot be."""
    if isinstance(value, Media):
        return [value.encoded() if isinstance(value, Table) else value]
    if isinstance(value, list | tuple) and value and all(isinstance(each, Media) for each in value):
        return [media for each in value for media in pictures_in(each)]
    if hasattr(value, "to_plotly_json") or hasattr(value, "savefig"):
        return [Figure(value)]
    if hasattr(value, "save") and hasattr(value, "mode") and hasattr(value, "size"):
        return [Image(value)]
    if hasattr(value, "itertuples") or hasattr(value, "iter_rows"):
        return [Table(value)]
    return []


def made(make: Any, value: Any, how: Mapping[str, Any]) -> list[Media]:
    """A list of pictures, sounds or figures is several, everything else one. Raises ValueError, OSError."""
    if isinstance(value, Media):
        return pictures_in(value)
    if make in (Image, Audio, Figure) and isinstance(value, list | tuple) and value and not _is_numbers(value):
        return [each if isinstance(each, Media) else make(each, **how) for each in value]
    return [make(value, **how)]


def _is_numbers(value: Iterable[Any]) -> bool:
    """Whether it is one picture or sound, as lists of numbers."""
    first = next(iter(value), None)
    while isinstance(first, list | tuple) and first:
        first = first[0]
    return isinstance(first, int | float)
