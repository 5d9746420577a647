"""Which files belong to a project's code, what is known of them, and that each is kept once."""

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from core import runs
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.settings import Settings
from core.scripts import code_store, snapshots


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_py", ".py").replace("_csv", ".csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def git(folder: Path, *arguments: str) -> str:
    options = ["-c", "user.name=a", "-c", "user.email=a@b"]
    return subprocess.run(["git", *options, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def test_of_a_repository_with_commit_branch_and_what_was_not_committed(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    write(folder, train_py="print(1)\n", sub__util_py="x = 1\n", data__big_csv="1,2\n")
    (folder / ".gitignore").write_text("data/\n*.log\n")
    git(folder, "init", "-q", "-b", "trunk")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")
    write(folder, train_py="print(2)\n", new_py="y = 2\n")
    (folder / "run.log").write_text("noise")
    (folder / "huge.bin").write_bytes(b"0" * (11 * 2**20))

    taken = snapshots.take(settings, folder)
    assert list(taken.snapshot.files) == [".gitignore", "new.py", "sub/util.py", "train.py"]
    facts = taken.facts
    assert (facts["commit"], facts["branch"], facts["changed_lines"]) == (
        git(folder, "rev-parse", "HEAD").strip(),
        "trunk",
        2,
    )
    assert "+print(2)" in code_store.get(settings, facts["diff"]).decode()
    assert facts["left_out"] == ["huge.bin"]
    again = snapshots.take(settings, folder)
    assert again.snapshot.id == taken.snapshot.id
    write(folder, train_py="print(3)\n")
    assert snapshots.take(settings, folder).snapshot.id != taken.snapshot.id
    objects = [path for path in (settings.code_dir / "objects").rglob("*") if path.is_file()]
    assert len(objects) == 4 + 1 + 2  # its files, the diff; one file and the diff again
    out = code_store.checked_out(settings, taken.snapshot.id)
    assert (out / "train.py").read_text() == "print(2)\n"


def test_of_repositories_within_and_of_links_that_lead_out(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    write(folder, train_py="1", sub__util_py="2", deep__inner__lib_py="3", deep__inner__out_csv="4")
    (folder / "deep/inner/.gitignore").write_text("out.csv\n")
    (folder / "outside").symlink_to(tmp_path)
    (folder / "empty").mkdir()
    for inner in (folder / "sub", folder / "deep" / "inner", folder / "empty"):
        git(inner, "init", "-q")
    plain = snapshots.take(settings, folder)
    git(folder / "sub", "add", "-A")
    git(folder / "sub", "commit", "-qm", "first")
    git(folder, "init", "-q")
    git(folder, "add", "train.py", "sub")  # which is a submodule then that nothing says the address of
    for taken in (plain, snapshots.take(settings, folder)):
        assert sorted(taken.snapshot.files) == ["deep/inner/.gitignore", "deep/inner/lib.py", "sub/util.py", "train.py"]
        assert taken.facts["left_out"] == ["empty (a repository without files)", "outside (a link)"]


def test_of_a_folder_without_a_repository_and_of_a_zip(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    write(folder, train_py="1", venv__lib__a_py="2", secret_csv="3")
    (folder / "venv" / "pyvenv.cfg").write_text("")
    (folder / ".gitignore").write_text("secret.csv\n")
    plain = snapshots.take(settings, folder)
    assert list(plain.snapshot.files) == [".gitignore", "train.py"]
    assert "commit" not in plain.facts

    file = tmp_path / "p.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("p/train.py", "1")
        archive.writestr("p/__pycache__/x.pyc", "2")
    assert list(snapshots.take_zip(settings, file, "p.zip").snapshot.files) == ["train.py"]
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../train.py", "1")
    with pytest.raises(snapshots.SnapshotError, match="leads out of the folder"):
        snapshots.take_zip(settings, file, "p.zip")


@pytest.mark.parametrize(
    ("entries", "kept"),
    [
        (["./train.py", "pkg//a.py", ".env", ".git/x", ".DS_Store", "__MACOSX/x"], [".env", "pkg/a.py", "train.py"]),
        (["p\\", "p\\train.py", "p\\pkg\\a.py"], ["pkg/a.py", "train.py"]),  # as .NET packed it for years
        (["C:\\x.py"], "leads out of the folder"),
        (["\\\\host\\x.py"], "leads out of the folder"),
        (["p\\..\\..\\x.py"], "leads out of the folder"),
        (["p/Grüße 😀.py", "p/p"], ["Grüße 😀.py", "p"]),
        (["a", "a/b.py"], "'a' is a file and a folder"),
        (["a/b/c.py", "a/b"], "'a/b' is a file and a folder"),
        (["ü" * 128], "is too long a name for a file"),
        (["d/" * 2000 + "x.py"], "is too long a name for a file"),
        ([".git/config"], "holds no files of code"),
        ([], "p.zip holds no files.$"),
        ([f"{number}.py" for number in range(9)], "holds 9 files; at most 8 are kept with a run"),
    ],
)
def test_of_a_zip_is_kept_what_a_folder_can_hold(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entries: list[str], kept: list[str] | str
) -> None:
    monkeypatch.setattr(snapshots, "_MOST_FILES", 8)
    file = tmp_path / "p.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for entry in entries:
            archive.writestr(entry, entry)
    if isinstance(kept, str):
        with pytest.raises(snapshots.SnapshotError, match=kept):
            snapshots.take_zip(settings, file, "p.zip")
        return
    snapshot = snapshots.take_zip(settings, file, "p.zip").snapshot
    folder = code_store.checked_out(settings, snapshot.id)
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == kept


def test_too_much_code_is_refused_with_the_largest_files(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "p", train_py="1" * 50, data_csv="2" * 5000)
    git(tmp_path / "p", "init", "-q")
    git(tmp_path / "p", "add", "-A")
    monkeypatch.setattr(snapshots, "MOST_BYTES", 1000)
    with pytest.raises(snapshots.SnapshotError, match=r"largest are data\.csv"):
        snapshots.take(settings, tmp_path / "p")
    for name in ("0" * 64, "../../etc", ""):
        with pytest.raises(NotFoundError):
            code_store.checked_out(settings, name)


def test_code_that_no_run_has_any_more_goes_with_the_trash(context: Context, tmp_path: Path) -> None:
    settings, folder = context.workspace.settings, tmp_path / "project"

    def launched(text: str) -> int:
        write(folder, train_py=text, same_py="0")
        return runs.create_script(context, runs.Draft({"project": {"folder": str(folder)}, "entry": "train.py"}))[0]

    def kept() -> set[bytes]:
        return {path.read_bytes() for path in (settings.code_dir / "objects").rglob("*") if path.is_file()}

    one, other = launched("1"), launched("2")
    code_store.put(settings, b"3")
    runs.stop(context, [one, other])
    runs.trash(context, [one])
    runs.empty_trash(context)
    assert kept() == {b"0", b"1", b"2", b"3"}  # of today: somebody may be launching from it
    for path in settings.code_dir.rglob("*"):
        os.utime(path, (0, 0))
    code_store.put(settings, b"3")
    runs.trash(context, [launched("4")])
    again = launched("4")
    runs.stop(context, [again])
    runs.trash(context, [again])
    assert runs.empty_trash(context).freed
    assert kept() == {b"0", b"2", b"3", b"4"}
    assert runs.relaunch(context, other)
