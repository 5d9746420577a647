"""Small real data sets for what adds data sets."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from core.common.settings import Settings

Packed = Callable[[Mapping[str, bytes | str]], Path]


@pytest.fixture
def packed(tmp_path: Path) -> Packed:
    """A zip file with these entries."""

    def pack(entries: Mapping[str, bytes | str]) -> Path:
        path = tmp_path / "packed.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in entries.items():
                archive.writestr(name, content)
        return path

    return pack


@pytest.fixture(scope="session")
def flowers(data_dir: Path) -> dict[str, bytes]:
    """Twenty pictures of each of five flowers, by class/file."""
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(data_dir / "images" / "flowers_1500.zip") as archive:
        names: dict[str, list[str]] = {}
        for name in archive.namelist():
            if name.endswith(".jpg"):
                names.setdefault(name.split("/")[1], []).append(name)
        for flower, files in names.items():
            found |= {f"{flower}/{at}.jpg": archive.read(name) for at, name in enumerate(files[:20])}
    return found


@pytest.fixture
def left(settings: Settings) -> Callable[[], list[str]]:
    """What lies where added data sets are kept."""
    return lambda: sorted(path.name for path in (settings.datasets_dir / "added").glob("*") if path.name != ".lock")
