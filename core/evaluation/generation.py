"""What a generator's losses on the test text say."""

import math
from collections.abc import Mapping

import numpy as np

from core.data.base import Array
from core.evaluation.operating_curves import thinned
from core.evaluation.report import Generation, defined

LOSSES = ("loss", "val_loss")


def generation(losses: Array, right: Array) -> Generation:
    """Both [windows, length]: the loss of each token in nats, all numbers, and whether it was the most probable."""
    loss = float(losses.mean(dtype=np.float64))
    return Generation(
        loss=loss,
        perplexity=defined(perplexity(loss)),
        tokens=losses.size,
        windows=len(losses),
        length=losses.shape[1],
        accuracy=float(right.mean()),
        by_position=tuple(losses.mean(axis=0, dtype=np.float64)[thinned(losses.shape[1])].tolist()),
    )


def perplexity(loss: float) -> float:
    """How many tokens a generator hesitates between on average; of a mean loss in nats per token."""
    return math.inf if loss > 700 else math.exp(loss)  # beyond it is more than a float holds


def perplexities(values: Mapping[str, float], penalty: float) -> dict[str, float]:
    """Of an epoch's mean losses, in nats per token. `penalty`: what L1 and L2 add to that of training."""
    losses = {name: values[name] for name in LOSSES if name in values}
    losses |= {"loss": losses["loss"] - penalty} if "loss" in losses else {}
    return {name.replace("loss", "perplexity"): perplexity(loss) for name, loss in losses.items()}
