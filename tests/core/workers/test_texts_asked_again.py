"""Texts of a run, asked again: the ids and the prediction that the evaluation stored, whatever script and rules."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.data import library
from core.data.library.store import MANIFEST
from core.data.prepare import load
from core.data.vocabulary import OLDEST_RULES, RULES, Unit, Vocabulary
from core.evaluation.report_files import read_predictions
from core.jobs.prediction import Prediction, Prompt, Text
from db.records import RunRecord
from tests.core.conftest import Queue
from tests.core.warm import Warm

Train = Callable[[int], RunRecord]
TEXTS = (
    *("हिन्दी भाषा बहुत अच्छी है", "తెలుగు భాష చాలా బాగుంది", "ภาษาไทย ง่ายมาก สนุกดี", "العَرَبِيَّةُ لُغَةٌ جميلة"),
    *("cafe\u0301 e\u0301te\u0301 naïf", "tiếng Việt đẹp lắm", "今天天气很好，very 好。", "とても美味しかったです。"),
    *("한국어 문장입니다", "👨‍👩‍👧 ok 👍🏽! 🇩🇪 #Thema @user", "don't, don’t — “it's”", "İstanbul ΟΔΟΣ STRASSE"),
    *("می\u200cخواهم بروم", "a b c d e f g h i j k l m", "3.14 km/h; 50 %", "Zeile eins\nZeile zwei  Ende"),
)


@pytest.fixture
def ask(warm: Warm, settings: Settings) -> Callable[..., list[Prediction]]:
    def answers(run_id: int, *inputs: Text | Prompt) -> list[Prediction]:
        raws = [each.model_dump(mode="json") for each in inputs]
        given = warm.call("tests.core.inside:predict", settings.environment(), run_id, raws)
        return [Prediction.model_validate(each) for each in given]

    return answers


def _as_before_there_were_versions(settings: Settings, name: str) -> None:
    path = settings.datasets_dir / "added" / name / MANIFEST
    raw = json.loads(path.read_text(encoding="utf-8"))
    del raw["info"]["word_rules"]
    path.write_text(json.dumps(raw), encoding="utf-8")


@pytest.mark.parametrize(("unit", "rules"), [("word", RULES), ("character", RULES), ("word", OLDEST_RULES)])
def test_each_text_asked_again_is_read_and_judged_as_it_was(
    workspace: Workspace, context: Context, queue: Queue, train: Train, ask: Callable[..., list[Prediction]],
    tmp_path: Path, unit: Unit, rules: int,
) -> None:  # fmt: skip
    settings = workspace.settings
    for label, end in (("one", ""), ("two", " z")):
        for part in ("train", "test"):
            (tmp_path / "texts" / part / label).mkdir(parents=True)
            for at, text in enumerate(TEXTS):
                (tmp_path / "texts" / part / label / f"{at:02}.txt").write_text(
                    f"{text} {part[0]}{end}", encoding="utf-8"
                )
    library.add_text(settings, "texts", tmp_path / "texts")
    if rules == OLDEST_RULES:
        _as_before_there_were_versions(settings, "texts")
    data = {"source": "text", "dataset": "texts", "tokens": unit, "length": 6 if unit == "word" else 20}
    run = train(
        queue(data=data, architecture={"name": "recurrent", "units": [4], "embedding": 4}, training={"epochs": 1})
    )

    frame = read_predictions(settings, run.id)
    answers = ask(run.id, *(Text(text=text) for text in frame["text"]))

    vocabulary = Vocabulary.load(runs.artifact_file(context, run.id, "vocabulary.json"))
    spec = runs.spec(run)
    assert spec is not None
    loaded = load(spec.data, settings, spec.seed)
    assert (vocabulary.unit, vocabulary.rules) == (unit, rules)
    assert vocabulary == loaded.vocabulary
    for position, answer in enumerate(answers):
        assert not answer.problem, answer.problem
        given = {share.name: share.probability for share in answer.classes}
        row = frame.iloc[position]
        assert given == pytest.approx({name: float(row[f"p_{name}"]) for name in ("one", "two")}, abs=1e-5)
        seen = [token.text for token in answer.tokens if token.state != "cut"]
        ids = [number for number in np.asarray(loaded.x_test)[position].tolist() if number]
        assert vocabulary.numbered(seen) == ids


def test_a_generator_of_words_goes_on_as_its_text_is_written(
    workspace: Workspace,
    context: Context,
    queue: Queue,
    train: Train,
    ask: Callable[..., list[Prediction]],
    tmp_path: Path,
) -> None:
    line = "हिन्दी भाषा: “Ça va, KING?”\n  春眠不觉晓。 don't\n"
    (tmp_path / "verses.txt").write_text(line * 60, encoding="utf-8")
    library.add_corpus(workspace.settings, "verses", tmp_path / "verses.txt")
    data = {"source": "corpus", "dataset": "verses", "tokens": "word", "length": 12, "stride": 1, "vocabulary": 100}
    architecture = {"name": "recurrent_generator", "units": [32], "embedding": 16}
    run = train(queue(data=data, architecture=architecture, training={"epochs": 12, "batch_size": 16}))

    [answer] = ask(run.id, Prompt(text="हिन्दी भाषा: “Ça va, ", length=60, temperature=0.0))

    assert answer.notes == ()
    written = "हिन्दी भाषा: “Ça va, " + answer.text
    assert written.startswith(line)
    assert (line * 4).startswith(written[: len(line) * 2])
