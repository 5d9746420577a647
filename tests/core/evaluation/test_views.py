"""Test-time augmentation: what is told of a run, and what it answers, are means over views of a picture."""

from typing import Any

import numpy as np
import pytest

from core.common.workspace import Workspace
from core.config.check import parse
from core.config.edit import Raw
from core.data.pictures import png_of
from core.data.prepare import load
from core.evaluation.report_files import read_predictions, read_report
from db.records import RunState
from tests.core.conftest import Queue
from tests.core.warm import Warm

CONFIG: Raw = {
    "data": {"source": "digits", "limit": 300, "scaling": "standard", "augmentation": {"flip": "alternating"}},
    "architecture": {"name": "whitened_cnn", "widths": [8, 8]},
    "training": {
        "epochs": 2,
        "optimizer": {"name": "sgd", "weight_decay": 0.01, "shift_factor": 8, "lookahead": {"every": 2}},
        "schedule": {"name": "triangular"},
    },
    "evaluation": {"test_time_augmentation": "flip_shift"},
}


def test_the_answer_is_the_mean_over_views(warm: Warm) -> None:
    found = warm.call("tests.core.inside_updates:views")
    assert {name: each["apart"] < 1e-6 and each["loss"] for name, each in found.items()} == dict.fromkeys(
        ("none", "flip", "flip_shift"), True
    )


def test_a_run_is_evaluated_and_asked_in_the_same_views_and_says_so(
    workspace: Workspace, queue: Queue, train: Any, warm: Warm
) -> None:
    settings = workspace.settings
    run = train(queue(**CONFIG))
    assert run.state is RunState.FINISHED, run.reason
    assert "shifted by a pixel" in read_report(settings, run.id).views_note
    stored = read_predictions(settings, run.id)
    data = load(parse(CONFIG, settings).data, settings, 0)
    content = [png_of(picture) for picture in np.asarray(data.x_test)[:3]]
    asked = [{"kind": "image", "content": each, "is_ready": True} for each in content]
    answers = warm.call("tests.core.inside:predict", settings.environment(), run.id, asked)
    for place, answer in enumerate(answers):
        shares = {each["name"]: each["probability"] for each in answer["classes"]}
        assert [shares[name] for name in "0123456789"] == pytest.approx(
            [stored[f"p_{name}"][place] for name in "0123456789"], abs=1e-5
        )
