"""The step loop in the graph, held against Keras's own."""

import pytest

from tests.core.warm import Warm

INSIDE = "tests.core.training.inside:"


@pytest.fixture(scope="module")
def compared(warm: Warm) -> dict[str, object]:
    return warm.call(f"{INSIDE}engine_and_fit")


def test_the_engine_learns_what_fit_learns(compared: dict) -> None:
    assert compared["difference"] < 1e-5
    assert compared["loss"] == pytest.approx(compared["fitted"]["loss"], rel=1e-5)
    assert compared["accuracy"] == pytest.approx(compared["fitted"]["accuracy"], rel=1e-5)


def test_the_smaller_last_batch_is_a_step_too(compared: dict) -> None:
    assert compared["iterations"] == 14


def test_the_engine_evaluates_as_keras_does(compared: dict) -> None:
    assert compared["evaluated"]["loss"] == pytest.approx(compared["keras_evaluated"]["loss"], rel=1e-5)
    assert compared["evaluated"]["accuracy"] == pytest.approx(compared["keras_evaluated"]["accuracy"], rel=1e-5)


def test_a_network_is_looked_at_without_memory_for_its_weights(warm: Warm) -> None:
    traced = warm.call(f"{INSIDE}trace_without_memory")
    assert traced["parameters"] > 2e10
    assert traced["mb"] < 200


def test_a_save_that_the_disk_refuses_leaves_the_old_checkpoint(warm: Warm, tmp_path: object) -> None:
    assert warm.call(f"{INSIDE}save_and_fail", str(tmp_path)) == ["last.keras", "step 1"]


def test_gradients_are_clipped_by_their_norm_over_all_weights(warm: Warm) -> None:
    clipped = warm.call(f"{INSIDE}clipped_update", 1.0)
    assert clipped == [pytest.approx([0.6, 0]), pytest.approx([0, 0.8])]
    assert warm.call(f"{INSIDE}clipped_update", 10.0) == [[3, 0], [0, 4]]


NETWORKS = {
    "mlp": {"name": "mlp", "hidden": [16], "l2": 0.001},
    "cnn": {"name": "cnn", "filters": [4], "hidden": [8]},
    "residual network": {"name": "resnet", "stem": 4, "widths": [4], "blocks": 1},
}


@pytest.mark.parametrize("network", NETWORKS)
def test_every_way_takes_the_same_steps_as_fit(warm: Warm, network: str) -> None:
    source = {"source": "digits", "limit": 200}
    found = warm.call(f"{INSIDE}ways_and_fit", NETWORKS[network], source)
    for way in ("graph", "step", "stream", "fit", "xla"):
        assert found["losses"][way] == pytest.approx(found["losses"]["graph"], rel=1e-4), way
        assert found["means"][way] == pytest.approx(found["fitted"], rel=1e-4), way
        assert found["apart"][way] < 1e-4, way


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_recurrent_layers_that_cores_share_have_keras_own_values_and_gradients(warm: Warm, kind: str) -> None:
    found = warm.call(f"{INSIDE}shared_layers", kind)
    assert found["shared"] == 4
    assert found["size"] > 1e-2
    assert found["apart"] < 1e-5
