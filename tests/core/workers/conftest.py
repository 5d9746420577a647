"""What tests of answers share."""

from collections.abc import Callable

import pytest

from core.common.settings import Settings
from core.jobs.prediction import Input, Prediction
from tests.core.warm import Warm

Ask = Callable[..., list[Prediction]]


@pytest.fixture
def ask(warm: Warm, settings: Settings) -> Ask:
    """`ask(run_id, input, input, …)`: the answers of one process that holds the run's network."""

    def answers(run_id: int, *inputs: Input) -> list[Prediction]:
        raws = [each.model_dump(mode="json") for each in inputs]
        given = warm.call("tests.core.inside:predict", settings.environment(), run_id, raws)
        return [Prediction.model_validate(each) for each in given]

    return answers
