"""`python -m core predict`, on runs of each kind that a real host has trained."""

import json
import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pytest
from PIL import Image

from core import runs
from core.cli.predict_file import free_name
from core.common.context import Context
from core.common.settings import PROJECT_ROOT, Settings
from core.common.workspace import Workspace
from core.data import library
from core.data.pictures import shown
from core.evaluation.holdout import holdout_example as example_of
from core.evaluation.report_files import read_predictions, read_report
from core.jobs import importance, prediction
from tests import pictures
from tests.host import Host
from tests.processes import command

Core = Callable[..., subprocess.CompletedProcess[str]]
_SMALL: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "digits": {"architecture": {"name": "mlp"}},
        "digit_segments": {"architecture": {"name": "mlp"}},
        "iris": {"architecture": {"name": "mlp", "hidden": [8]}},
        "text": {"architecture": {"name": "recurrent", "embedding": 4, "units": [4]}},
        "corpus": {"architecture": {"name": "recurrent_generator", "embedding": 4, "units": [8]}},
    }
)


@pytest.fixture(scope="module")
def shared_host(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Iterator[Host]:
    """A host at work, with a finished run of each kind, named as its source."""
    folder = tmp_path_factory.mktemp("predict")
    workspace = Workspace.open(Settings(home=folder / "workspace", user="ada"))
    context = Context.of_shell(workspace)
    _add_texts(workspace.settings, data_dir, folder)
    host = Host(workspace)
    try:
        host.start()
        for source, sections in _SMALL.items():
            data = {"source": source, **({"dataset": source} if source in ("text", "corpus") else {})}
            draft = runs.Draft({"data": data, "training": {"epochs": 1}, **sections}, source)
            assert host.ended(runs.create(context, draft)[0]).state.value == "finished"
        yield host
    finally:
        host.close()
        workspace.close()


@pytest.fixture
def host(shared_host: Host) -> Host:
    """At work again where a test has ended it."""
    shared_host.ensure()
    return shared_host


def _add_texts(settings: Settings, data: Path, folder: Path) -> None:
    reviews = (data / "text_zh" / "waimai_10k.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    (folder / "reviews.csv").write_text("".join([*reviews[:100], *reviews[-100:]]), encoding="utf-8")
    library.add_text(settings, "text", folder / "reviews.csv")
    (folder / "play.txt").write_text((data / "corpora" / "tinyshakespeare.txt").read_text()[:10_000])
    library.add_corpus(settings, "corpus", folder / "play.txt")


@pytest.fixture
def predict(core: Core) -> Core:
    """`predict("iris", "--row", "…")` runs `python -m core predict iris --row …` on the host's workspace."""
    return lambda *arguments: core("predict", *arguments)


@pytest.fixture
def core(host: Host) -> Core:
    """`core("runs")` runs `python -m core runs` on the host's workspace."""
    environment = {
        **os.environ,
        **host.workspace.settings.environment(),
        "PYTHONPATH": str(PROJECT_ROOT),
        "COLUMNS": "100",
    }
    return lambda *arguments: command(arguments, environment)


def _answer(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _row(host: Host) -> tuple[int, dict[str, float | str | None]]:
    """A test example of iris, with its position."""
    run = runs.find(host.context, "iris")
    found = example_of(host.workspace.settings, run.id, prediction.info(host.context, run), 0)
    assert found is not None
    return found.position, found.values


def test_a_row_gets_the_probabilities_of_the_evaluation(host: Host, predict: Core) -> None:
    position, values = _row(host)
    options = [argument for name, value in values.items() for argument in ("--row", f"{name}={value}")]
    answer = _answer(predict("iris", *options, "--json"))
    run = runs.find(host.context, "iris")
    stored = read_predictions(host.workspace.settings, run.id).iloc[position]
    for share in answer["classes"]:
        assert share["probability"] == pytest.approx(stored[f"p_{share['name']}"], abs=1e-5)
    assert (answer["run"], answer["step"]) == (run.id, run.step)
    assert answer["milliseconds"] > 0
    assert "problem" not in answer
    table = predict("iris", *options).stdout
    assert f"{answer['classes'][0]['probability']:.4f}" in table
    assert "best checkpoint, epoch 1" in table


def test_what_a_network_goes_by_is_found_out_by_the_host_and_one_row_is_explained_as_wanted(
    host: Host, core: Core, predict: Core
) -> None:
    run = runs.find(host.context, "iris")
    answer = _answer(core("importance", "iris", "--json"))
    assert {each["name"] for each in answer["features"]} == set(_row(host)[1])
    assert importance.found(host.context, run) is not None, "it is kept, and the page shows it"
    lines = core("importance", "iris", "--csv").stdout.splitlines()
    assert lines[0] == "feature,fall,standard error,recall of setosa,recall of versicolor,recall of virginica"
    assert len(lines) == 5
    options = [argument for name, value in _row(host)[1].items() for argument in ("--row", f"{name}={value}")]
    explained = _answer(predict("iris", *options, "--method", "dependence", "--target", "virginica", "--json"))
    assert (explained["explanation"]["target"], explained["explanation"]["method"]) == ("virginica", "dependence")
    assert len(explained["explanation"]["dependences"]) == 4


def test_labels_are_given_by_the_thresholds_of_the_evaluation(host: Host, predict: Core, tmp_path: Path) -> None:
    run = runs.find(host.context, "digit_segments")
    found = example_of(host.workspace.settings, run.id, prediction.info(host.context, run), 0)
    assert found is not None
    shown(found.png).save(tmp_path / "digit.png")

    answer = _answer(predict("digit_segments", "--image", str(tmp_path / "digit.png"), "--json"))

    report, stored = read_report(host.workspace.settings, run.id), read_predictions(host.workspace.settings, run.id)
    assert report.multilabel is not None
    assert answer["task"] == "multilabel"
    levels = {each.name: each.threshold for each in report.multilabel.labels}
    assert {each["name"]: each["threshold"] for each in answer["classes"]} == pytest.approx(levels)
    given = {each["name"] for each in answer["classes"] if each["chosen"]}
    assert given == set(stored["predicted"].iloc[found.position].split("; ")) - {"(none)"}
    told = predict("digit_segments", "--image", str(tmp_path / "digit.png")).stdout
    assert all(name in told for name in given)
    with zipfile.ZipFile(tmp_path / "digits.zip", "w") as archive:
        archive.write(tmp_path / "digit.png", "digit.png")
    out = tmp_path / "answers.csv"
    _answer(predict("digit_segments", "--file", str(tmp_path / "digits.zip"), "--out", str(out), "--json"))
    row = pd.read_csv(out).iloc[0]
    assert set(row["prediction"].split("; ")) - {"(none)"} == given
    assert row["p_top"] == pytest.approx(
        next(each["probability"] for each in answer["classes"] if each["name"] == "top")
    )


def test_a_picture_file_of_any_size_is_named(host: Host, predict: Core, tmp_path: Path) -> None:
    run = runs.find(host.context, "digits")
    found = example_of(host.workspace.settings, run.id, prediction.info(host.context, run), 0)
    assert found is not None
    whole, dark = tmp_path / "digit.png", tmp_path / "ink on paper.png"
    shown(found.png).save(whole)
    shown(found.png).resize((80, 80), Image.Resampling.NEAREST).point(lambda value: 255 - value).save(dark)
    answer = _answer(predict("digits", "--image", str(whole), "--json"))
    stored = read_predictions(host.workspace.settings, run.id).iloc[found.position]
    assert answer["classes"][0]["name"] == str(int(stored["predicted"]))
    assert answer["classes"][0]["probability"] == pytest.approx(stored["confidence"], abs=1e-5)
    told = predict("digits", "--image", str(dark), "--invert").stdout
    assert "Light and dark were exchanged." in told
    assert "Resized from 80 x 80 to 8 x 8 pixels." in told


@pytest.mark.parametrize("name", ["16.png", "grey-tRNS.png", "several.gif", "grey.bmp", "16-big.tif", "alpha.avif"])
def test_a_picture_file_is_of_any_format_that_data_sets_may_have(predict: Core, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(pictures.every()[name])
    told = " ".join(predict("digits", "--image", str(tmp_path / name)).stdout.split())
    assert "Resized from 20 x 12 to 8 x 8 pixels." in told
    assert ("The GIF file holds several pictures; the first one was taken" in told) == (name == "several.gif")


def test_a_text_is_classified_and_a_prompt_continued(predict: Core) -> None:
    answer = _answer(predict("text", "--text", "很好吃，送得快 ☃", "--json"))
    assert sum(share["probability"] for share in answer["classes"]) == pytest.approx(1)
    assert {"text": "☃", "state": "unknown"} in answer["tokens"]
    arguments = ["corpus", "--prompt", "First Citizen", "--length", "20"]
    cold, seeded, other = (
        _answer(predict(*arguments, *more, "--json"))["text"]
        for more in (["--temperature", "0"], ["--temperature", "1"], ["--temperature", "1", "--seed", "7"])
    )
    assert [len(text) for text in (cold, seeded, other)] == [20, 20, 20]
    assert len({cold, seeded, other}) == 3
    assert f"First Citizen{cold}" in predict(*arguments, "--temperature", "0").stdout


def test_an_answer_is_explained_with_its_checks_where_that_is_asked(host: Host, predict: Core) -> None:
    _, values = _row(host)
    row = [part for name, value in values.items() for part in ("--row", f"{name}={value}")]
    told = _answer(predict("iris", *row, "--explain", "--json"))["explanation"]
    assert (told["method"], {part["name"] for part in told["parts"]}) == ("shapley", set(values))
    assert "explanation" not in _answer(predict("iris", *row, "--json"))
    written = predict("corpus", "--prompt", "ROMEO:", "--length", "5", "--explain").stdout
    assert "probability" in written
    refused = predict("iris", "--file", "rows.csv", "--explain")
    assert "--explain is about one input" in refused.stderr + refused.stdout


def test_a_file_of_rows_is_answered_and_what_cannot_be_is_refused(host: Host, predict: Core, tmp_path: Path) -> None:
    _, values = _row(host)
    lines = [",".join(["Id", *values]), ",".join(["7", *map(str, values.values())])]
    (tmp_path / "test.csv").write_text("\n".join(lines))
    out = tmp_path / "out.csv"
    told = _answer(predict("iris", "--file", str(tmp_path / "test.csv"), "--out", str(out), "--json"))
    assert (told["rows"], told["wrong"], told["out"]) == (1, 0, str(out))
    head, row = out.read_text().splitlines()
    assert head == "Id,prediction,p_setosa,p_versicolor,p_virginica"
    assert row.startswith("7,")
    cache = host.workspace.settings.cache_dir / "predictions"
    assert list(cache.iterdir()) == []
    for arguments, why in (
        (["--file", "nowhere.csv"], "There is no file nowhere.csv"),
        (["--file", "README.md", "--out", "x.txt"], "--out must end in .csv or .parquet; received x.txt."),
        (["--file", "README.md", "--text", "x"], "Give --file alone"),
    ):
        refused = predict("iris", *arguments)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert why in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing", "--text", "x"], "There is no run 'nothing'"),
        (["iris"], "Give one input; received 0. Accepted are --text, --image, --row"),
        (["iris", "--text", "x", "--prompt", "y"], "Give one input; received 2."),
        (["iris", "--row", "5.1"], "--row must look like feature=value, with nothing after = for missing; got '5.1'."),
        (["iris", "--row", "sepal length (cm)=5.1"], "are missing; this data set has no missing values"),
        (["iris", "--row", "colour=red"], "There is no feature 'colour'. The features are sepal length (cm)"),
        (
            ["iris", "--row", "sepal length (cm)=long"],
            "must be a number, such as 1,234.5 or 1234.5, or empty where it is missing; received 'long'",
        ),
        (["digits", "--image", "README.md"], "README.md cannot be read as a picture"),
        (
            ["digits", "--image", "README.md"],
            "Accepted are whole PNG, JPEG, WebP, BMP, GIF, TIFF, AVIF, PPM and JPEG 2000",
        ),
        (["digits", "--image", "nowhere.png"], "nowhere.png cannot be read (No such file or directory)"),
        (["digits", "--text", "seven"], "This run's network takes a picture; received a text."),
        (["text", "--text", " "], "The text is empty. Type at least a word."),
        (["corpus", "--prompt", "x", "--temperature", "11"], "Invalid value for '--temperature'"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(predict: Core, arguments: list[str], told: str) -> None:
    done = predict(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_problem_is_told_to_programs_as_json(predict: Core) -> None:
    done = predict("digits", "--text", "seven", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == "This run's network takes a picture; received a text."


def test_answers_without_a_name_of_their_own_are_written_over_no_older_ones(tmp_path: Path) -> None:
    path = tmp_path / "predictions.csv"
    for name in ("predictions.csv", "predictions-2.csv", "predictions-3.csv"):
        assert free_name(path).name == name
        free_name(path).touch()


def test_without_a_supervisor_the_network_is_asked_in_the_commands_own_process(host: Host, predict: Core) -> None:
    options = [argument for name, value in _row(host)[1].items() for argument in ("--row", f"{name}={value}")]
    before = _answer(predict("iris", *options, "--json"))
    host.end()
    alone = _answer(predict("iris", *options, "--json"))
    assert [each["name"] for each in alone["classes"]] == [each["name"] for each in before["classes"]]
    assert alone["classes"][0]["probability"] == pytest.approx(before["classes"][0]["probability"], abs=1e-5)
    refused = predict("iris", "--text", "x")
    assert "This run's network takes a row of values; received a text." in refused.stderr
