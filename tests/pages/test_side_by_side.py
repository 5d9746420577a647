"""Two runs on the same example, in a page of their own: both are asked about what the first one predicts."""

from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.data.base import DataInfo, Feature
from core.evaluation.holdout import HoldoutExample
from core.jobs.explanation import Explain, Explanation, Part
from core.jobs.prediction import Prediction, PredictionError, Row, Share

TABLE = DataInfo(
    (1,), ("no", "yes"), 9, 9, task="binary", kind="table", features=(Feature("age", "number"),), target="y"
)
SERIES = DataInfo((8,), (), 9, 9, task="forecast", kind="series")


def _page(numbers: tuple[int, ...]) -> None:
    from types import SimpleNamespace
    from typing import Any

    from pages.parts.compare.side_by_side import draw_side_by_side

    runs: Any = [SimpleNamespace(id=number, name=f"run {number}") for number in numbers]
    draw_side_by_side(runs)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Explain]]:
    """Runs 1 and 2 take rows, 3 is of a series and 4 cannot be asked."""
    found: list[tuple[int, Explain]] = []

    def info(_: object, run: Any) -> DataInfo:
        if run.id == 4:
            raise PredictionError("gone")
        return SERIES if run.id == 3 else TABLE

    def answered(run: Any, question: Row, remembered: str, explain: Explain) -> Prediction:
        assert question.values == {"age": 3.0}
        found.append((run.id, explain))
        shares = (Share(name="yes", probability=0.9), Share(name="no", probability=0.1))
        told = Explanation(method="shapley", target="yes", parts=(Part(name="age", given="3", value=0.4),))
        return Prediction(classes=shares if run.id == 1 else shares[::-1], explanation=told)

    inside = "pages.parts.compare.side_by_side"
    monkeypatch.setattr(f"{inside}.prediction", SimpleNamespace(info=info, is_ready=lambda *_: True))
    monkeypatch.setattr(f"{inside}.context", lambda: None)
    monkeypatch.setattr(f"{inside}.use_cases", SimpleNamespace(spec=lambda _: None))
    monkeypatch.setattr(f"{inside}.holdout_example", lambda *_: HoldoutExample(7, "yes", values={"age": 3.0}))
    monkeypatch.setattr(f"{inside}.answered", answered)
    return found


def _opened(*numbers: int) -> AppTest:
    app = AppTest.from_function(_page, default_timeout=300, args=(numbers,)).run()
    assert not app.exception, app.exception[0].message
    return app


def test_both_are_asked_about_the_class_that_the_first_one_predicts(asked: list[tuple[int, Explain]]) -> None:
    app = _opened(1, 2, 3, 4)
    assert not asked
    app.toggle[0].set_value(True).run()
    assert not app.exception, app.exception[0].message
    assert asked == [(1, Explain(method="shapley")), (2, Explain(method="shapley", target="yes"))]
    assert app.selectbox[0].options == ["1 · run 1", "2 · run 2"]
    said = [each.value.replace("\\", "") for each in app.markdown]
    assert [each for each in said if each.startswith("Predicted")] == [
        "Predicted: **yes**, 90.0 %",
        "Predicted: **no**, 10.0 %",
    ]
    assert app.caption[0].value == "Test example 7; it is yes."


def test_runs_that_take_different_inputs_are_not_set_beside_each_other(asked: list[tuple[int, Explain]]) -> None:
    app = _opened(1, 3, 4)
    assert not app.toggle
    assert not asked
