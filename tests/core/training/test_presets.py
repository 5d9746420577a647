"""Every preset, on the real data that it is for, cut down to a few steps."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmarks.claims_data import add_data_sets
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.config.edit import with_values
from core.config.presets import PRESETS, get_preset
from core.data import library
from core.data.sources.downloads import Cifar10
from core.data.sources.local_copies import read_present
from db.records import RunRecord, RunState

# Reuters can only be downloaded; the preset is for any labelled texts. Of CIFAR-10 a part: the published set is learned
# from in tests of the command line; to ask these three about its 10,000 test pictures takes a minute.
PART = {"data.source": "images", "data.dataset": "cifar10-part"}
OTHERS = {
    "text-classifier-lstm": {"data.source": "text", "data.dataset": "tang-poets"},
    "cifar10-cnn": PART,
    "cifar10-resnet": PART,
    "cifar10-fast": PART,
}
TRAIN, TEST = 1000, 300  # pictures of CIFAR-10
CHARACTERS = 200_000  # of each corpus


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Path:
    """A workspace with the data sets of the claims, added once."""
    folder, texts = tmp_path_factory.mktemp("presets"), tmp_path_factory.mktemp("texts")
    for name in ("text_en", "text_zh"):
        (texts / name).symlink_to(data_dir / name)
    (texts / "corpora").mkdir()
    for name in ("tang_poems_20k.tsv", "tinyshakespeare.txt"):
        text = (data_dir / "corpora" / name).read_text()
        (texts / "corpora" / name).write_text(text[: text.rfind("\n", 0, CHARACTERS)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRAINDECK_DATA_DIR", str(texts))
        add_data_sets(Settings(home=folder))
    _add_pictures(Settings(home=folder, data_dir=data_dir), texts / "cifar10.npz")
    return folder


def _add_pictures(settings: Settings, file: Path) -> None:
    found = read_present("cifar10", Cifar10().published(settings), settings)
    assert found is not None
    x, y, x_test, y_test = (np.asarray(each) for each in (found.x_train, found.y_train, found.x_test, found.y_test))
    np.savez(file, x_train=x[:TRAIN], y_train=y[:TRAIN], x_test=x_test[:TEST], y_test=y_test[:TEST])
    library.add_arrays(settings, "cifar10-part", file)


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
    }
    raw = with_values(get_preset(name).raw, {**OTHERS.get(name, {}), **(small if name != "xor" else {})})

    [run_id] = runs.create(context, runs.Draft(raw, preset=name))
    run = train(run_id)

    assert run.state is RunState.FINISHED, run.reason
    found = runs.summaries(context, [run_id])[run_id]
    assert found["loss"].count
    assert found["test_loss"].count
