"""Explanations by the process that holds a run's network: of what it answers, and none where none applies."""

from collections.abc import Callable

import pytest

from core.common.context import Context
from core.data.pictures import shown
from core.evaluation.holdout import holdout_example
from core.jobs.explanation import Explain
from core.jobs.prediction import Picture, Prediction, Row, Text, info
from db.records import RunRecord
from tests.core.conftest import Queue
from tests.core.warm import Warm
from tests.core.workers.conftest import Ask

Train = Callable[[int], RunRecord]


def test_an_answer_comes_with_the_explanation_that_was_asked_for_and_is_the_same_without(
    context: Context, queue: Queue, train: Train, ask: Ask, warm: Warm
) -> None:
    run = train(queue(data={"source": "iris"}, training={"epochs": 3}))
    example = holdout_example(context.workspace.settings, run.id, info(context, run), 0)
    assert example is not None
    row, strange = Row(values=example.values), Row(values={"none": 1.0})
    [plain] = ask(run.id, row)
    explained, wrong = ask(run.id, row, strange, explain=Explain())
    assert plain.explanation is None
    assert explained.classes == plain.classes
    assert wrong.problem
    told = explained.explanation
    assert told is not None
    assert (told.method, told.target, told.problem) == ("shapley", plain.classes[0].name, "")
    assert told.answer == pytest.approx(plain.classes[0].probability, abs=1e-5)
    assert {part.name for part in told.parts} == set(example.values)
    assert told.curves is not None
    [other] = ask(run.id, row, explain=Explain(target=plain.classes[2].name))
    assert other.explanation is not None
    assert other.explanation.answer == pytest.approx(plain.classes[2].probability, abs=1e-5)

    environment, raw = context.workspace.settings.environment(), row.model_dump(mode="json")
    given = warm.call("tests.core.inside:predict_around_a_fault", environment, run.id, raw)
    before, failed, after = (Prediction.model_validate(each) for each in given)
    assert failed.explanation is not None
    assert failed.explanation.problem == "The answer could not be explained: MemoryError: no room"
    assert before.classes == failed.classes == after.classes


def test_a_method_that_does_not_apply_and_a_class_that_is_none_are_told_beside_the_answer(
    context: Context, queue: Queue, train: Train, ask: Ask
) -> None:
    network = {"name": "mlp", "hidden": [8]}
    run = train(queue(data={"source": "digits"}, architecture=network, training={"epochs": 1}))
    example = holdout_example(context.workspace.settings, run.id, info(context, run), 0)
    assert example is not None
    picture = Picture(content=example.png, is_ready=True)
    for asked, problem in (
        (Explain(method="grad_cam"), "this network has none"),
        (Explain(method="left_out"), "left_out does not explain data of this kind; gradients, occlusion, shapley, "),
        (Explain(target="ten"), "There is no class 'ten' to explain."),
    ):
        [answer] = ask(run.id, picture, explain=asked)
        assert answer.classes
        assert answer.explanation is not None
        assert problem in answer.explanation.problem
    gradients, text = ask(run.id, picture, Text(text="hello"), explain=Explain())
    assert text.problem == "This run's network takes a picture; received a text."
    assert gradients.explanation is not None
    assert len(gradients.explanation.heat) == shown(example.png).height
