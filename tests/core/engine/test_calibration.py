"""For which other runs a trial is remembered, and what is read of it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from core.config.edit import with_values
from tests.core.warm import Warm

HERE = "tests.core.engine.test_calibration:"
BASE: dict[str, Any] = {
    "data": {"source": "digits", "augmentation": {"flip": "both"}},
    "architecture": {"name": "mlp", "hidden": [8]},
    "training": {"batch_size": 32, "optimizer": {"name": "sgd", "learning_rate": 0.1}},
}
OTHERS: dict[str, dict[str, Any]] = {
    "network": {"architecture.hidden": [9]},
    "data": {"data.resize": [9, 9]},
    "augmentation": {"data.augmentation.flip": "horizontal"},
    "frozen layers": {"fine_tune": {"run": 1, "freeze": ["dense_1"]}},
    "batch size": {"training.batch_size": 33},
    "optimizer": {"training.optimizer": {"name": "adam"}},
    "clipping": {"training.optimizer.clip_norm": 1.0},
    "precision": {"training.precision": "mixed_bfloat16"},
}
ALIKE: dict[str, dict[str, Any]] = {
    "seed": {"seed": 1},
    "epochs": {"training.epochs": 1000},
    "learning rate": {"training.optimizer.learning_rate": 0.2},
    "fine-tuned, nothing frozen": {"fine_tune": {"run": 1}},
}


def keys_of(raws: list[dict[str, Any]]) -> list[str]:
    from core.common.settings import Settings
    from core.config.run import RunConfig
    from core.engine.calibration import key

    configs = [RunConfig.model_validate(raw) for raw in raws]
    return [key(config, config.data.info(Settings())) for config in configs]


def keys_elsewhere() -> dict[str, str]:
    """Of the same run here, on another device, with another version of a library or of the code, and on one core."""
    from core.engine import calibration

    found = {"here": keys_of([BASE])[0]}
    for name in ("device_name", "version", "code_hash"):
        real = vars(calibration)[name]
        vars(calibration)[name] = lambda *_: "another"
        found[name] = keys_of([BASE])[0]
        vars(calibration)[name] = real
    found["here again"] = keys_of([BASE])[0]
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    found["one core"] = keys_of([BASE])[0]
    return found


def code_hashes(folder: str) -> list[str]:
    """Of a folder with two files, then with one of them changed."""
    from core.engine.calibration import code_hash

    path = Path(folder)
    (path / "step.py").write_text("a = 1")
    (path / "modes.py").write_text("b = 1")
    before = code_hash(path)
    (path / "modes.py").write_text("b = 2")
    code_hash.cache_clear()
    return [before, code_hash(path)]


def read_file(path: str) -> dict[str, Any]:
    from dataclasses import asdict

    from core.engine.calibration import read

    return asdict(read(Path(path)))


@pytest.mark.parametrize("changes", OTHERS.values(), ids=OTHERS.keys())
def test_what_the_speed_depends_on_is_another_question(warm: Warm, changes: dict[str, Any]) -> None:
    first, other = warm.call(f"{HERE}keys_of", [BASE, with_values(BASE, changes)])
    assert first != other


def test_what_it_does_not_depend_on_is_the_same_question(warm: Warm) -> None:
    keys = warm.call(f"{HERE}keys_of", [BASE, *(with_values(BASE, changes) for changes in ALIKE.values())])
    assert len(set(keys)) == 1


@pytest.mark.skipif(len(os.sched_getaffinity(0)) == 1, reason="on one core there are no fewer")
def test_another_device_library_or_engine_is_another_question(warm: Warm) -> None:
    keys = warm.call(f"{HERE}keys_elsewhere")
    assert keys.pop("here again") == keys["here"]
    assert len(set(keys.values())) == len(keys) == 5


def test_another_version_of_the_code_has_another_hash(warm: Warm, tmp_path: Path) -> None:
    before, after = warm.call(f"{HERE}code_hashes", str(tmp_path))
    assert before != after


@pytest.mark.parametrize(
    "text", ["", "{", "[]", json.dumps({"graph": {"setup": 1, "step": 1}}), '{"timings": {"graph": {}}, "seconds": 5}']
)
def test_nothing_is_known_from_a_damaged_file(warm: Warm, tmp_path: Path, text: str) -> None:
    (tmp_path / "file.json").write_text(text)
    found = warm.call(f"{HERE}read_file", str(tmp_path / "file.json"))
    assert found == {"timings": {}, "seconds": 0, "abandoned": ""}
