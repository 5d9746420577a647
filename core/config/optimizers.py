"""The optimizers that Keras has. The class is named as Keras's own, `name` is that in lower case."""

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from core.common.config_model import Config

LearningRate = Annotated[
    float,
    Field(gt=0, le=100, title="Learning rate", description="Size of an update; the schedule scales it over time."),
]
Decay = Annotated[
    float,
    Field(
        ge=0,
        le=1,
        title="Weight decay",
        description="Share of each weight taken off per update, times the rate.",
    ),
]
Momentum = Annotated[float, Field(ge=0, lt=1, title="Momentum", description="Share of the last update that is kept.")]
Rho = Annotated[float, Field(ge=0, lt=1, title="Rho", description="Decay of the running mean of squared gradients.")]
Accumulator = Annotated[
    float, Field(ge=0, le=1e6, title="Accumulator", description="Where the sum of squared gradients begins.")
]


class Lookahead(Config):
    """Lookahead"""

    every: int = Field(5, ge=1, le=1_000_000, title="Every", description="Updates between two looks back.")
    keep: float = Field(
        0.5, ge=0, lt=1, title="Kept", description="Share of the slow weights that a look back keeps, at the most."
    )
    growth: float = Field(
        0.0,
        ge=0,
        le=10,
        title="Growth",
        description="Power of the share of training that is done by which what is kept grows; 0 keeps it the same.",
    )

    def kept(self, progress: float) -> float:
        """Share of the slow weights that is kept once this share of all steps was taken."""
        return float(self.keep * progress**self.growth)


class _Optimizer(Config):
    kept: ClassVar[int] = 2  # numbers per weight that it keeps at most, without its momentum

    clip_norm: float | None = Field(
        None, gt=0, title="Clip norm", description="Scale the gradient of all weights together to at most this norm."
    )
    ema_momentum: float | None = Field(
        None,
        gt=0,
        lt=1,
        title="Weight averaging",
        description=(
            "Share of a running mean of the weights that each step keeps, as 0.99; validation, test and the best "
            "checkpoint take that mean in place of the weights. Empty for none."
        ),
    )
    lookahead: Lookahead | None = Field(
        None,
        title="Lookahead",
        description=(
            "Every few updates go back part of the way to slow weights, which follow (Zhang et al., 2019); validation, "
            "test and the best checkpoint take the slow ones."
        ),
    )
    gradient_accumulation_steps: int = Field(
        1,
        ge=1,
        le=10_000,
        title="Accumulated steps",
        description=(
            "Steps whose mean gradient makes one update, as if the batch were so many times larger; what is left at "
            "the end of an epoch goes into the next one."
        ),
    )

    @property
    def averages(self) -> bool:
        """Whether it keeps other weights beside those that it changes, which are what is measured."""
        return self.ema_momentum is not None or self.lookahead is not None

    @property
    def numbers_kept(self) -> int:
        """Per weight, with those of the options that every optimizer has."""
        options = (getattr(self, "momentum", 0.0), self.averages, self.gradient_accumulation_steps > 1)
        return self.kept + len([option for option in options if option])


class SGD(_Optimizer):
    """Stochastic gradient descent"""

    kept: ClassVar[int] = 0
    name: Literal["sgd"] = "sgd"
    learning_rate: LearningRate = 0.01
    momentum: Momentum = 0.9
    nesterov: bool = Field(False, title="Nesterov", description="Look ahead along the momentum before the gradient.")
    weight_decay: Decay = 0.0
    shift_factor: float = Field(
        1.0,
        gt=0,
        le=1000,
        title="Factor of shifts",
        description="By which the shifts (beta) of normalisation layers learn faster than other weights.",
    )


class RMSprop(_Optimizer):
    """RMSprop"""

    kept: ClassVar[int] = 1
    name: Literal["rmsprop"] = "rmsprop"
    learning_rate: LearningRate = 0.001
    rho: Rho = 0.9
    momentum: Momentum = 0.0


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
    weight_decay: Decay = 0.004


class Nadam(Adam):
    """Nadam: Adam with Nesterov's look ahead (Dozat, 2016)"""

    name: Literal["nadam"] = "nadam"  # type: ignore[assignment]


class Adamax(Adam):
    """Adamax: Adam by the largest gradient so far (Kingma and Ba, 2015)"""

    name: Literal["adamax"] = "adamax"  # type: ignore[assignment]


class Lamb(Adam):
    """Lamb: Adam scaled by layer, for large batches (You et al., 2020)"""

    name: Literal["lamb"] = "lamb"  # type: ignore[assignment]


class Lion(_Optimizer):
    """Lion: steps of one size by the sign of the momentum (Chen et al., 2023)"""

    kept: ClassVar[int] = 1
    name: Literal["lion"] = "lion"
    learning_rate: LearningRate = 0.0003  # a third to a tenth of Adam's, as its authors advise
    beta_1: float = Field(
        0.9, ge=0, lt=1, title="Beta 1", description="Share of the momentum in the direction of a step."
    )
    beta_2: float = Field(0.99, ge=0, lt=1, title="Beta 2", description="Decay of the momentum.")
    weight_decay: Decay = 0.01  # three to ten times AdamW's, for the same reason


class Muon(_Optimizer):
    """Muon: orthogonal updates of matrices in hidden layers, AdamW for the rest (Jordan, 2024; Liu et al., 2025)"""

    kept: ClassVar[int] = 1
    name: Literal["muon"] = "muon"
    learning_rate: LearningRate = 0.001
    momentum: Momentum = 0.95
    nesterov: bool = Field(True, title="Nesterov", description="Look ahead along the momentum before the gradient.")
    weight_decay: Decay = 0.004


class Adagrad(_Optimizer):
    """Adagrad: smaller steps for weights with large gradients so far (Duchi et al., 2011)"""

    kept: ClassVar[int] = 1
    name: Literal["adagrad"] = "adagrad"
    learning_rate: LearningRate = 0.01
    initial_accumulator_value: Accumulator = 0.1


class Adadelta(_Optimizer):
    """Adadelta: steps as large as the last ones (Zeiler, 2012)"""

    name: Literal["adadelta"] = "adadelta"
    learning_rate: LearningRate = 1.0  # as in the paper; Keras's own default is a thousandth of it
    rho: Rho = 0.95


class Adafactor(_Optimizer):
    """Adafactor: Adam without momentum, its rate relative to the size of weights (Shazeer and Stern, 2018)"""

    kept: ClassVar[int] = 1
    name: Literal["adafactor"] = "adafactor"
    learning_rate: LearningRate = 0.01


class Ftrl(_Optimizer):
    """FTRL: for linear networks of sparse inputs; can make weights zero (McMahan et al., 2013)"""

    name: Literal["ftrl"] = "ftrl"
    learning_rate: LearningRate = 0.05
    initial_accumulator_value: Accumulator = 0.1
    l1_regularization_strength: float = Field(
        0.0, ge=0, le=1e6, title="L1", description="Pull towards zero, of which weights become zero."
    )
    l2_regularization_strength: float = Field(0.0, ge=0, le=1e6, title="L2", description="Pull on large weights.")


AnyOptimizer = (
    SGD | RMSprop | Adam | AdamW | Nadam | Adamax | Lion | Muon | Adagrad | Adadelta | Adafactor | Lamb | Ftrl
)
Optimizer = Annotated[AnyOptimizer, Field(discriminator="name")]
OPTIMIZERS: dict[str, type[AnyOptimizer]] = {each.model_fields["name"].default: each for each in get_args(AnyOptimizer)}
