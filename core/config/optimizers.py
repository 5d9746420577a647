"""The optimizers. `name` is Keras's own name for the class, in lower case."""

from typing import Annotated, Literal

from pydantic import Field

from core.common.config_model import Config

LearningRate = Annotated[
    float,
    Field(gt=0, le=100, title="Learning rate", description="Size of an update; the schedule scales it over time."),
]


class _Optimizer(Config):
    clip_norm: float | None = Field(
        None, gt=0, title="Clip norm", description="Scale the gradient of all weights together to at most this norm."
    )


class SGD(_Optimizer):
    """Stochastic gradient descent"""

    name: Literal["sgd"] = "sgd"
    learning_rate: LearningRate = 0.01
    momentum: float = Field(0.9, ge=0, lt=1, title="Momentum", description="Share of the last update that is kept.")
    nesterov: bool = Field(False, title="Nesterov", description="Look ahead along the momentum before the gradient.")


class RMSprop(_Optimizer):
    """RMSprop"""

    name: Literal["rmsprop"] = "rmsprop"
    learning_rate: LearningRate = 0.001
    rho: float = Field(0.9, ge=0, lt=1, title="Rho", description="Decay of the running mean of squared gradients.")
    momentum: float = Field(0.0, ge=0, lt=1, title="Momentum", description="Share of the last update that is kept.")


class Adam(_Optimizer):
    """Adam"""

    name: Literal["adam"] = "adam"
    learning_rate: LearningRate = 0.001
    beta_1: float = Field(0.9, ge=0, lt=1, title="Beta 1", description="Decay of the running mean of gradients.")
    beta_2: float = Field(
        0.999, ge=0, lt=1, title="Beta 2", description="Decay of the running mean of squared gradients."
    )


class AdamW(Adam):
    """AdamW"""

    name: Literal["adamw"] = "adamw"  # type: ignore[assignment]
    weight_decay: float = Field(
        0.004,
        ge=0,
        le=1,
        title="Weight decay",
        description="Share of each weight taken off per update, times the rate.",
    )


Optimizer = Annotated[SGD | RMSprop | Adam | AdamW, Field(discriminator="name")]
