"""Run by the warm process: versions that are made of several networks."""

import os
from typing import Any

import numpy as np


def make(environment: dict[str, str], raw: dict[str, Any]) -> dict[str, Any]:
    """What came of a request."""
    from core.common.settings import Settings
    from core.common.workspace import Workspace
    from core.jobs.new_version import Request
    from core.workers.new_version import answer
    from core.workers.work import Work

    os.environ.update(environment)
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    return answer(Work(Workspace.open(Settings())), Request.model_validate(raw)).model_dump(mode="json")


def weights(environment: dict[str, str], path: str) -> list[tuple[str, Any]]:
    """Path and value of each."""
    import keras

    os.environ.update(environment)
    model = keras.models.load_model(path, compile=False)
    return [(each.path, np.asarray(each).tolist()) for each in model.weights]


def apart(_: dict[str, str]) -> dict[str, float]:
    """The largest difference of an ensemble's answers, in the target's unit, to the mean of its members', by kind."""
    return {"texts": _texts(), "table": _table(), "standard": _numbers("standard"), "log": _numbers("log")}


def _texts() -> float:
    import keras
    from keras import layers

    from core.data.number_scaling import Numbers
    from core.data.vocabulary import Vocabulary
    from core.engine.ensemble import Member, ensemble

    known = [Vocabulary("word", words) for words in (("good", "bad", "film"), ("film", "bad", "odd", "good"))]
    members = []
    for place, vocabulary in enumerate(known):
        keras.utils.set_random_seed(place)
        ids = keras.Input((4,), dtype="int32", name="input")
        words = layers.Embedding(len(vocabulary), 3, mask_zero=True, name="embedding")(ids)
        given = layers.Dense(2, "softmax", name="output")(layers.LSTM(4, name="lstm")(words))
        members.append(Member(f"run {place}", keras.Model(ids, given), Numbers(), vocabulary))
    texts = ["good film", "bad odd film", "odd", ""]
    means = np.mean([each.model(v.encode(texts, 4)) for each, v in zip(members, known, strict=True)], axis=0)
    joined = ensemble(members)
    seen = ["good film", "bad unheard film", "unheard", ""]  # what the first one does not know nobody is told
    less = np.mean([each.model(v.encode(seen, 4)) for each, v in zip(members, known, strict=True)], axis=0)
    assert len({layer.name for layer in joined.layers}) == len(joined.layers)
    assert not np.allclose(means, less)
    return float(np.abs(np.asarray(joined(known[0].encode(texts, 4))) - less).max())


def _table() -> float:
    """Networks whose inputs have names, of different widths."""
    import keras
    from keras import layers, ops

    from core.data.number_scaling import Columns, Numbers
    from core.engine.ensemble import Member, ensemble

    members = []
    for place in range(2):
        keras.utils.set_random_seed(place)
        x = {
            "numbers": keras.Input((2,), name="numbers"),
            "categories": keras.Input((1,), name="categories", dtype="string"),
        }
        words = layers.StringLookup(vocabulary=["town", "sea"], output_mode="one_hot", name="words")(x["categories"])
        given = layers.Dense(2, "softmax", name="output")(ops.concatenate([x["numbers"], words], -1))
        members.append(Member(f"run {place}", keras.Model(x, given), Numbers(Columns((float(place), 0.0), (1.0, 1.0)))))
    joined = ensemble(members)
    rows, places = np.arange(6.0, dtype=np.float32).reshape(3, 2), np.array([["town"], ["sea"], ["?"]], object)

    def asked(model: Any, offset: float) -> Any:
        import tensorflow as tf

        return np.asarray(
            model({"numbers": tf.constant(rows - [offset, 0], tf.float32), "categories": tf.constant(places)})
        )

    mean = np.mean([asked(each.model, float(place)) for place, each in enumerate(members)], axis=0)
    return float(np.abs(asked(joined, 0.0) - mean).max())


def _numbers(kind: Any) -> float:
    import keras
    from keras import layers

    from core.data.number_scaling import Columns, Numbers, Target, of_inputs
    from core.engine.ensemble import Member, ensemble
    from core.engine.own_unit import in_own_unit

    members = []
    for place in range(3):
        keras.utils.set_random_seed(place)
        x = keras.Input((2,), name="input")
        given = layers.Dense(1, name="dense")(layers.Dense(4, "tanh", name="hidden")(x))
        model = keras.Model(x, layers.Rescaling(1.0, name="output")(given))
        target = Target(kind, 3.0 + place, 2.0 + place, 5.0 + place)
        members.append(Member(f"run {place}", model, Numbers(Columns((1.7e9 + place, 0.0), (1.0, 1.0)), target)))
    rows = np.stack([1.7e9 + np.arange(8.0), np.arange(8.0) / 8], axis=1)

    def answers(model: Any, numbers: Numbers) -> Any:
        return numbers.of_outputs(np.asarray(model(of_inputs(numbers, rows))))

    means = np.mean([answers(each.model, each.numbers) for each in members], axis=0)
    joined, first = ensemble(members), members[0].numbers
    if kind != "log":  # as a file it gives the target's own unit
        with in_own_unit(joined, first.target):
            assert np.allclose(np.asarray(joined(of_inputs(first, rows))), means, rtol=1e-4)
    return float(np.abs(answers(joined, first) - means).max() / np.abs(means).max())
