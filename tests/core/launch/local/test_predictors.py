"""Try it, the whole way: through the store, the supervisor and the standby to the process that holds the network."""

import os
import signal
from collections.abc import Callable

import pytest

from core.jobs import prediction
from core.jobs.prediction import Prediction, PredictionError, Prompt, Row
from tests.host import Host

FLOWER = Row(
    values={"sepal length (cm)": 5.1, "sepal width (cm)": 3.5, "petal length (cm)": 1.4, "petal width (cm)": 0.2}
)


Asked = Callable[..., Prediction]


@pytest.fixture
def asked(host: Host) -> Asked:
    """`asked(run_id, input)`: the answer of the host."""
    host.standby()

    def ask(run_id: int, question: prediction.Input = FLOWER) -> Prediction:
        return prediction.predict(host.context, host.run(run_id), question)

    return ask


def test_one_process_for_each_run_holds_its_network_and_answers_question_after_question(
    host: Host, asked: Asked
) -> None:
    runs = [host.launch("iris-mlp", **{"training.epochs": 2, "seed": seed}) for seed in (1, 2)]
    for run_id in runs:
        host.ended(run_id)
    first, other, again = (asked(run_id) for run_id in (*runs, runs[0]))
    assert again.process == first.process != other.process
    assert again.classes == first.classes != other.classes
    assert {share.name for share in first.classes} == {"setosa", "versicolor", "virginica"}
    with pytest.raises(PredictionError, match="takes a row of values; received a prompt"):
        asked(runs[0], Prompt(text="ROMEO:"))
    assert asked(runs[0]).process == first.process


def test_a_better_checkpoint_is_taken_as_soon_as_there_is_one(host: Host, asked: Asked) -> None:
    run_id = host.launch("iris-mlp", **{"training.epochs": 2, "training.early_stopping": None})
    host.ended(run_id)
    first = asked(run_id)
    folder = host.workspace.settings.run_dir(run_id) / "checkpoints"
    (folder / "best.keras").unlink()
    with pytest.raises(PredictionError, match="has no best checkpoint"):
        asked(run_id)
    (folder / "last.keras").rename(folder / "best.keras")
    second = asked(run_id)
    assert second.process == first.process
    assert second.step == host.run(run_id).step


def test_a_process_that_dies_is_made_again_for_the_next_question(host: Host, asked: Asked) -> None:
    run_id = host.launch("iris-mlp", **{"training.epochs": 2})
    host.ended(run_id)
    first = asked(run_id)
    os.kill(first.process, signal.SIGKILL)
    try:
        second = asked(run_id)
    except PredictionError as error:  # asked before the standby had seen its end
        assert "The process that held the network is gone" in str(error)
        second = asked(run_id)
    assert second.process != first.process
    assert second.classes == first.classes
