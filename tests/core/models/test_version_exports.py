"""The folders of exports: put in place with the store, swept after a kill, deleted with a reason where they are not."""

import subprocess
import sys
from pathlib import Path

import pytest

from core import models
from core.common.context import Context
from core.models import exports
from core.models.naming import ModelError
from core.models.version_files import swapped
from tests.core.models.conftest import Leave, keep_export


def _folder(path: Path, text: str) -> Path:
    path.mkdir(parents=True)
    (path / "network").write_text(text)
    return path


@pytest.mark.parametrize("has_old", [True, False])
def test_a_new_folder_is_in_its_place_or_the_old_one_is_there_again(tmp_path: Path, has_old: bool) -> None:
    place, aside = tmp_path / "onnx", tmp_path / "before"
    new = _folder(tmp_path / "made", "new")
    if has_old:
        _folder(place, "old")
    with pytest.raises(OSError, match="disk"), swapped(new, place, aside):
        assert (place / "network").read_text() == "new"
        raise OSError("disk is full")
    assert place.exists() == has_old
    assert not has_old or (place / "network").read_text() == "old"
    assert (new / "network").read_text() == "new"
    with swapped(new, place, aside):
        assert aside.exists() == has_old
    assert (place / "network").read_text() == "new"


def test_a_folder_that_cannot_be_moved_leaves_the_old_one(tmp_path: Path) -> None:
    place = _folder(tmp_path / "onnx", "old")
    with pytest.raises(FileNotFoundError), swapped(tmp_path / "gone", place, tmp_path / "before"):
        pass
    assert (place / "network").read_text() == "old"


def test_what_killed_processes_had_begun_goes_whatever_version_it_was_of(context: Context) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    settings = context.workspace.settings
    left = _folder(settings.models_dir / "1" / "2" / "exports" / f".{dead.pid}-onnx", "half")
    own = _folder(exports.scratch(settings.models_dir / "3" / "1" / "exports" / "onnx"), "half")
    kept = _folder(settings.models_dir / "1" / "2" / "exports" / "onnx-dynamic-int8", "whole")
    exports.remove_left_behind(settings)
    assert [each.exists() for each in (left, own, kept)] == [False, True, True]


def test_files_that_stay_are_told(context: Context, leave: Leave) -> None:
    version = models.register(context, leave(), "digits")
    keep_export(context, version, "onnx", 4000, 0.9, 0)
    folder = exports.place(context.workspace.settings, version, "onnx")
    folder.rmdir()
    folder.write_text("no folder")
    with pytest.raises(ModelError, match=r"The export onnx is deleted, but not all of its files: Not a directory"):
        exports.delete(context, version, "onnx")
    assert exports.listing(context, version) == []
