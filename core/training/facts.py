"""What is needed to do a run again, and to understand its figures."""

import os
import platform
import socket
import subprocess
import tomllib
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras

from core.common.settings import PROJECT_ROOT
from core.config.run import RunConfig
from core.data.base import Dataset
from core.data.vocabulary import WORD_RULES
from core.engine.device_name import device_name
from core.engine.loss_functions import loss_facts


def gather(config: RunConfig, data: Dataset, model: keras.Model) -> dict[str, Any]:
    """Host, device, versions, data and size of the network, as JSON data."""
    return {
        **program(),
        "host": socket.gethostname(),
        "device": device_name(),
        "cpus": len(os.sched_getaffinity(0)),
        "data_fingerprint": data.fingerprint,
        "task": data.info.task,
        **({"target": data.info.target} if data.info.target else {}),
        "examples": {"train": len(data.y_train), "validation": len(data.y_val), "test": len(data.y_test)},
        **({"validation": "the author's part"} if data.info.validation_examples else {}),
        "parameters": model.count_params(),
        **({WORD_RULES: data.vocabulary.rules} if data.vocabulary else {}),
        "precision": keras.config.dtype_policy().name,
        **loss_facts(config, data),
    } | _scaling(data)


def _scaling(data: Dataset) -> dict[str, Any]:
    """How the target of a regression was scaled, which says what its loss is."""
    target = data.numbers.target if data.numbers else None
    return {"target_scaling": asdict(target)} if target else {}


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
