"""What is minimised, and how much examples of each class count in it. Which loss fits which task: check_task."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field, model_validator

from core.common.config_model import Config
from core.data.base import Task

_CLASSES: tuple[Task, ...] = ("binary", "multiclass", "multilabel")
LabelSmoothing = Annotated[
    float,
    Field(
        ge=0,
        lt=1,
        title="Label smoothing",
        description="Share of each label that is spread evenly over all classes (Szegedy et al., 2016); 0 for none.",
    ),
]


class ByTask(Config):
    """By the task: cross-entropy, or the squared error of a regression"""

    tasks: ClassVar[tuple[Task, ...]] = (*_CLASSES, "regression", "forecast", "generation")
    name: Literal["auto"] = "auto"


class CrossEntropy(Config):
    """Cross-entropy"""

    tasks: ClassVar[tuple[Task, ...]] = (*_CLASSES, "generation")
    name: Literal["cross_entropy"] = "cross_entropy"
    label_smoothing: LabelSmoothing = 0.0


class Focal(Config):
    """Focal loss (Lin et al., 2017): examples that are told easily count less"""

    tasks: ClassVar[tuple[Task, ...]] = _CLASSES
    name: Literal["focal"] = "focal"
    gamma: float = Field(
        2.0,
        ge=0,
        le=10,
        title="Gamma",
        description="With p for the right class an example counts (1 - p)^gamma; 0 is cross-entropy.",
    )
    alpha: float | None = Field(
        None,
        gt=0,
        lt=1,
        title="Alpha",
        description="Of two classes, the weight of the second; the first has 1 - alpha. Empty weighs nothing.",
    )
    label_smoothing: LabelSmoothing = 0.0


class SquaredError(Config):
    """Squared error"""

    tasks: ClassVar[tuple[Task, ...]] = ("regression", "forecast")
    name: Literal["squared_error"] = "squared_error"


class Huber(Config):
    """Huber loss (Huber, 1964): squared where errors are small, linear where they are large"""

    tasks: ClassVar[tuple[Task, ...]] = ("regression", "forecast")
    name: Literal["huber"] = "huber"
    delta: float = Field(
        1.0, gt=0, le=1e6, title="Delta", description="Where it becomes linear, in standard deviations of the target."
    )


class Quantile(Config):
    """Quantile loss (Koenker and Bassett, 1978): learns a quantile of the target in place of its mean"""

    tasks: ClassVar[tuple[Task, ...]] = ("regression", "forecast")
    name: Literal["quantile"] = "quantile"
    quantile: float = Field(
        0.5,
        gt=0,
        lt=1,
        title="Quantile",
        description="Share of the true values that is to lie below; 0.5 is the median.",
    )


AnyLoss = ByTask | CrossEntropy | Focal | SquaredError | Huber | Quantile
Loss = Annotated[AnyLoss, Field(discriminator="name")]
LOSSES: dict[str, type[AnyLoss]] = {each.model_fields["name"].default: each for each in get_args(AnyLoss)}


class ClassWeight(Config):
    """How much an example of one class counts. Written as {"class_name": "cat", "weight": 3}, or shorter {"cat": 3}."""

    class_name: str = Field(title="Class", description="Name of the class.")
    weight: float = Field(gt=0, le=1e6, title="Weight", description="Factor of the loss of its examples.")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and len(value) == 1:
            [(name, weight)] = value.items()
            if name not in cls.model_fields:
                value = {"class_name": name, "weight": weight}
        if isinstance(value, Mapping) and isinstance(value.get("class_name"), int):  # as YAML reads a class named 7
            value = {**value, "class_name": str(value["class_name"])}
        return value


class Alike(Config):
    """None"""

    name: Literal["none"] = "none"


class Balanced(Config):
    """Balanced: each class counts alike, whatever the number of its training examples"""

    name: Literal["balanced"] = "balanced"


class Given(Config):
    """Given"""

    name: Literal["given"] = "given"
    weights: tuple[ClassWeight, ...] = Field(
        (),
        max_length=10_000,
        title="Weights",
        description="One a line, as in - cat: 3; classes that are not named count 1.",
    )


ClassWeights = Annotated[Alike | Balanced | Given, Field(discriminator="name")]
