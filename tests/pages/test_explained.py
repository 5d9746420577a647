"""The explanation under Try it, in a page of its own: what is drawn of each kind, and red where a check fails."""

from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.common.context import Context
from core.data.base import Kind
from core.data.pictures import png_of
from core.jobs.explanation import Explain, Explanation, Part
from core.jobs.prediction import Prediction, PredictionError, Share

SEEN = png_of(np.full((2, 2, 1), 128, np.uint8))
ANSWER = Prediction(
    classes=(Share(name="cat", probability=0.8), Share(name="dog", probability=0.2)), tokens=(), seen=SEEN
)


def _page(kind: str) -> None:
    from types import SimpleNamespace
    from typing import Any

    from core.data.base import DataInfo
    from pages.parts.run.explained import explained
    from tests.pages.test_explained import ANSWER

    info = DataInfo((2, 2, 1), ("cat", "dog"), 9, 9, kind=kind)  # type: ignore[arg-type]
    run: Any = SimpleNamespace(id=1)
    question: Any = kind
    explained(run, info, question, ANSWER)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Explain]:
    """What the process that holds the network would be asked; it answers with EXPLANATIONS."""
    found: list[Explain] = []

    def answered(run: object, question: str, remembered: str, explain: Explain) -> Prediction:
        found.append(explain)
        return ANSWER.model_copy(update={"explanation": EXPLANATIONS[question]})

    monkeypatch.setattr("pages.parts.run.explained.answered", answered)
    monkeypatch.setattr("core.runs.spec", lambda _: SimpleNamespace(architecture=SimpleNamespace(name="cnn")))
    return found


EXPLANATIONS: dict[str, Explanation] = {
    "image": Explanation(
        method="gradients", target="cat", answer=0.8, baseline=0.5, heat=((0.2, 0.0), (-0.1, 0.2)),
        completeness=0.002, steps=16, sanity=0.7,
    ),
    "text": Explanation(
        method="left_out", target="cat", answer=0.8, baseline=0.5, sanity=0.1, sanity_error=0.05,
        parts=(Part(name="a", value=0.0), Part(name="<b>", value=0.3), Part(name="purring", value=-0.1)),
    ),
    "table": Explanation(
        method="shapley", target="cat", answer=0.8, baseline=0.5, standard_error=0.002, steps=300,
        parts=(Part(name="age", given="3", value=0.4), Part(name="size", given="", value=-0.1)),
    ),
}  # fmt: skip


def _opened(kind: Kind) -> AppTest:
    app = AppTest.from_function(_page, default_timeout=300, args=(kind,)).run()
    assert not app.exception, app.exception[0].message
    assert not app.caption
    app.toggle[0].set_value(True).run()
    assert not app.exception, app.exception[0].message
    return app


def _told(app: AppTest) -> str:
    return " ".join(each.value for each in (*app.caption, *app.markdown)).replace("\\", "")


def test_a_picture_is_explained_by_the_method_and_for_the_class_that_are_chosen(asked: list[Explain]) -> None:
    app = _opened("image")
    assert asked[-1] == Explain(method="gradients", target="cat")
    assert "All parts together add up to the difference within 0.20 % (16 steps)." in _told(app)
    assert ":red[It changes too little when the weights are randomised: rank correlation 0.70" in _told(app)
    method, target = app.selectbox
    target.set_value("dog").run()
    assert asked[-1] == Explain(method="gradients", target="dog")
    method.set_value("occlusion").run()
    assert asked[-1] == Explain(method="occlusion", target="dog")


def test_tokens_are_coloured_by_what_they_say_and_written_as_they_are(asked: list[Explain]) -> None:
    app = _opened("text")
    assert asked[-1].method == "left_out"
    body = " ".join(each.proto.body for each in app.get("html"))
    assert "&lt;b&gt;</span>" in body
    assert "rgba(214, 48, 49, 0.550)" in body
    assert "rgba(38, 120, 222, " in body
    assert "It changes when the weights are randomised: rank correlation 0.10 ± 0.10 (1: " in _told(app)
    assert ":red[" not in _told(app)


def test_features_stand_with_their_values_and_a_standard_error(asked: list[Explain]) -> None:
    app = _opened("table")
    assert asked[-1] == Explain(method="shapley", target="cat")
    assert "each is sampled with a standard error of at most 0.002 (300 orders)" in _told(app)


def test_a_series_has_no_switch(asked: list[Explain]) -> None:
    app = AppTest.from_function(_page, default_timeout=300, args=("series",)).run()
    assert not app.exception
    assert not app.toggle
    assert not asked


def _failing() -> None:
    from types import SimpleNamespace
    from typing import Any

    from core.common.errors import TraindeckError
    from core.jobs.explanation import Explain
    from core.jobs.prediction import Text
    from pages.parts.run.asking import answered, draw_failure

    run: Any = SimpleNamespace(id=1)
    try:
        answered(run, Text(text="a"), "kept", Explain())
    except TraindeckError as error:
        draw_failure(error, "kept")


def test_what_could_not_be_explained_is_asked_again_only_when_it_is_wanted(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[object] = []

    def predict(*_: object, **options: object) -> Prediction:
        times.append(options["explain"])
        raise PredictionError("It was ended after 60 s.")

    monkeypatch.setattr("pages.parts.run.asking.context", lambda: context)
    monkeypatch.setattr("core.jobs.prediction.stamp", lambda *_: (1, 2))
    monkeypatch.setattr("core.jobs.prediction.predict", predict)
    app = AppTest.from_function(_failing, default_timeout=300).run()
    for _ in range(2):
        assert not app.exception
        assert app.error[0].value.replace("\\", "") == "It was ended after 60 s."
        app.run()
    assert len(times) == 1
    app.button[0].click().run()
    assert len(times) == 2
