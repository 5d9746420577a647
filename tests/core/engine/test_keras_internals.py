"""What the engine leans on in Keras is where it looks for it, and there is a switch for when it is not."""

from typing import Any

from tests.core.warm import Warm

HERE = "tests.core.engine.test_keras_internals:"


def looked_at(plain: bool) -> dict[str, Any]:
    """What is found in a network with a branch, a network within and a wrapped layer."""
    import os

    import keras

    os.environ["TRAINDECK_PLAIN"] = str(plain)
    from core.engine import keras_internals, recurrent_sharing

    keras_internals.is_plain.cache_clear()
    recurrent_sharing.MOST_CORES = 1000
    layers = keras.layers
    tokens = keras.Input((5,), name="tokens")
    vectors = layers.Embedding(7, 4, name="vectors")(tokens)
    inner = keras.Sequential([keras.Input((5, 4)), layers.GRU(3, return_sequences=True, name="gru")], name="inner")
    sides = [inner(vectors), layers.Bidirectional(layers.LSTM(2, return_sequences=True), name="both")(vectors)]
    model = keras.Model(tokens, layers.Concatenate(name="joined")(sides))
    recurrent_sharing.share_recurrent(model)
    found = {layer.name: layer for layer in keras_internals.every_layer(model)}
    return {
        "layers": sorted(found),
        "parents": {name: list(keras_internals.parents_of(found[name])) for name in ("tokens", "vectors", "joined")},
        "replaced": sorted(layer.name.partition("_")[0] for layer in found.values() if "inner_loop" in vars(layer)),
        "given": model(keras.ops.ones((2, 5))).shape[2],
    }


def test_layers_their_parents_and_their_steps_over_time_are_found(warm: Warm) -> None:
    found = warm.call(f"{HERE}looked_at", False)
    assert {"vectors", "gru", "both", "joined"} <= set(found["layers"])
    assert found["parents"] == {"tokens": [], "vectors": ["tokens"], "joined": ["inner", "both"]}
    assert found["replaced"] == ["backward", "forward", "gru"]
    assert found["given"] == 7


def test_the_switch_does_without(warm: Warm) -> None:
    found = warm.call(f"{HERE}looked_at", True)
    assert found["parents"] == {"tokens": [], "vectors": [], "joined": []}
    assert found["replaced"] == []
    assert found["given"] == 7
