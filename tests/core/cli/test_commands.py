"""The command line as people and programs use it: real processes, exit codes, JSON."""

import csv
import io
import json
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.config.edit import Raw, to_yaml, with_values
from core.config.presets import PRESETS, get_preset
from db.records import RunState
from tests.core.cli.conftest import Core, answer


def test_presets_are_listed_with_their_configs(core: Core) -> None:
    assert {preset["name"] for preset in answer(core("presets", "--json"))} == set(PRESETS)


def test_a_text_to_continue_is_added_by_its_characters(core: Core, tmp_path: Path) -> None:
    file = tmp_path / "plays.txt"
    file.write_text("Before we proceed any further, hear me speak.\n" * 40)
    done = core("datasets", "add", "corpus", "plays", str(file))
    assert "Added plays: 1,840 characters to train on." in done.stdout, done.stderr
    assert [each["name"] for each in answer(core("datasets", "--json"))] == ["plays"]


def test_a_look_says_in_which_encoding_a_table_was_read(core: Core, tmp_path: Path) -> None:
    path = tmp_path / "towns.csv"
    path.write_bytes("город;y\nМосква;да\nКазань;нет\nТверь и Нижний Новгород;да\n".encode("cp1251"))
    assert "Read as cp1251." in core("datasets", "look", str(path), "--target", "y").stdout


def test_a_table_is_looked_at_and_every_guess_is_overruled(core: Core, tmp_path: Path) -> None:
    file = tmp_path / "flats.csv"
    file.write_text(
        "plz;preis;datum;zustand\n"
        + "".join(
            f"0{1000 + at % 3};{at}.000,5;{at % 28 + 1}.03.2021;{('neu', 'None')[at % 2]}\n" for at in range(1, 60)
        )
    )

    told = core("datasets", "look", str(file)).stdout
    assert "Codes: 01001 begins" in told
    assert "zustand: None in 30 rows is kept as a value; --missing 'zustand=None' counts it as missing." in " ".join(
        told.split()
    )

    arguments = ["--column", "plz=number", "--missing", "preis=5.000,5", "--date-parts", "month,weekday"]
    seen = answer(core("datasets", "look", str(file), "--json", *arguments))
    assert seen["read_names"] == ["plz", "preis", "datum weekday", "zustand"]
    assert seen["read_rows"][4][:2] == [1002, None]
    named = ["--header", "no", "--skip", "1", "--names", "a,b,c,d", "--target", "d", "--time", "c"]
    added = answer(core("datasets", "add", "table", "flats", str(file), "--json", *named))
    assert [each["name"] for each in added["info"]["features"]] == ["a", "b", "c weekday", "c days since 2021-03-01"]
    assert added["info"]["split_by"] == "time"
    assert "--column takes NAME=number" in core("datasets", "look", str(file), "--column", "plz=text").stderr


def test_a_launch_queues_a_run_with_the_params_that_were_set(core: Core, context: Context) -> None:
    done = core(
        "launch", "digits-mlp", "--set", "training.epochs=3", "--set", "training.optimizer.learning_rate=1e-2",
        "--set", "architecture.hidden=[32, 16]", "--experiment", "widths", "--name", "narrow", "--tag", "try", "--json",
    )  # fmt: skip
    assert done.returncode == 0
    run = runs.get(context, answer(done)["id"])
    assert (run.name, run.experiment, run.tags, run.state) == ("narrow", "widths", ("try",), RunState.QUEUED)
    assert run.config["training"]["epochs"] == 3
    assert run.config["training"]["optimizer"]["learning_rate"] == 0.01
    assert run.config["architecture"]["hidden"] == [32, 16]


def test_seeds_queue_a_run_each(core: Core, workspace: Workspace) -> None:
    launched = answer(core("launch", "digits-mlp", "--seeds", "3", "--json"))
    assert [run["config"]["seed"] for run in launched] == [0, 1, 2]


@pytest.mark.parametrize("suffix", [".yaml", ".json"])
def test_a_config_file_is_launched(core: Core, tmp_path: Path, suffix: str) -> None:
    raw = with_values(get_preset("iris-mlp").raw, {"training.epochs": 7})
    file = tmp_path / f"config{suffix}"
    file.write_text(to_yaml(raw) if suffix == ".yaml" else json.dumps(raw))
    assert answer(core("launch", str(file), "--json"))["config"]["training"]["epochs"] == 7


def test_every_problem_is_told_and_nothing_is_queued(core: Core, context: Context) -> None:
    arguments = ["launch", "digits-mlp", "--set", "training.epochs=0", "--set", "data.source=digit", "--set", "x=1"]
    done = core(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    for text in ("training.epochs", "did you mean digits?", "x: is not a known field"):
        assert text in done.stderr
    problems = answer(core(*arguments, "--json"))["problems"]
    assert {problem["field"] for problem in problems} == {"training.epochs", "data.source", "x"}
    assert not runs.active(context)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["launch", "mnist-mlpp"], "Presets are digits-mlp"),
        (["launch", "README.md"], "config"),
        (["show", "nothing"], "There is no run 'nothing'"),
        (["launch", "digits-mlp", "--set", "epochs"], "must look like training.epochs=3"),
        (["launch", "digits-mlp", "--set", "training.epochs=!!bool x"], "training.epochs: the tag '!!bool'"),
        (["launch", "digits-mlp", "--set", "training.epochs=010"], "training.epochs: '010' at line 1"),
        (["runs", "(digits"], "opening bracket"),
        (["launch", "digits-mlp", "--name", "x" * 10_000], "at most 200 characters"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(core: Core, arguments: Sequence[str], told: str) -> None:
    done = core(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_with_keys_given_twice_is_refused_with_both_lines(core: Core, tmp_path: Path) -> None:
    file = tmp_path / "twice.yaml"
    file.write_text("data: {source: xor}\ntraining:\n  epochs: 2\n  epochs: 7\ntraining:\n  batch_size: 2\n")
    done = core("launch", str(file))
    assert done.returncode == 2
    assert "training.epochs: is given twice, at lines 3 and 4" in done.stderr
    assert "training: is given twice, at lines 2 and 5" in done.stderr


def test_runs_are_listed_shown_compared_and_their_metrics_printed(core: Core, add_run: Callable[..., int]) -> None:
    first = add_run(name="<b>one</b> [red]", metrics={"val_loss": [0.5, 0.25, float("nan")]})
    second = add_run(name="two", config=with_values(get_preset("iris-mlp").raw, {}), metrics={"val_loss": [0.1]})
    listed = answer(core("runs", "val_loss.best < 0.2", "--json"))
    assert [run["id"] for run in listed["runs"]] == [second]
    assert "<b>one</b> [red]" in core("runs").stdout
    shown = answer(core("show", str(first), "--json"))
    assert shown["summary"]["val_loss"] == {"last": None, "best": 0.25, "min": 0.25, "max": 0.5, "best_step": 20}
    rows = list(csv.DictReader(io.StringIO(core("metrics", str(first), "val_loss", "--csv").stdout)))
    assert [row["value"] for row in rows] == ["0.5", "0.25", "nan"]
    compared = answer(core("compare", str(first), str(second), "--json"))
    assert "data.source" in compared["differing"]
    rows = list(csv.DictReader(io.StringIO(core("compare", str(first), str(second), "--csv").stdout)))
    assert [(row["name"], row["val_loss.last"], row["val_loss.best"]) for row in rows] == [
        ("<b>one</b> [red]", "nan", "0.25"),
        ("two", "0.1", "0.1"),
    ]
    rows = list(csv.DictReader(io.StringIO(core("runs", "--csv").stdout)))
    assert [row["id"] for row in rows] == [str(second), str(first)]
    assert rows[0]["training.epochs"] == str(get_preset("iris-mlp").raw["training"]["epochs"])
    assert "There is no run" in core("compare", str(first), "99").stderr
    assert "It has val_loss" in core("metrics", str(first), "loss").stderr


def test_many_compared_runs_have_a_row_each_on_a_page_of_a_hundred_columns(
    core: Core, add_run: Callable[..., int], raw_config: Raw
) -> None:
    baselines = [
        {"name": name, "metrics": {"test_accuracy": 0.1}, "fitted_on": 80, "available": 80}
        for name in ("the majority class", "logistic regression")
    ]
    facts = {"task": "multiclass", "examples": {"test": 1000}, "baselines": baselines}
    for place in range(8):
        config = with_values(
            raw_config, {"training.batch_size": 8 + place, "training.epochs": 1 + place, "seed": place}
        )
        metrics = {name: [0.5, 0.25, 0.3 + place / 100] for name in ("loss", "val_loss", "accuracy", "val_accuracy")}
        metrics["test_accuracy"] = [0.5 + place / 100]
        add_run(name=f"iris-mlp-of-some-length · seed {place}", config=config, metrics=metrics, facts=facts)
    told = core("compare", *map(str, range(1, 9))).stdout
    tables = [part.splitlines() for part in told.partition("\nBy ")[0].strip().split("\n\n")]
    assert all([line.split()[0] for line in each[-8:]] == list("12345678") for each in tables)
    assert max(len(line) for each in tables for line in each) <= 100
    assert "batch_size" in tables[0][0]


def test_a_run_is_taken_off_the_queue_and_put_into_the_trash(core: Core, context: Context) -> None:
    run_id = answer(core("launch", "digits-mlp", "--json"))["id"]
    assert core("delete", str(run_id)).returncode == 1
    assert answer(core("stop", str(run_id), "--json"))["concerned"]
    assert runs.get(context, run_id).state is RunState.STOPPED
    assert answer(core("delete", str(run_id), "--json", TRAINDECK_USER="grace"))["deleted"]
    assert runs.get(context, run_id).trashed_at is not None
    events = answer(core("show", str(run_id), "--json"))["events"]
    assert [(event["actor"]["name"], event["verb"]) for event in events] == [
        ("ada", "launch"),
        ("ada", "stop"),
        ("grace", "delete"),
    ]
    assert events[1]["before"] == {"state": "queued"}
    assert events[1]["at"].endswith("+00:00")
    assert "put it into the trash" in core("show", str(run_id)).stdout


def test_doctor_says_what_is_missing(core: Core) -> None:
    checks = {check["name"]: check for check in answer(core("doctor", "--json"))}
    assert checks["TensorFlow"]["status"] == "ok"
    assert checks["Supervisor"]["status"] == "warn"
    assert "python -m core supervise" in checks["Supervisor"]["message"]


def test_a_port_in_use_is_said_before_the_dashboard_starts(core: Core) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = core("doctor", "--quiet", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "make run PORT=" in " ".join(done.stdout.split())


def test_a_report_gets_panels_is_told_and_written_to_a_file(core: Core, context: Context, tmp_path: Path) -> None:
    made = core("reports", "add", "Learned", "note", "--set", "text=a remark", "--new", "--frozen", "--json")
    assert answer(made)["version"] == 1
    assert [each["title"] for each in answer(core("reports", "list", "--json"))] == ["Learned"]
    assert core("reports", "show", "Learned").stdout.startswith("```panel note\ntext: a remark\nfrozen: ")
    core("reports", "export", "Learned", str(tmp_path / "a.html"))
    assert "<p>a remark</p>" in (tmp_path / "a.html").read_text()
    assert "is not there; make it first" in core("reports", "export", "Learned", str(tmp_path / "b" / "a.html")).stderr
    refused = core("reports", "export", "Learned", str(tmp_path / "a.doc"))
    assert refused.returncode != 0
    assert "accepted are .html and .pdf" in refused.stderr
