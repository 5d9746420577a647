"""Data sets of texts by the command line: what is said there, and what is asked for."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from core.cli.table_options import which_target
from core.common.settings import Settings
from core.data.library import SeriesOptions, TableOptions
from tests.processes import command

Core = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def core(environment: dict[str, str]) -> Core:
    """`core("datasets", "--json")` runs `python -m core datasets --json` on the test's workspace."""
    return lambda *arguments: command(arguments, environment)


def test_texts_of_several_columns_are_added_with_names_and_named_anew(core: Core, tmp_path: Path) -> None:
    rows = "".join(f"{at % 2},Title {at},What {at} is about\n" for at in range(40))
    (tmp_path / "news.csv").write_text(f"topic,title,description\n{rows}")
    (tmp_path / "topics.txt").write_text("0\tworld\n1\tsports\n")
    said = ["--text", "title", "--text", "description", "--label", "topic", "--classes", str(tmp_path / "topics.txt")]

    done = core("datasets", "add", "text", "news", str(tmp_path / "news.csv"), *said)
    renamed = core("datasets", "classes", "news", "--rename", "world=Welt", "--json")
    listed = core("datasets", "classes", "news")
    wrong = core("datasets", "classes", "news", "--rename", "World=Welt")

    assert done.returncode == 0, done.stderr
    assert json.loads(renamed.stdout) == ["Welt", "sports"]
    assert listed.stdout == "0\tWelt\n1\tsports\n"
    assert wrong.returncode != 0
    assert "has no class 'World'" in wrong.stderr


def test_the_field_of_json_is_asked_for(core: Core, tmp_path: Path) -> None:
    poems = [{"title": f"t{at}", "paragraphs": ["春眠不觉晓，", "处处闻啼鸟。"]} for at in range(100)]
    (tmp_path / "poems.json").write_text(json.dumps(poems))

    asked = core("datasets", "add", "corpus", "poems", str(tmp_path / "poems.json"))
    told = core("datasets", "add", "corpus", "poems", str(tmp_path / "poems.json"), "--field", "paragraphs")

    assert asked.returncode != 0
    assert "such as --field paragraphs: paragraphs (200 texts" in " ".join(asked.stderr.split())
    assert told.returncode == 0, told.stderr
    assert "field paragraphs of poems.json" in told.stdout


def test_several_labels_in_a_cell_are_labels_or_combinations_as_is_said(core: Core, tmp_path: Path) -> None:
    genres = ("love", "drama", "drama;love")
    (tmp_path / "genres.csv").write_text(
        "text,labels\n" + "".join(f"story {at},{genres[at % 3]}\n" for at in range(30))
    )

    labels = core("datasets", "add", "text", "genres", str(tmp_path / "genres.csv"))
    combined = core("datasets", "add", "text", "combined", str(tmp_path / "genres.csv"), "--combinations")

    assert labels.returncode == 0, labels.stderr
    assert "Predicts labels: several of 2 labels." in labels.stdout
    assert "--task classification takes each combination as a class" in " ".join(labels.stdout.split())
    assert combined.returncode == 0, combined.stderr


def test_the_task_of_a_table_is_told_when_it_is_added(core: Core, tmp_path: Path) -> None:
    rows = "".join(f"{at}.5,{at % 5 + 1},{at * 1.25}\n" for at in range(60))
    (tmp_path / "films.csv").write_text(f"length,Rating,takings\n{rows}")

    classes = core("datasets", "add", "table", "films", str(tmp_path / "films.csv"), "--target", "Rating")
    number = core("datasets", "add", "table", "sums", str(tmp_path / "films.csv"), "--target", "takings")

    told = "Predicts Rating: classification, 5 classes; --task regression makes it a number."
    assert told in " ".join(classes.stdout.split()), classes.stderr
    assert "Predicts takings: regression." in number.stdout, number.stderr


def test_rows_without_a_target_are_told_which_columns_can_be_it(settings: Settings, tmp_path: Path) -> None:
    rows = "".join(f"1981-01-{day:02},{day % 7 + 0.5},{'wet' if day % 3 else 'dry'}\n" for day in range(1, 31))
    (tmp_path / "days.csv").write_text(f"Date,Temp,Sky\n{rows}")
    said = which_target(settings, tmp_path / "days.csv", SeriesOptions())
    assert said.endswith("is to be predicted. It can be Temp; the likeliest is Temp.")
    said = which_target(settings, tmp_path / "days.csv", TableOptions())
    assert said.endswith("It can be Temp, Sky; the likeliest is Sky.")
    (tmp_path / "dates.csv").write_text("Date,Next\n1981-01-01,1981-01-02\n" * 10)
    assert which_target(settings, tmp_path / "dates.csv", SeriesOptions()).endswith("No column of dates.csv can be it.")
