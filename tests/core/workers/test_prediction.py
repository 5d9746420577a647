"""What a run's best network says of one input: the same as of its test examples, and a sentence where it cannot."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.data import library
from core.data.base import Array
from core.data.pictures import png_of, shown
from core.data.vocabulary import Vocabulary
from core.evaluation.holdout import holdout_example as example_of
from core.evaluation.report_files import SAMPLES, file, read_predictions
from core.jobs.importance import Importance
from core.jobs.prediction import Picture, Prediction, Prompt, Row, Text, info
from db.records import RunRecord
from tests.core.conftest import Queue
from tests.core.warm import Warm
from tests.core.workers.conftest import Ask

Train = Callable[[int], RunRecord]
ONCE = {"epochs": 1}


def _probabilities(answer: Prediction) -> dict[str, float]:
    assert not answer.problem, answer.problem
    return {share.name: share.probability for share in answer.classes}


def _evaluated(settings: Settings, run_id: int, position: int, names: tuple[str, ...]) -> dict[str, float]:
    """The probabilities that the evaluation stored for a test example."""
    row = read_predictions(settings, run_id).iloc[position]
    return {name: float(row[f"p_{name}"]) for name in names}


def _pictures(settings: Settings, run_id: int) -> tuple[Array, Array]:
    """Positions in the test set, and pixels, of the pictures that the evaluation kept."""
    with np.load(file(settings, run_id, SAMPLES), allow_pickle=False) as stored:
        return stored["index"], stored["images"]


def test_test_pictures_get_the_probabilities_of_the_evaluation(
    workspace: Workspace, queue: Queue, train: Train, ask: Ask
) -> None:
    run = train(queue(data={"source": "digits"}, training={"epochs": 3}))
    positions, pictures = _pictures(workspace.settings, run.id)
    chosen = [0, len(positions) // 2, len(positions) - 1]
    answers = ask(run.id, *(Picture(content=png_of(pictures[place])) for place in chosen))
    for place, answer in zip(chosen, answers, strict=True):
        expected = _evaluated(workspace.settings, run.id, int(positions[place]), tuple("0123456789"))
        assert _probabilities(answer) == pytest.approx(expected, abs=1e-5)
        assert np.array_equal(np.asarray(shown(answer.seen)), pictures[place][..., 0])
    first = answers[0]
    assert first.notes == ()
    assert first.task == "multiclass"
    assert [share.probability for share in first.classes] == sorted(_probabilities(first).values(), reverse=True)
    assert first.epoch == first.step / run.steps_per_epoch


def test_what_is_drawn_is_centred_and_what_is_dark_on_light_is_inverted(queue: Queue, train: Train, ask: Ask) -> None:
    run = train(queue(data={"source": "digits"}, training=ONCE))
    stroke = np.zeros((280, 280, 1), np.uint8)
    stroke[20:120, 40:60] = 255  # a one, small and in a corner
    drawn, uploaded, inverted = ask(
        run.id,
        Picture(content=png_of(stroke), drawn=True),
        Picture(content=png_of(stroke)),
        Picture(content=png_of(255 - stroke), inverted=True),
    )
    seen = np.asarray(shown(drawn.seen))
    assert seen.shape == (8, 8)
    assert seen[:, 3:5].sum() == seen.sum() > 0
    assert "cut out, scaled to 8 pixels and centred" in drawn.notes[0]
    assert uploaded.notes == ("Resized from 280 x 280 to 8 x 8 pixels.",)
    assert inverted.notes == ("Light and dark were exchanged.", *uploaded.notes)
    assert _probabilities(inverted) == pytest.approx(_probabilities(uploaded), abs=1e-5)
    assert inverted.seen == uploaded.seen != drawn.seen


def test_a_photograph_is_prepared_as_those_that_were_trained_on(
    workspace: Workspace, context: Context, queue: Queue, train: Train, ask: Ask, data_dir: Path, tmp_path: Path
) -> None:
    path = tmp_path / "flowers.zip"
    files: dict[str, bytes] = {}
    with zipfile.ZipFile(data_dir / "images" / "flowers_1500.zip") as source, zipfile.ZipFile(path, "w") as target:
        pictures = [name for name in source.namelist() if name.endswith(".jpg")]
        for flower in sorted({name.split("/")[1] for name in pictures})[:2]:
            for name in [name for name in pictures if f"/{flower}/" in name][:15]:
                files[name] = source.read(name)
                target.writestr(f"{flower}/{Path(name).name}", files[name])
    library.add_images(workspace.settings, "flowers", path)
    data = {"source": "images", "dataset": "flowers", "resize": [24]}
    run = train(queue(data=data, architecture={"name": "cnn", "filters": [4], "hidden": []}, training=ONCE))
    positions, kept = _pictures(workspace.settings, run.id)
    names = info(context, run).class_names
    answers = ask(run.id, *(Picture.of_file(content, "flower.jpg") for content in files.values()))
    seen = {np.asarray(shown(answer.seen)).tobytes(): answer for answer in answers}
    assert len(kept)
    for position, pixels in zip(positions, kept, strict=True):
        expected = _evaluated(workspace.settings, run.id, int(position), names)
        assert _probabilities(seen[pixels.tobytes()]) == pytest.approx(expected, abs=1e-5)
    assert answers[0].notes == ("Resized from 128 x 128 to 24 x 24 pixels.",)


def test_what_is_no_picture_and_what_is_of_another_kind_is_refused(queue: Queue, train: Train, ask: Ask) -> None:
    run = train(queue(data={"source": "digits"}, training=ONCE))
    text, broken, wrong = ask(
        run.id, Picture(content="aGVsbG8="), Picture(content="no base64"), Row(values={"Value 1": 1.0})
    )
    assert text.problem.startswith("The picture cannot be read as a picture: not a picture but a text")
    assert "Accepted are whole PNG, JPEG, WebP, BMP, GIF, TIFF, AVIF, PPM and JPEG 2000 files." in text.problem
    assert broken.problem == "The picture is not written in base64. Draw it or upload it again."
    assert wrong.problem == "This run's network takes a picture; received a row of values."


def _reviews(data: Path, folder: Path) -> Path:
    lines = []
    for label in ("neg", "pos"):
        read = (data / "text_en" / f"rt-polarity.{label}").read_text(encoding="utf-8", errors="replace")
        lines += [f"{label}\t{line.strip()}" for line in read.splitlines()[:80]]
    path = folder / "reviews.tsv"
    path.write_text("label\ttext\n" + "\n".join(lines), encoding="utf-8")
    return path


def test_texts_get_the_probabilities_of_the_evaluation_and_their_unknown_words_are_told(
    workspace: Workspace, queue: Queue, train: Train, ask: Ask, warm: Warm, data_dir: Path, tmp_path: Path
) -> None:
    options = library.TextOptions(text="text", label="label")
    library.add_text(workspace.settings, "reviews", _reviews(data_dir, tmp_path), options)
    data = {"source": "text", "dataset": "reviews", "length": 12, "vocabulary": 300}
    run = train(queue(data=data, architecture={"name": "recurrent", "embedding": 4, "units": [4]}, training=ONCE))
    stored = read_predictions(workspace.settings, run.id)["text"].tolist()
    *same, strange, empty = ask(
        run.id, *(Text(text=text) for text in stored[:3]), Text(text="A zyzzyva film " * 5), Text(text=" \n")
    )
    for position, answer in enumerate(same):
        expected = _evaluated(workspace.settings, run.id, position, ("neg", "pos"))
        assert _probabilities(answer) == pytest.approx(expected, abs=1e-5)
    assert strange.notes == (
        "The network sees the last 12 of 15 tokens; the first 3 were cut off.",
        "4 of 12 tokens are not in the run's vocabulary.",
    )
    assert [token.state for token in strange.tokens[:6]] == ["cut"] * 3 + ["known", "unknown", "known"]
    assert empty.problem == "The text is empty. Type at least a word."
    found = Importance(**warm.call("tests.core.inside:importance", workspace.settings.environment(), run.id))
    assert (found.problem, found.rows, [each.name for each in found.words]) == ("", len(stored), ["pos"])
    assert found.looked > found.least


@pytest.fixture
def passengers(workspace: Workspace, queue: Queue, train: Train, data_dir: Path, tmp_path: Path) -> RunRecord:
    lines = (data_dir / "tabular" / "titanic.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path / "titanic.csv"
    path.write_text("".join(lines[:301]), encoding="utf-8")
    library.add_table(workspace.settings, "titanic", path, library.TableOptions(target="Survived"))
    return train(queue(data={"source": "table", "dataset": "titanic"}, training={"epochs": 3}))


def _values(context: Context, run: RunRecord, seed: int) -> tuple[int, Mapping[str, float | str | None]]:
    """A test example as the form of the page has it, with its position."""
    found = example_of(context.workspace.settings, run.id, info(context, run), seed)
    assert found is not None
    return found.position, found.values


def test_rows_of_a_table_get_the_probabilities_of_the_evaluation_and_may_have_gaps(
    workspace: Workspace, context: Context, passengers: RunRecord, ask: Ask
) -> None:
    known = [_values(context, passengers, seed) for seed in range(3)]
    row = {**known[0][1], "Fare": 30.0}
    left_out = {name: value for name, value in row.items() if name not in ("Age", "Sex")}
    *same, gap, hole, new = ask(
        passengers.id,
        *(Row(values=dict(values)) for _, values in known),
        Row(values=left_out),
        Row(values={**row, "Age": " ", "Sex": None}),
        Row(values={**row, "Sex": "diver"}),
    )
    names = info(context, passengers).class_names
    for (position, _), answer in zip(known, same, strict=True):
        expected = _evaluated(workspace.settings, passengers.id, position, names)
        assert _probabilities(answer) == pytest.approx(expected, abs=1e-5)
    assert _probabilities(gap) == _probabilities(hole)
    assert (gap.notes, gap.target) == ((), "Survived")
    assert new.notes == ("Sex: 'diver' is not among the categories of the data set; it counts as unknown.",)
    assert sum(_probabilities(new).values()) == pytest.approx(1)


def test_codes_are_matched_as_text_and_a_date_is_asked_as_one(
    workspace: Workspace, queue: Queue, train: Train, ask: Ask, tmp_path: Path
) -> None:
    path = tmp_path / "codes.csv"
    codes = ("007", "7", "07")
    path.write_text(
        "zip,day,y\n" + "".join(f"{codes[at % 3]},{at % 28 + 1}.3.2021,{'abc'[at % 3]}\n" for at in range(90))
    )
    library.add_table(workspace.settings, "codes", path, library.TableOptions(target="y"))
    learning = {"epochs": 60, "batch_size": 8, "optimizer": {"name": "adam", "learning_rate": 0.02}}
    run = train(queue(data={"source": "table", "dataset": "codes"}, training=learning))

    *answers, parts, wrong = ask(
        run.id,
        *(Row(values={"zip": code, "day": "5.3.2021"}) for code in codes),
        Row(values={"zip": "07", "day weekday": "Friday", "day days since 2021-03-01": 4}),
        Row(values={"zip": "7", "day": "soon"}),
    )

    assert [max(_probabilities(answer).items(), key=lambda each: each[1])[0] for answer in answers] == ["a", "b", "c"]
    assert _probabilities(parts) == pytest.approx(_probabilities(answers[2]), abs=1e-6)
    assert "day must be a date, such as 2021-03-31, or as the table has it (day, month, year)" in wrong.problem


def test_a_feature_that_is_none_and_a_number_that_is_none_are_refused(passengers: RunRecord, ask: Ask) -> None:
    strange, text = ask(passengers.id, Row(values={"Colour": "red"}), Row(values={"Age": "young"}))
    assert strange.problem.startswith("There is no feature 'Colour'. The features are ")
    assert "Age" in strange.problem
    assert "Survived" not in strange.problem
    assert text.problem == (
        "Age must be a number, such as 1,234.5 or 1234.5, or empty where it is missing; received 'young'."
    )


def test_a_number_outside_what_was_learned_is_answered_and_told(passengers: RunRecord, ask: Ask) -> None:
    beyond, within = ask(passengers.id, Row(values={"Age": "569"}), Row(values={"Age": "56,9"}))
    assert len(beyond.notes) == 1
    assert beyond.notes[0] == "Age: 569 is outside what was learned: 1 to 71."
    assert (within.problem, within.notes) == ("", ())


def test_rows_of_numbers_have_no_gaps(
    workspace: Workspace, context: Context, queue: Queue, train: Train, ask: Ask
) -> None:
    run = train(queue(training={"epochs": 5}))
    position, values = _values(context, run, 0)
    missing = dict(values)
    name, _ = missing.popitem()
    same, gap, none = ask(run.id, Row(values=dict(values)), Row(values=missing), Row(values={}))
    expected = _evaluated(workspace.settings, run.id, position, info(context, run).class_names)
    assert _probabilities(same) == pytest.approx(expected, abs=1e-5)
    assert gap.problem.startswith(f"{name} is missing; this data set has no missing values")
    assert " are missing; " in none.problem


def test_a_regression_answers_a_number_in_the_unit_of_its_target(
    workspace: Workspace, context: Context, queue: Queue, train: Train, ask: Ask, data_dir: Path, tmp_path: Path
) -> None:
    lines = (data_dir / "tabular" / "california_housing.csv").read_text().splitlines(keepends=True)
    path = tmp_path / "houses.csv"
    path.write_text("".join(lines[:201]))
    options = library.TableOptions(target="median_house_value", task="regression")
    library.add_table(workspace.settings, "houses", path, options)
    run = train(queue(data={"source": "table", "dataset": "houses"}, training={"epochs": 20}))
    position, values = _values(context, run, 0)
    [answer] = ask(run.id, Row(values=dict(values)))
    stored = read_predictions(workspace.settings, run.id).iloc[position]
    assert answer.number == pytest.approx(stored["predicted"], rel=1e-5)
    assert (answer.target, answer.task, answer.classes) == ("median_house_value", "regression", ())


@pytest.fixture
def generator(workspace: Workspace, queue: Queue, train: Train, data_dir: Path, tmp_path: Path) -> RunRecord:
    path = tmp_path / "play.txt"
    path.write_text((data_dir / "corpora" / "tinyshakespeare.txt").read_text()[:20_000])
    library.add_corpus(workspace.settings, "play", path)
    return train(
        queue(
            data={"source": "corpus", "dataset": "play", "length": 16},
            architecture={"name": "recurrent_generator", "embedding": 8, "units": [32]},
            training={"epochs": 2, "batch_size": 16},
        )
    )


def _prompt(text: str, **options: Any) -> Prompt:
    return Prompt(**{"text": text, "length": 40, **options})


def test_a_prompt_is_continued_by_the_likeliest_token_at_temperature_zero_and_by_chance_above(
    workspace: Workspace, context: Context, generator: RunRecord, ask: Ask, warm: Warm
) -> None:
    begin = "First Citizen:\nBefore we"  # longer than the window
    cold, again, drawn, same, other = ask(
        generator.id,
        _prompt(begin, temperature=0),
        _prompt(begin, temperature=0, seed=7),
        _prompt(begin, temperature=1),
        _prompt(begin, temperature=1),
        _prompt(begin, temperature=1, seed=7),
    )
    folder = str(workspace.settings.run_dir(generator.id))
    assert cold.text == warm.call("tests.core.inside:likeliest", folder, begin, 16, 40)
    assert cold.text == again.text != drawn.text
    assert drawn.text == same.text != other.text
    vocabulary = Vocabulary.load(runs.artifact_file(context, generator.id, "vocabulary.json"))
    assert len(drawn.text) == 40
    assert set(drawn.text) <= set(vocabulary.tokens)
    assert (cold.notes, cold.task) == ((), "generation")


def test_a_prompt_may_be_empty_or_strange_and_both_are_told(generator: RunRecord, ask: Ask) -> None:
    empty, line, strange, text = ask(
        generator.id,
        _prompt("", temperature=0),
        _prompt("\n", temperature=0),
        _prompt("床前明月光", temperature=0),
        Text(text="ROMEO:"),
    )
    assert empty.text == line.text
    assert len(empty.text) == 40
    assert empty.notes == ("The prompt is empty; the text goes on from the beginning of a line.",)
    assert line.notes == ()
    assert strange.notes == ("5 of the prompt's tokens are not in the run's vocabulary.",)
    assert len(strange.text) == 40
    assert text.problem == "This run's network takes a prompt; received a text."


def test_without_a_whole_checkpoint_and_vocabulary_of_its_own_a_run_is_not_asked(
    workspace: Workspace, context: Context, generator: RunRecord, queue: Queue, train: Train, ask: Ask
) -> None:
    waiting = queue(training=ONCE)
    [answer] = ask(waiting, Row(values={}))
    assert answer.problem.startswith("The network can be tried as soon as there is a best checkpoint")
    other = train(waiting)
    best = workspace.settings.run_dir(other.id) / "checkpoints" / "best.keras"
    whole = best.read_bytes()
    best.write_bytes((workspace.settings.run_dir(generator.id) / "checkpoints" / "best.keras").read_bytes())
    [answer] = ask(other.id, Row(values={}))
    assert answer.problem.endswith("is of another run. Relaunch this run to get one of its own.")
    best.write_bytes(whole[: len(whole) // 2])
    [answer] = ask(other.id, Row(values={}))
    assert "best.keras" in answer.problem
    assert "Relaunch" in answer.problem
    runs.artifact_file(context, generator.id, "vocabulary.json").write_text("{")
    [answer] = ask(generator.id, _prompt("ROMEO:"))
    assert "without it no text can be turned into the numbers that the network learned" in answer.problem
