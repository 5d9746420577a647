"""What a network goes by, under its evaluation, in a page of its own: words and places, and the way there."""

from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.common.context import Context
from core.data.base import DataInfo
from core.data.pictures import png_of
from core.jobs.explanation import Dependence, Lines
from core.jobs.importance import Importance, Region, Shuffled, Word, Words

GOOD = Word(text="good <b>", value=0.4, low=0.3, high=0.5, texts=20)
BAD = Word(text="bad", value=-0.2, low=-0.3, high=-0.1, texts=9)
FOUND = {
    "text": Importance(
        rows=90, words=(Words(name="pos", speaks_for=(GOOD,), against=(BAD,)),), looked=31, least=5, is_short=True
    ),
    "image": Importance(
        rows=12,
        regions=(Region(name="cat *x*", pictures=12, heat=((0.0, 0.3),), seen=png_of(np.zeros((1, 2, 1), np.uint8))),),
    ),
    "table": Importance(
        value=0.9, rows=30, repeats=10, classes=("a", "b"),
        features=(Shuffled(name="age", fall=0.2, error=0.01, by_class=(0.1, 0.3), by_class_error=(0.01, 0.01)),),
        dependences=(
            Dependence(
                feature="age", values=(1.0, 2.0), seen=(1.0, 2.0, 2.0),
                lines=(Lines(name="b", mean=(0.2, 0.8), others=((0.1, 0.9),)),),
            ),
        ),
    ),
}  # fmt: skip


def _page(kind: str) -> None:
    from types import SimpleNamespace
    from typing import Any

    from pages.parts.evaluation import importance

    run: Any = SimpleNamespace(id=1, kind=kind)
    importance.show(run)


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch, context: Context) -> list[object]:
    stopped: list[object] = []
    name = "core.jobs.importance"

    def info(_: object, run: SimpleNamespace) -> DataInfo:
        kind = run.kind.partition(" ")[0]
        return DataInfo((2, 2, 1), ("a", "b"), 9, 9, kind=kind)

    monkeypatch.setattr("pages.parts.evaluation.importance.context", lambda: context)
    monkeypatch.setattr("core.jobs.prediction.info", info)
    monkeypatch.setattr(f"{name}.found", lambda _, run: FOUND.get(run.kind))
    monkeypatch.setattr(f"{name}.is_asked", lambda _, run: run.kind.endswith("asked"))
    monkeypatch.setattr(f"{name}.progress", lambda *_: None)
    monkeypatch.setattr(f"{name}.stop", lambda *_: stopped.append(1))
    return stopped


def _opened(kind: str) -> AppTest:
    app = AppTest.from_function(_page, default_timeout=300, args=(kind,)).run()
    assert not app.exception, app.exception[0].message
    return app


def _told(app: AppTest) -> str:
    return " ".join(each.value for each in (*app.markdown, *app.caption)).replace("\\", "")


def test_words_stand_for_and_against_a_class_with_counts_and_intervals(stopped: list[object]) -> None:
    app = _opened("text")
    good, bad = (each.value for each in app.dataframe)
    assert good.iloc[0].tolist() == ["good <b>", -0.4, "-0.5 to -0.3", 20]
    assert bad.iloc[0].tolist() == ["bad", 0.2, "0.1 to 0.3", 9]
    assert "There was time for 90 test examples only." in _told(app)
    assert "Only words in 5 texts or more, 31 of them, were looked at" in _told(app)


def test_each_class_of_pictures_has_a_map_over_their_mean(stopped: list[object]) -> None:
    app = _opened("image")
    assert "the mean over 12 test pictures" in _told(app)


def test_features_have_what_the_answer_does_over_their_values(stopped: list[object]) -> None:
    app = _opened("table")
    assert app.selectbox[0].options == ["age"]
    assert "Below is how often the values occur" in _told(app)
    assert app.dataframe[0].value["Recall of b"].tolist() == [0.3]


def test_it_is_stopped_by_a_click_and_forecasts_have_none(stopped: list[object]) -> None:
    assert not _opened("series").subheader
    app = _opened("text asked")
    app.button(key="run_importance_stop").click().run()
    assert stopped == [1]
