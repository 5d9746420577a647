"""A network's outputs as answers for people and programs: names, probabilities, numbers in the target's unit."""

from typing import Any

import numpy as np

from core.common.text import quoted
from core.data.data_info import Array
from core.inference.decisions import HALF, decided, given_labels, two_columns
from core.inference.description import Description

MOST_CLASSES = 100  # that are told


def meaning(known: Description) -> dict[str, Any]:
    """What the columns of a network's outputs are: "class_names" in their order, where there are any, and "output"."""
    info, names = known.info, list(known.info.class_names)
    if info.task == "multilabel":
        return {"class_names": names, "output": "the probability of each label, in the order of class_names"}
    if info.is_classification and len(names) == 2:
        first, second = map(quoted, names)
        level = "above 0.5" if known.threshold in (None, HALF) else f"at least {known.threshold:.6g}"
        one = f"one number, the probability of {second} (that of {first} is 1 minus it)"
        told = one if info.outputs == 1 else "the probability of each class, in the order of class_names"
        return {"class_names": names, "output": f"{told}; the answer is {second} where its probability is {level}"}
    if info.is_classification:
        return {"class_names": names, "output": "the probability of each class, in the order of class_names"}
    if info.task == "regression":
        return {"output": f"{info.target or 'the number'}, in its own unit"}
    if info.task == "forecast":
        return {"output": f"{info.target or 'the number'}, in its own unit, of the next {info.outputs} steps"}
    return {"output": "the probability of each token of the vocabulary"}


def answer_of(known: Description, outputs: Array) -> dict[str, Any]:
    """Of one example: `outputs` as the network gave them, numbers in the target's unit."""
    info = known.info
    if not np.isfinite(outputs).all():
        return {"problem": "The network's answer is not a number. Check the values."}
    if info.task == "multilabel":
        labels = given_labels(info.class_names, outputs.reshape(-1), known.levels)
        told = [{"name": n, "probability": p, "threshold": level, "given": given} for n, p, level, given in labels]
        return {"prediction": [each.name for each in labels if each.is_given], "labels": told[:MOST_CLASSES]}
    if info.is_classification:
        probabilities = two_columns(outputs.reshape(1, -1))
        number = int(decided(probabilities, known.threshold)[0])
        order = np.argsort(-probabilities[0], kind="stable")[:MOST_CLASSES]
        shares = [{"name": info.class_names[at], "probability": float(probabilities[0, at])} for at in order]
        return {"prediction": info.class_names[number], "classes": shares}
    if info.task == "regression":
        return {"prediction": float(outputs.reshape(-1)[0]), "target": info.target}
    if info.task == "forecast":
        return {"prediction": [float(value) for value in outputs.reshape(-1)], "target": info.target}
    return {"probabilities": outputs.tolist()}
