"""Which networks are executed as they were traced."""

from tests.core.warm import Warm


def test_small_networks_of_dense_layers_are_not_optimised_and_all_others_are(warm: Warm) -> None:
    found = warm.call("tests.core.inside_updates:graph_optimizers")
    assert found == {
        "dense": True,
        "dense, large": False,
        "convolution": False,
        "recurrent": False,
        "dense again": True,
    }
