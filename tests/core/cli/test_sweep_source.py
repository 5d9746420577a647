"""What `sweep start` begins from."""

from pathlib import Path

import pytest

from core.cli.sweep_source import begun_from
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError
from core.sweeps import managing
from core.sweeps.asked_sweep import AskedSweep, definition_of
from core.sweeps.fields import written
from core.sweeps.trials import view

_SCRIPT = """import argparse
p = argparse.ArgumentParser()
p.add_argument('--alpha', type=float, default=1)
p.add_argument('--hidden-size', type=int, default=7)
p.parse_args()
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "train.py").write_text(_SCRIPT)
    return folder / "train.py"


def test_a_script_or_its_folder_is_searched_as_it_would_be_run(context: Context, script: Path) -> None:
    for source in (script, script.parent):
        base = begun_from(context, str(source), "", ["hidden-size=9"], ["loss"])
        asked = AskedSweep(base.raw, ["alpha=0..1"], base.kind, goals=base.goals, method="random", facts=base.facts)
        found = view(context, managing.start(context, definition_of(asked))).definition
        assert found.kind == "script"
        assert found.base["arguments"]["hidden_size"] == 9
        assert [written(each) for each in found.fields] == ["arguments.alpha=0..1"]


def test_a_script_needs_a_goal(context: Context, script: Path) -> None:
    with pytest.raises(ConfigError, match="--goal: say by which metric of the script"):
        begun_from(context, str(script), "", [], [])


def test_a_preset_begins_as_before_and_what_is_nothing_is_refused(context: Context) -> None:
    base = begun_from(context, "digits-mlp", "", ["training.epochs=2"], [])
    assert (base.kind, base.preset, base.changes, base.goals) == (
        "network", "digits-mlp", {"training.epochs": 2}, ["val_loss"],
    )  # fmt: skip
    with pytest.raises(NotFoundError, match="neither a preset, nor a file"):
        begun_from(context, "nothing-such", "", [], [])
