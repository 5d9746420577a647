"""Augmentation, and several devices that share a batch; see `inside`."""

from typing import Any

import numpy as np
import pytest

from core.common.workspace import Workspace
from core.config.edit import with_values
from db.records import RunState
from tests.core.conftest import Queue
from tests.core.warm import Warm


@pytest.fixture(scope="module")
def told(warm: Warm) -> dict[str, Any]:
    found: dict[str, Any] = warm.call("tests.core.inside:augmented")
    return found


@pytest.mark.parametrize("name", ["flip", "crop", "rotation", "contrast", "cutout", "mixup"])
def test_each_change_keeps_shape_and_range_and_goes_by_the_seed(told: dict[str, Any], name: str) -> None:
    facts = told[name]
    assert facts["shape"] == [6, 8, 8, 3]
    assert 0 <= facts["least"] <= facts["most"] <= 255.01
    assert facts["changes"]
    assert facts["repeats"]
    assert facts["differs"]


def test_mixup_mixes_labels_as_it_mixes_images(told: dict[str, Any]) -> None:
    labels = np.array(told["labels"])
    assert np.allclose(labels.sum(axis=1), 1)
    assert ((labels > 0.001) & (labels < 0.999)).any()


def test_two_devices_learn_what_one_learns(warm: Warm) -> None:
    one, two = (warm.call("tests.core.inside:losses_on", devices) for devices in (1, 2))
    assert np.allclose(one, two, rtol=1e-4)


def test_a_run_with_every_change_is_stored_and_tested(workspace: Workspace, queue: Queue, train: Any) -> None:
    augmentation = {"flip": "both", "crop": 1, "rotation": 10, "contrast": 0.2, "cutout": 2, "mixup": 0.2}
    data = with_values({"source": "digits", "limit": 200}, {"augmentation": augmentation})
    run = train(queue(data=data, architecture={"name": "cnn", "filters": [4]}, training={"epochs": 1}))

    assert run.state is RunState.FINISHED, run.reason
