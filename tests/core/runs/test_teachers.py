"""Whose answers a run may learn from: a run's or a version's, of networks that learned from the same examples."""

from dataclasses import replace
from typing import Any

import pytest

from core import models, runs
from core.common.context import Context
from core.common.errors import ConfigError
from core.config.edit import Raw
from core.models import registering, version_source
from db.records import RunRecord
from tests.core.models.conftest import Leave, leave

__all__ = ["leave"]


def _together(context: Context, name: str, members: list[RunRecord]) -> None:
    network = context.workspace.settings.run_dir(members[0].id) / "checkpoints" / runs.BEST_CHECKPOINT
    source = version_source.of_run(members[0], "ensemble", network, [], None)
    facts = [{"run": run.id, "uid": run.uid, "name": run.name, "seed": run.config["seed"]} for run in members]
    draft = replace(source.draft, facts={**members[0].facts, "members": facts})
    registering.keep(context, replace(source, draft=draft), name)


def test_every_member_of_an_ensemble_must_have_learned_from_the_same_examples(
    context: Context, leave: Leave, raw_config: Raw
) -> None:
    one, wide, other = (
        leave(config=raw_config | {"seed": seed, "architecture": {"name": "mlp", "hidden": [size]}}, content=content)
        for seed, size, content in ((1, 8, b"1"), (1, 12, b"2"), (2, 8, b"3"))
    )
    _together(context, "alike", [one, wide])
    _together(context, "apart", [one, other])

    def launched(distillation: dict[str, Any]) -> RunRecord:
        raw = raw_config | {"seed": 1, "distillation": distillation}
        return runs.get(context, runs.create(context, runs.Draft(raw))[0])

    assert launched({"model": "alike@1"}).config["distillation"]["model"] == "alike@1"
    assert launched({"run": one.id}).parent_id == one.id
    for distillation, why in (
        ({"model": "apart@1"}, f"apart@1's member, run {other.id}, learned from other examples (seed 2 there, 1 here)"),
        ({"model": "alike@champion"}, "There is no version 'alike@champion' to learn from; accepted is NAME@NUMBER"),
        ({"model": "alike@1", "run": one.id}, f"received both run {one.id} and alike@1"),
        ({}, "one teacher is learned from, the number of a run or a version as NAME@NUMBER; received neither"),
    ):
        with pytest.raises(ConfigError) as refused:
            launched(distillation)
        assert why in str(refused.value)
    models.delete_version(context, "alike", 1)
    with pytest.raises(ConfigError, match="There is no version 'alike@1'"):
        launched({"model": "alike@1"})
