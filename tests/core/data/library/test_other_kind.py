"""A file of another kind than was said is refused with the kind that it seems to be of."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library import TableOptions, adding

Make = Callable[[Path], Path]


def _pictures(folder: Path) -> Path:
    for name in ("cats", "dogs"):
        (folder / "p" / name).mkdir(parents=True)
        Image.new("L", (8, 8)).save(folder / "p" / name / "1.png")
    return folder / "p"


def _table(folder: Path) -> Path:
    (folder / "t.csv").write_text("a,b,y\n" + "".join(f"{at},{at}.5,{'pq'[at % 2]}\n" for at in range(30)))
    return folder / "t.csv"


def _arrays(folder: Path) -> Path:
    np.savez(folder / "a.npz", x=np.zeros((9, 3)), y=np.arange(9) % 2)
    return folder / "a.npz"


def _texts(folder: Path) -> Path:
    for name in ("pos", "neg"):
        (folder / "w" / name).mkdir(parents=True)
        (folder / "w" / name / "1.txt").write_text("a text")
    return folder / "w"


@pytest.mark.parametrize(
    ("make", "kind", "told"),
    [
        (_pictures, "table", r"p seems to hold pictures.*Images \(images\)"),
        (_pictures, "arrays", r"Images \(images\)"),
        (_table, "images", r"t.csv seems to hold a table; that is the kind Table \(table\)"),
        (_table, "arrays", r"Table \(table\)"),
        (_arrays, "table", r"Rows of numbers \(arrays\)"),
        (_arrays, "images", r"Rows of numbers \(arrays\)"),
        (_texts, "table", r"Labelled texts \(text\)"),
        (_texts, "images", r"Labelled texts \(text\)"),
    ],
)
def test_the_right_kind_is_named(settings: Settings, tmp_path: Path, make: Make, kind: str, told: str) -> None:
    options: Any = TableOptions(target="y") if kind == "table" else None
    with pytest.raises(DataError, match=told):
        adding.add(settings, kind, "mine", make(tmp_path), options)


def test_a_look_at_a_folder_of_pictures_names_their_kind(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"Images \(images\)"):
        adding.peek_table(settings, _pictures(tmp_path))


def test_what_is_wrong_within_the_right_kind_is_told_alone(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        adding.add_table(settings, "mine", _table(tmp_path), TableOptions(target="z"))
    assert "seems to hold" not in str(refused.value)
