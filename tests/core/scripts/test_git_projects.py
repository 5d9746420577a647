"""Code from a git address: at which commit, what of it, and all that must not happen on the way."""

import os
import subprocess
from pathlib import Path

import pytest

from core.common.settings import Settings
from core.scripts import code_store, git_projects
from core.scripts.git_projects import is_address, take_git
from core.scripts.projects import ProjectError
from core.scripts.snapshots import SnapshotError
from tests.core.scripts.test_snapshots import git, write


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits, a link that leads out, a submodule, and what would run where it were checked out."""
    folder = tmp_path / "theirs"
    write(folder, train_py="print(1)\n")
    git(folder, "init", "-q", "-b", "trunk")
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")
    git(folder, "tag", "v1")
    write(folder, train_py="print(2)\n", sub__util_py="x = 1\n")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    (folder / "out").symlink_to("/etc/passwd")
    (folder / ".gitattributes").write_text("*.py filter=evil\n")
    commit = git(folder, "rev-parse", "HEAD").strip()
    git(folder, "add", "-A")
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{commit},module")
    git(folder, "commit", "-qm", "second")
    return folder


def test_a_branch_a_tag_and_a_commit_are_kept_and_nothing_of_them_runs(
    settings: Settings, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = tmp_path / "evil"
    config = tmp_path / "gitconfig"
    config.write_text(f'[filter "evil"]\n\tsmudge = touch {evil}\n[core]\n\thooksPath = {tmp_path}\n')
    (tmp_path / "post-checkout").write_text(f"#!/bin/sh\ntouch {evil}\n")
    (tmp_path / "post-checkout").chmod(0o755)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".gitconfig").write_text(config.read_text())
    address = f"file://{repository}"

    newest = take_git(settings, address)
    assert list(newest.snapshot.files) == [".gitattributes", "run.sh", "sub/util.py", "train.py"]
    assert newest.facts["left_out"] == ["module (a link or submodule)", "out (a link or submodule)"]
    assert newest.facts["commit"] == git(repository, "rev-parse", "HEAD").strip()
    out = code_store.checked_out(settings, newest.snapshot.id)
    assert (out / "train.py").read_text() == "print(2)\n"
    assert os.access(out / "run.sh", os.X_OK)
    assert not evil.exists()

    first = git(repository, "rev-parse", "v1").strip()
    assert [take_git(settings, address, each).facts["commit"] for each in ("v1", "trunk", first)] == [
        first,
        newest.facts["commit"],
        first,
    ]
    subprocess.run(["rm", "-r", repository], check=True)
    again = take_git(settings, address, first)  # a commit that is known needs nobody
    assert list(again.snapshot.files) == ["train.py"]
    with pytest.raises(ProjectError, match="could not be fetched"):
        take_git(settings, address)
    assert [each.name for each in settings.cache_dir.iterdir() if each.name.startswith("tmp")] == []


@pytest.mark.parametrize(
    ("address", "revision", "told"),
    [
        ("ext::sh -c touch% /tmp/x", "", "An address of git is"),
        ("--upload-pack=touch", "", "An address of git is"),
        ("http://example.org/a.git", "", "An address of git is"),
        ("ssh://-oProxyCommand=touch/a", "", "no address of a host"),
        ("-oProxyCommand=x@host:a", "", "An address of git is"),
        ("https:///a.git", "", "names no host"),
        ("https://me:secret@example.org/a.git", "", "must not hold a password"),
        ("https://token@example.org/a.git", "", "must not hold a password"),
        ("file:///etc", "", "Only repositories in"),
        ("https://example.org/a.git", "--upload-pack=touch", "Name a branch"),
        ("https://example.org/a.git", "+refs/heads/*:refs/heads/*", "Name a branch"),
    ],
)
def test_what_is_no_address_is_refused_before_git_hears_of_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str, revision: str, told: str
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ProjectError, match=told):
        take_git(settings, address, revision, settings.allowed_script_roots)


def test_too_much_is_refused_and_its_fetch_is_ended(
    settings: Settings, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_projects, "MOST_BYTES", 5)
    with pytest.raises(SnapshotError, match=r"largest are"):
        take_git(settings, f"file://{repository}")
    slow = repository / "slow"
    slow.write_text("#!/bin/sh\nsleep 1000\n")
    slow.chmod(0o755)
    monkeypatch.setattr(git_projects, "_CONFIG", {"protocol.allow": "always", "core.sshCommand": str(slow)})
    monkeypatch.setattr(git_projects, "_SECONDS", 1.0)
    monkeypatch.setattr(git_projects._Git, "_environment", {"PATH": os.environ["PATH"]})
    with pytest.raises(ProjectError, match="took longer than 1 s"):
        take_git(settings, "git@example.org:a/b.git")


def test_addresses_are_told_from_paths() -> None:
    known = [
        "https://a.b/c",
        "git@host:me/it.git",
        "file:///x",
        "ssh://git@h/x",
        "train.py",
        "/a/b:c",
        "C:/a",
        "a b@c:d",
    ]
    assert [each for each in known if is_address(each)] == known[:4]
