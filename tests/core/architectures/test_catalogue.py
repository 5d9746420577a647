"""The catalogue of layers, held against Keras."""

import inspect
from typing import Any

import pytest

from core.architectures import catalogue
from tests.core.warm import Warm

# Enough to make each layer that has required arguments.
EXAMPLES: dict[str, Any] = {
    **{"units": 2, "filters": 2, "kernel_size": 2, "pool_size": 2, "activation": "relu", "input_dim": 3},
    **{"output_dim": 2, "target_shape": [4], "dims": [1], "n": 2, "height": 4, "width": 4, "scale": 0.5},
    **{"factor": 0.1, "height_factor": 0.1, "width_factor": 0.1, "rate": 0.5, "stddev": 0.1},
}


def keras_signatures() -> dict[str, list[tuple[str, bool]]]:
    """Arguments of Keras's layers with whether they must be given."""
    import keras

    found = {}
    for name in catalogue.ARGUMENTS:
        parameters = inspect.signature(getattr(keras.layers, name).__init__).parameters.values()
        takes_more = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)
        named = [(p.name, p.default is p.empty) for p in parameters if p.name not in ("self", "kwargs")]
        common = [("name", False), ("trainable", False), ("dtype", False), ("activity_regularizer", False)]
        found[name] = named + (common if takes_more else [])
    return found


def makes_every_layer() -> list[str]:
    """Layers that Keras does not make from their required arguments alone."""
    import keras

    failed = []
    for name in catalogue.ARGUMENTS:
        arguments = {argument: EXAMPLES[argument] for argument in catalogue.required(name)}
        try:
            getattr(keras.layers, name)(**arguments)
        except Exception as error:
            failed.append(f"{name}: {error}")
    return failed


def knows_every_identifier() -> bool:
    import keras

    for kind, names in (
        (keras.activations, catalogue.ACTIVATIONS),
        (keras.initializers, catalogue.INITIALIZERS),
        (keras.regularizers, catalogue.REGULARIZERS),
        (keras.constraints, catalogue.CONSTRAINTS),
    ):
        for name in names:
            assert kind.get(name) is not None
    return True


@pytest.fixture(scope="module")
def signatures(warm: Warm) -> dict[str, list[tuple[str, bool]]]:
    found: dict[str, list[tuple[str, bool]]] = warm.call("tests.core.architectures.test_catalogue:keras_signatures")
    return found


@pytest.mark.parametrize("layer", catalogue.ARGUMENTS)
def test_keras_knows_every_argument_and_requires_what_we_require(signatures: Any, layer: str) -> None:
    known = dict(signatures[layer])
    assert set(catalogue.ARGUMENTS[layer]) - set(known) == set()
    assert {name for name, needed in known.items() if needed} == set(catalogue.required(layer))


def test_keras_makes_every_layer_from_its_required_arguments(warm: Warm) -> None:
    assert warm.call("tests.core.architectures.test_catalogue:makes_every_layer") == []


def test_keras_knows_every_identifier(warm: Warm) -> None:
    assert warm.call("tests.core.architectures.test_catalogue:knows_every_identifier")


@pytest.mark.parametrize(
    "layer", ["Lambda", "TorchModuleWrapper", "TFSMLayer", "JaxLayer", "StringLookup", "TextVectorization", "Wrapper"]
)
def test_nothing_that_carries_code_or_reads_files_is_listed(layer: str) -> None:
    assert layer not in catalogue.ARGUMENTS
