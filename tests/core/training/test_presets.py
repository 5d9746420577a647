"""Every preset, on the real data that it is for, cut down to a few steps."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.claims_data import add_data_sets
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.config.edit import with_values
from core.config.presets import PRESETS, get_preset
from db.records import RunRecord, RunState

# Reuters can only be downloaded; the preset is for any labelled texts.
REUTERS = {"text-classifier-lstm": {"data.source": "text", "data.dataset": "tang-poets"}}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Path:
    """A workspace with the data sets of the claims, added once."""
    folder = tmp_path_factory.mktemp("presets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRAINDECK_DATA_DIR", str(data_dir))
        add_data_sets(Settings(home=folder))
    return folder


@pytest.fixture
def settings(settings: Settings, home: Path, data_dir: Path) -> Settings:
    return Settings(home=home, user="ada", data_dir=data_dir)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_learns_from_its_data_and_is_tested(
    context: Context, train: Callable[[int], RunRecord], name: str
) -> None:
    small = {
        "training.epochs": 1,
        "training.max_steps": 2,
        "data.limit": 200,
        "training.schedule": {"name": "constant"},
        "evaluation.test_time_augmentation": "none",  # asked about in six views, 10,000 pictures take a minute
    }
    raw = with_values(get_preset(name).raw, {**REUTERS.get(name, {}), **(small if name != "xor" else {})})

    [run_id] = runs.create(context, runs.Draft(raw, preset=name))
    run = train(run_id)

    assert run.state is RunState.FINISHED, run.reason
    found = runs.summaries(context, [run_id])[run_id]
    assert found["loss"].count
    assert found["test_loss"].count
