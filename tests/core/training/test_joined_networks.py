"""Versions of several runs: one network, judged on the same test set, that is exported as any other."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import models, runs
from core.common.context import Context
from core.evaluation.predictions import PROBABILITY
from core.evaluation.report_files import PREDICTIONS, read_predictions
from core.jobs.export import Exported
from core.jobs.export import request as export_request
from core.jobs.new_version import Made, Request
from core.models import exports, making, origin
from db.records import RunRecord
from tests.conftest import AddRun
from tests.core.conftest import Queue
from tests.core.warm import Warm

Train = Callable[[int], RunRecord]
SHORT = {"epochs": 3, "optimizer": {"name": "adam", "learning_rate": 0.05}}


def made(warm: Warm, context: Context, request: Request) -> Made:
    given = warm.call(
        "tests.core.training.inside_joined:make",
        context.workspace.settings.environment(),
        request.model_dump(mode="json"),
    )
    return Made.model_validate(given)


def test_an_ensemble_gives_the_mean_whatever_each_member_was_scaled_and_cut_by(warm: Warm) -> None:
    found = warm.call("tests.core.training.inside_joined:apart", {})
    assert found == dict.fromkeys(found, pytest.approx(0.0, abs=1e-5))


def test_runs_with_other_seeds_become_one_version_that_is_judged_and_exported(
    context: Context, queue: Queue, train: Train, warm: Warm
) -> None:
    members = [train(queue(seed=seed, training=SHORT)) for seed in (1, 2)]
    models.register(context, members[0], "flowers", aliases=["champion"])
    models.set_gate(context, "flowers", "champion", models.Gate(not_worse=True, metric="test_accuracy", bound=1.01))
    request = making.ensemble_request(context, members, "flowers", note="two seeds", aliases=["champion"])
    done = made(warm, context, request)
    assert (done.problem, done.reference) == ("", "flowers@2")
    assert "flowers@2 may not become champion yet. Its accuracy of" in done.told

    version = models.find(context, "flowers@2")
    settings = context.workspace.settings
    answers = [read_predictions(settings, run.id) for run in members]
    shares = [name for name in answers[0].columns if name.startswith(PROBABILITY)]
    kept = pd.read_parquet(models.network_file(settings, version).with_name(PREDICTIONS))
    assert len(kept) == version.facts["examples"]["test"]
    mean = np.mean([each[shares].to_numpy() for each in answers], axis=0)
    assert len(shares) == 3
    assert np.abs(kept[shares].to_numpy() - mean).max() < 1e-5
    assert version.metrics["test_accuracy"] == pytest.approx((kept["label"] == kept["predicted"]).mean())
    assert [each.run for each in origin.members(version)] == [run.id for run in members]
    assert f"the mean of the answers of runs {members[0].id} and {members[1].id}" in version.card
    assert "seed 2" in version.card
    assert [each.title for each in models.of_runs(context, [members[1].id])] == ["flowers@2"]

    asked = export_request(context, version, "onnx").model_dump(mode="json")
    [raw] = warm.call("tests.core.export.inside:export", settings.environment(), [asked])
    exported = Exported.model_validate(raw)
    assert exported.problem == ""
    found = exports.Measured.model_validate(exported.measured)
    assert found.flips == 0
    assert found.value == pytest.approx(version.metrics["test_accuracy"])
    assert json.loads((Path(exported.folder) / "manifest.json").read_text())["version"] == 2


def test_runs_that_cannot_be_one_network_are_told_apart(context: Context, add_run: AddRun) -> None:
    def left(fingerprint: str = "f", **columns: object) -> RunRecord:
        run = runs.get(context, add_run(facts={"data_fingerprint": fingerprint, "task": "multiclass"}, **columns))
        place = context.workspace.settings.run_dir(run.id) / "checkpoints" / runs.BEST_CHECKPOINT
        place.parent.mkdir(parents=True)
        place.write_bytes(b"weights")
        return run

    one, other, elsewhere = left(), left(), left("e")
    iris = left(config={"data": {"source": "iris"}, "architecture": {"name": "mlp"}})
    bare = runs.get(context, add_run(facts={"data_fingerprint": "f"}))
    assert making.ensemble_problem(context, [one, other]) == ""
    for chosen, why in (
        ([one], f"takes 2 to 50 different runs; received 1 run: {one.id}. Name at least one more"),
        ([one, one], "different runs"),
        ([one, elsewhere], f"Run {elsewhere.id} was trained on other data (fingerprint e) than run {one.id} (f)"),
        (
            [one, iris],
            f"differ in the shape of their inputs: [4] of run {iris.id} and [8, 8, 1] of run {one.id}",
        ),
        ([one, bare], f"Run {bare.id} left no checkpoint to register"),
    ):
        assert why in making.ensemble_problem(context, chosen)
        with pytest.raises(models.ModelError):
            making.ensemble_request(context, chosen, "digits")
    assert "has no checkpoint last; it has best" in making.ensemble_problem(context, [one, other], "last")
