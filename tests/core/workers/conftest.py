"""What tests of answers share."""

from collections.abc import Callable

import pytest

from core.common.settings import Settings
from core.jobs.explanation import Explain
from core.jobs.prediction import Input, Prediction
from tests.core.warm import Warm

Ask = Callable[..., list[Prediction]]


@pytest.fixture
def ask(warm: Warm, settings: Settings) -> Ask:
    """`ask(run_id, input, input, …)`: the answers of one process that holds the run's network.

    With `explain=` each is explained, too.
    """

    def answers(run_id: int, *inputs: Input, explain: Explain | None = None) -> list[Prediction]:
        raws = [each.model_dump(mode="json") for each in inputs]
        asked = explain.model_dump(mode="json") if explain is not None else None
        given = warm.call("tests.core.inside:predict", settings.environment(), run_id, raws, asked)
        return [Prediction.model_validate(each) for each in given]

    return answers
