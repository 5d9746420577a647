"""Tables written by a test, read as people's are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.common.settings import Settings
from core.data.library import ColumnGuess, Manifest, TableOptions, TablePreview, adding

Look = Callable[..., TablePreview]
Add = Callable[..., Manifest]


@pytest.fixture
def look(settings: Settings, tmp_path: Path) -> Look:
    """What is understood of a file with this content."""

    def peek(content: str | bytes, name: str = "table.csv", **options: object) -> TablePreview:
        return adding.peek_table(settings, _written(tmp_path, name, content), TableOptions(**options))  # type: ignore[arg-type]

    return peek


@pytest.fixture
def add(settings: Settings, tmp_path: Path) -> Add:
    """A file with this content as a data set called `mine`."""

    def added(content: str | bytes, name: str = "table.csv", **options: object) -> Manifest:
        path = _written(tmp_path, name, content)
        return adding.add_table(settings, "mine", path, TableOptions(**options))  # type: ignore[arg-type]

    return added


def column(preview: TablePreview, name: str) -> ColumnGuess:
    return next(each for each in preview.columns if each.name == name)


def values(preview: TablePreview, name: str) -> list[str | float | None]:
    """Of a feature in the first rows, as they will be learned from."""
    return [row[preview.read_names.index(name)] for row in preview.read_rows]


def _written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
