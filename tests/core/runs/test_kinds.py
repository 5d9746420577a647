"""What kinds bring, what this version accepts of a queued run, and the one reader of configs."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from core import runs
from core.common.context import Context
from core.common.errors import ConfigError
from core.common.settings import Settings
from core.config.resources import Resources
from core.config.run import RunConfig
from core.runs.kinds import KINDS, LOGGED, Kind, accepted
from db.records import RunRecord
from pages.shared.nav import PAGES
from tests.conftest import AddRun, Python


@pytest.fixture
def run(context: Context, add_run: AddRun) -> RunRecord:
    return runs.get(context, add_run())


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_what_a_kind_names_is_there(kind: Kind) -> None:
    if kind is not LOGGED:
        module, _, function = kind.runner.partition(":")
        found = find_spec(module)
        assert found is not None
        assert found.origin is not None
        assert f"def {function}(" in Path(found.origin).read_text()
    assert kind.form in [page.url_path for page in PAGES]
    assert len(kind.name) <= 16
    assert kind.tabs


def test_the_registry_loads_neither_tensorflow_nor_streamlit(python: Python) -> None:
    told = python("import sys, core.runs.kinds; print({'tensorflow', 'keras', 'streamlit'} & set(sys.modules))")
    assert told.stdout.strip() == "set()", told.stderr


def test_a_queued_run_keeps_its_kind_and_what_it_waits_for_beside_its_config(
    context: Context, raw_config: dict[str, Any]
) -> None:
    raw = {**raw_config, "resources": {"device": "cpu", "slot": "cpu:0"}}
    run = runs.get(context, runs.create(context, runs.Draft(raw))[0])
    assert run.kind == "network"
    assert run.resources == run.config["resources"]
    assert accepted(run) == Resources(device="cpu", slot="cpu:0")


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        ({"kind": "rocket"}, ["kind"]),
        ({"resources": {"priority": 1, "gpus": "x"}}, ["resources.gpus", "resources.priority"]),
        ({"kind": "rocket", "resources": "cpu"}, ["kind", "resources"]),
        ({"resources": None}, ["resources"]),
    ],
)
def test_what_this_version_does_not_accept_is_told_all_at_once(
    run: RunRecord, columns: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(ConfigError) as refused:
        accepted(replace(run, **columns))
    assert [problem.field for problem in refused.value.problems] == fields


def test_a_config_is_read_in_one_place_and_one_of_another_version_or_kind_is_told_in_one_sentence(
    run: RunRecord, settings: Settings
) -> None:
    assert isinstance(runs.spec(run), RunConfig)
    assert runs.spec_problem(run) == ""
    newer = replace(run, config={**run.config, "quantum": True})
    assert runs.spec(newer) is None
    assert runs.spec_problem(newer).startswith(
        f"The config of run {run.id} is of another version of Traindeck: quantum: is not a known field"
    )
    script = replace(run, kind="script")
    assert runs.spec(script) is None
    assert runs.spec_problem(script) == f"Run {run.id} is of kind 'script', which has no config of a network."
    for other in (newer, script):
        with pytest.raises(runs.SpecError, match=f"un {run.id} is of"):
            runs.checked_spec(other, settings)


def test_what_cannot_be_trained_here_is_a_problem_of_its_own(run: RunRecord, settings: Settings) -> None:
    gone = replace(run, config={**run.config, "data": {"source": "table", "dataset": "gone"}})
    with pytest.raises(ConfigError, match=r"data\.dataset"):
        runs.checked_spec(gone, settings)


def test_a_run_of_another_version_is_not_relaunched(context: Context, add_run: AddRun) -> None:
    with pytest.raises(runs.SpecError, match="of another version"):
        runs.relaunch(context, add_run(config={"data": {"source": "digits"}, "x": 1}))
