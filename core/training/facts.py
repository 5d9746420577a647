"""What is needed to do a run again, and to understand its figures."""

import functools
import os
import platform
import socket
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from core.data.base import Dataset

ROOT = Path(__file__).parents[2]


def gather(data: Dataset, model: keras.Model) -> dict[str, Any]:
    """Host, device, versions, data and size of the network, as JSON data."""
    return {
        "host": socket.gethostname(),
        "platform": platform.platform(),
        "device": device_name(),
        "cpus": len(os.sched_getaffinity(0)),
        "versions": {"traindeck": _own_version(), "python": platform.python_version()}
        | {name: version(name) for name in ("tensorflow", "keras", "numpy", "scikit-learn")},
        "git_commit": git_commit(ROOT),
        "data_fingerprint": data.fingerprint,
        "examples": {"train": len(data.y_train), "validation": len(data.y_val), "test": len(data.y_test)},
        "parameters": model.count_params(),
        "precision": keras.config.dtype_policy().name,
    }


@functools.cache
def device_name() -> str:
    """Of the first GPU that TensorFlow may use, otherwise of the CPU."""
    for gpu in tf.config.get_visible_devices("GPU"):
        return str(tf.config.experimental.get_device_details(gpu).get("device_name", "GPU"))
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _own_version() -> str:
    try:
        return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])
    except (OSError, KeyError):
        return ""


def git_commit(folder: Path) -> str:
    """The commit of the code in this folder, with a + when it was changed since; "" when it is no repository."""
    try:
        head, status = (
            subprocess.run(["git", *command], cwd=folder, capture_output=True, text=True, timeout=5, check=True).stdout
            for command in (["rev-parse", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return head.strip() + ("+" if status.strip() else "")
