"""Of which version the code is that is loaded, and on what it runs."""

import platform
import subprocess
import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core.common.settings import PROJECT_ROOT


@cache
def program() -> dict[str, Any]:
    """Of the code that is loaded: the standby asks once, before it forks, and its trainers know."""
    names = ("tensorflow", "keras", "numpy", "scikit-learn")
    return {
        "platform": platform.platform(),
        "versions": {"traindeck": _own_version(), "python": platform.python_version()}
        | {name: version(name) for name in names},
        "git_commit": git_commit(PROJECT_ROOT),
    }


def _own_version() -> str:
    try:
        return str(tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["project"]["version"])
    except (OSError, KeyError):
        return ""


def git_commit(folder: Path) -> str:
    """The commit of the code in this folder, with a + when it was changed since; "" when it is no repository."""
    try:
        head, status = (
            subprocess.run(["git", *command], cwd=folder, capture_output=True, text=True, timeout=5, check=True).stdout  # noqa: S603, S607 - git, wherever it is installed
            for command in (["rev-parse", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return head.strip() + ("+" if status.strip() else "")
