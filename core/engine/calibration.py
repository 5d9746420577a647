"""What trials found out about the modes, kept in the workspace for runs of the same network, data, batch, device and
libraries.
"""

import functools
import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from core.common.whole_files import write_whole
from core.config.run import RunConfig
from core.data.base import DataInfo
from core.engine.device_name import device_name
from core.engine.trial import Timing


@dataclass(frozen=True)
class Remembered:
    """Of one key."""

    timings: dict[str, Timing] = field(default_factory=dict)
    seconds: int = 0  # of CPU time that a trial had; with more of them a later one may find out more
    abandoned: str = ""  # which mode was, and when, in a sentence without its full stop


def read(file: Path) -> Remembered:
    """Nothing where nobody measured, or the file is damaged."""
    try:
        raw = json.loads(file.read_text())
        timings = {str(mode): Timing(**timing) for mode, timing in raw["timings"].items()}
        return Remembered(timings, int(raw["seconds"]), str(raw["abandoned"]))
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return Remembered()


def keep(file: Path, found: Remembered) -> None:
    """Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, lambda temporary: temporary.write_text(json.dumps(asdict(found))))


def key(config: RunConfig, info: DataInfo) -> str:
    """Of what the speed depends on."""
    training = config.training
    question = {
        "network": config.architecture.model_dump(mode="json"),
        "pruning": config.pruning is not None,
        "frozen": config.fine_tune.freeze if config.fine_tune else (),
        "data": [info.shape, info.kind, info.task, info.outputs, info.vocabulary, len(info.features)],
        "augmentation": repr(getattr(config.data, "augmentation", None)),
        "training": [training.batch_size, training.precision],
        "optimizer": training.optimizer.model_dump(exclude={"learning_rate"}),
        "loss": [training.loss.name, training.class_weights.name],
        "device": [device_name(), len(os.sched_getaffinity(0))],
        "libraries": [version(name) for name in ("tensorflow", "keras")],
        "code": code_hash(Path(__file__).parent),
    }
    return hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()[:32]


@functools.cache
def code_hash(folder: Path) -> str:
    """Of the Python files in it: what another version of the engine took says nothing about this one."""
    code = hashlib.sha256()
    for file in sorted(folder.glob("*.py")):
        code.update(file.read_bytes())
    return code.hexdigest()
