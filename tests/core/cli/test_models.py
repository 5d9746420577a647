"""`python -m core models`, in this process but for one command that is refused."""

import csv
import importlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import db.serving_windows
from core import models, runs
from core.cli.commands import cli
from core.common.context import Context
from core.common.errors import StateError
from core.common.settings import PROJECT_ROOT, Settings
from core.inference.export_formats import COMPACT
from core.models import registering, version_source
from core.serving import served
from core.serving.options import is_password, options_of
from db.serving_records import WindowRecord
from tests.core.models.conftest import Leave, keep_export, leave

__all__ = ["leave"]
Core = Callable[..., str]


@pytest.fixture
def core(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Core:
    """`core("models", "--json")`: what it prints."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(cli, list(arguments), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_from_a_run_to_champion_to_deletion(core: Core, context: Context, leave: Leave, tmp_path: Path) -> None:
    assert "python -m core models register RUN NAME" in core("models")
    first, second = leave(name="one"), leave(name="two", accuracy=0.95, content=b"2")
    arguments = ["--alias", "champion", "--note", "first", "--description", "Reads digits."]
    told = core("models", "register", str(first.id), "digits", *arguments)
    assert told.strip() == f"Run {first.id} is digits@1 now, champion."
    made: dict[str, Any] = json.loads(core("models", "register", "two", "digits", "--json"))
    assert (made["version"], made["run"]["name"], made["metrics"]["test_accuracy"]) == (2, "two", 0.95)
    assert made["verdict"]["standing"] == "above"

    gate = ["--metric", "test_accuracy", "--bound", "0.97"]
    assert core("models", "gate", "digits", *gate).strip() == "champion of digits needs accuracy at least 0.97."
    with pytest.raises(models.GateError, match=r"is less than 0\.97"):
        core("models", "alias", "digits@2", "champion")
    core("models", "alias", "digits@2", "champion", "--approve", "the best we have")
    assert "approved: the best we have" in core("models", "show", "digits")
    fast = ["--max-ms", "0.5", "--percentile", "p50", "--batch", "32", "--max-export-bytes", "9000"]
    told = "an export that answers within 0.5 ms (p50, 32 examples, one thread), an export of at most 9,000 bytes"
    assert core("models", "gate", "digits", *fast).strip() == f"champion of digits needs {told}."
    assert "Gate of champion: It has no export that can answer" in core("models", "show", "digits@2")
    assert core("models", "gate", "digits", "--remove").strip() == "champion of digits may be any version."
    core("models", "alias", "digits@1", "champion")
    assert core("models", "alias", "digits@2", "champion").strip() == "champion is digits@2, before digits@1."
    assert core("models", "stage", "digits@champion", "production").strip() == "digits@2 is in production."
    core("models", "note", "digits@1", "kept to compare")
    core("models", "note", "digits", "Reads digits of 8 x 8 pixels.")

    [row] = rows(core("models", "list", "--csv"))
    assert (row["model"], row["versions"], row["champion"], row["metric"]) == ("digits", "2", "2", "accuracy")
    assert (float(row["value"]), row["description"]) == (0.95, "Reads digits of 8 x 8 pixels.")
    assert json.loads(core("models", "--json"))[0]["aliases"] == {"champion": 2}
    assert "35.0 points above logistic regression" in core("models")
    versions = rows(core("models", "show", "digits", "--csv"))
    assert [(each["version"], each["aliases"], each["stage"], each["note"]) for each in versions] == [
        ("2", "champion", "production", ""),
        ("1", "", "none", "kept to compare"),
    ]
    assert "champion: 1 → 2" in core("models", "show", "digits")
    shown = core("models", "show", "digits@champion")
    assert "production" in shown
    assert str(models.network_file(context.workspace.settings, models.find(context, "digits@2"))) in shown

    file = tmp_path / "card.md"
    file.write_text("# Ours\n")
    assert core("models", "card", "digits@2", "--edit", str(file)) == "# Ours\n"
    assert core("models", "card", "digits@2", "--generated").startswith("# digits\n")
    assert json.loads(core("models", "card", "digits@2", "--restore", "--json"))["edited"] is None

    kept = "digits@1 keeps the network and all that it needs."
    assert core("delete", str(first.id)).strip() == f"Run {first.id} is in the trash. {kept}"
    assert core("models", "delete", "digits@1").startswith("Deleted digits@1;")
    assert core("models", "alias", "digits", "champion", "--remove").strip() == "digits has no champion any more."
    assert "Deleted digits with 1 version;" in core("models", "delete", "digits")
    assert runs.get(context, second.id).trashed_at is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["delete", "digits@"], r"'digits@' names no version\. Write digits@3 or digits@champion, or digits alone"),
        (["note", "digits@", "text"], "names no version"),
        (["alias", "digits@", "champion"], "names no version"),
        (["gate", "digits", "--metric", "test_accuracy"], "needs --metric and --bound, a finite number"),
        (["gate", "digits", "--bound", "0.9", "--not-worse"], "received '' and 0.9. Give both"),
        (["gate", "digits", "--metric", "test_accuracy", "--bound", "nan"], "received 'test_accuracy' and nan"),
        (["ensemble", "digits", "1"], r"takes 2 to 50 different runs; received 1 run: 1\. Name at least one more"),
        (["upload", "weights.h5", "digits"], r"weights\.h5 is no file of a network that is taken"),
        (["gate", "digits", "--max-ms", "5", "--batch", "8"], "--batch: Input should be 1 or 32; received 8"),
    ],
)
def test_half_of_a_version_or_of_a_gate_changes_nothing(
    core: Core, context: Context, leave: Leave, arguments: list[str], message: str
) -> None:
    models.register(context, leave(), "digits")
    before = models.get(context, "digits")
    with pytest.raises(models.ModelError, match=message):
        core("models", *arguments)
    assert models.get(context, "digits") == before


def test_what_is_refused_is_said_and_exits_with_two(leave: Leave, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "core", "models", "register", str(leave().id), "My Model", "--json"]
    done = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, text=True, capture_output=True, timeout=600)
    assert done.returncode == 2
    assert "such as my-model" in json.loads(done.stdout)["error"]


def test_what_is_smallest_and_fastest_is_named_where_all_that_may_be_small_is_there(
    core: Core, context: Context, leave: Leave
) -> None:
    version = models.register(context, leave(), "digits")
    for place, form in enumerate(COMPACT):
        keep_export(context, version, form.name, 4000 - place, 0.9 - 0.005 * place, place)
    told = core("models", "shrink", "digits@1", "--within", "0.011").replace("\n", " ")
    assert "ONNX, dynamic int8 is the smallest" in told
    assert "too few to be sure" in told
    found = json.loads(core("models", "shrink", "digits@1", "--json"))
    assert (len(found["exports"]), found["refused"]) == (len(COMPACT), {})
    table = rows(core("models", "exports", "digits@1", "--csv"))
    assert [each["name"] for each in table] == ["original", *[each.name for each in COMPACT]]
    assert float(table[1]["low"]) == pytest.approx(0.851, abs=1e-3)
    assert (table[0]["p50 ms"], table[0]["mJ"]) == ("", "")
    told = core("models", "exports", "digits@1")
    assert "mJ" not in told
    assert "not measured: python -m core models export digits@1 --format keras" in told.replace("\n", " ")
    keep_export(context, version, "keras", 7, 0.9, 0)
    table = rows(core("models", "exports", "digits@1", "--csv"))
    assert (table[0]["name"], table[0]["p50 ms"], table[0]["p50 ms of 32"]) == ("original", "0.02", "0.1")


def test_a_run_that_compresses_a_version_is_queued(core: Core, context: Context, leave: Leave) -> None:
    parent = leave(name="one")
    (context.workspace.settings.run_dir(parent.id) / "checkpoints" / "best.keras").touch()
    models.register(context, parent, "digits")
    asked = ["models", "compress", "digits", "--amount", "0.9", "--set", "training.epochs=2"]
    told = json.loads(core(*asked, "--json"))
    run = runs.get(context, told["id"])
    assert run.name == "one pruned 90 %"
    assert f"python -m core models register {run.id + 1} digits" in core(*asked)
    assert (run.parent_id, run.config["pruning"]["sparsity"], run.config["training"]["epochs"]) == (parent.id, 0.9, 2)
    assert "prune" in run.tags


def test_what_is_no_best_checkpoint_of_one_run_is_not_compressed(core: Core, context: Context, leave: Leave) -> None:
    one, two = leave(name="one"), leave(name="two")
    network = context.workspace.settings.run_dir(one.id) / "checkpoints" / "best.keras"
    network.touch()
    for place, made in enumerate(("ensemble", "averaged", "last")):
        source = version_source.of_run(one, made, network, [], None)
        facts = {
            **one.facts,
            "averaged": {"epochs": [26, 27, 28, 29, 30]},
            "members": [{"run": run.id, "uid": run.uid, "name": run.name} for run in (one, two)],
        }
        source = replace(source, draft=replace(source.draft, facts=facts))
        registering.keep(context, source, f"digits{place}")
        if made == "averaged":
            assert f"mean of epochs 26–30 of #{one.id}" in core("models", "show", "digits1").replace("\n", " ")
        with pytest.raises(StateError, match="begins from the best checkpoint of one run") as refused:
            core("models", "compress", f"digits{place}")
        assert ("--method distil" in str(refused.value)) == (made == "ensemble")


def test_a_pruned_version_says_how_many_weights_are_zero_and_how_small_they_are_zipped(
    core: Core, context: Context, leave: Leave, tmp_path: Path
) -> None:
    h5py = importlib.import_module("h5py")  # which has no types
    with h5py.File(tmp_path / "weights.h5", "w") as file:
        file["layers/dense/vars/0"] = np.zeros((100, 100), np.float32)
        file["optimizer/vars/0"] = np.random.default_rng(0).random((100, 100))
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
        archive.write(tmp_path / "weights.h5", "model.weights.h5")
    content = (tmp_path / "model.keras").read_bytes()
    run = leave(name="sparse", content=content, facts={"pruned": {"weights": 10_000, "zeros": 8_000}})
    version = models.register(context, run, "small")
    assert version.facts["zipped_weights"] < 200
    assert 40_000 < version.network_size < version.size - 80_000 < 50_000
    assert "of the network; its file of" in core("models", "show", "small@1").replace("\n", " ")
    models.set_gate(context, "small", "champion", models.Gate(max_bytes=version.network_size))
    assert [each.passed for each in models.findings(context, models.get(context, "small"), version, "champion")] == [
        True
    ]
    assert "80.0 % of its 10,000 weights are zero; zipped, all its weights take" in version.card
    assert json.loads(core("models", "show", "small@1", "--json"))["zipped_weights"] == version.facts["zipped_weights"]


def test_drift_of_a_served_model_is_told_and_acknowledged(core: Core, context: Context, leave: Leave) -> None:
    version = models.register(context, leave(name="one"), "digits", aliases=["champion"])
    assert "Nothing was counted yet" in core("models", "drift", "digits")
    core("models", "serve", "digits", "--drift-examples", "300", "--false-alarms", "0.01")
    window = WindowRecord(version.model_id, version.id, 1.0, 300, "", [[300]], 2.0, {"brightness": [1e-9, 0.42, 1.0]})
    with context.workspace.write() as session:
        db.serving_windows.put(session, window)
    told = core("models", "drift", "digits")
    assert "digits@1: 1 window compared; the next one comes after 300 more examples, in 10 minutes at" in told
    assert all(each in told for each in ("brightness", "42 %", "new"))
    (found,) = json.loads(core("models", "drift", "digits", "--acknowledge", "--json"))
    assert (found["false_alarms_a_window"], found["alarms"][0]["known_by"] != "") == (0.01, True)


def test_serving_a_model_again_changes_what_is_named_and_nothing_else(
    core: Core, context: Context, leave: Leave
) -> None:
    for name in ("one", "two"):
        models.register(
            context, leave(name=name, content=name.encode()), "digits", aliases=["champion"] if name == "one" else []
        )
    told = core("models", "serve", "digits", "--password", "secret", "--hours", "1", "--title", "Digits")
    assert "served as champion, at /demo/digits of the dashboard, with a password, until 20" in told
    told = core("models", "serve", "digits", "--challenger", "2", "--share", "0.3")
    assert "with 2 as challenger for 30 % of requests, with a password, until" in told
    core("models", "serve", "digits@1", "--about", "Draw one.")
    record = served.record(context, "digits")
    assert record is not None
    options = options_of(record.options)
    assert (options.reference, options.title, options.about, options.share) == ("1", "Digits", "Draw one.", 0.3)
    assert is_password("secret", options.password)
    told = core("models", "serve", "digits", "--password", "", "--hours", "0", "--challenger", "")
    assert told.strip().endswith("is served as 1, at /demo/digits of the dashboard.")
