"""RunConfig: everything a user chooses for a run. The form, the CLI and the API are all drawn from this schema."""

from typing import TYPE_CHECKING, Annotated, Literal, Union

from pydantic import Field

from core.architectures.architecture import Architecture
from core.architectures.architecture_registry import ARCHITECTURES
from core.common.config_model import Config
from core.config.compression import Distillation, Pruning
from core.config.losses import Alike, ByTask, ClassWeights, Loss
from core.config.optimizers import Adam, Optimizer
from core.config.resources import Resources
from core.config.schedules import Constant, Schedule
from core.config.threshold_rules import Half, Threshold
from core.data.base import Source, Task
from core.data.source_registry import SOURCES

if TYPE_CHECKING:  # the unions are made from the registries, which a type checker cannot follow
    AnySource = Source
    AnyArchitecture = Architecture
else:
    AnySource = Annotated[Union[SOURCES], Field(discriminator="source")]  # noqa: UP007
    AnyArchitecture = Annotated[Union[ARCHITECTURES], Field(discriminator="name")]  # noqa: UP007


# Measured on training and validation examples, by task; the first is what is minimised.
METRICS: dict[Task, tuple[str, ...]] = {
    "binary": ("loss", "accuracy"),
    "multiclass": ("loss", "accuracy"),
    "multilabel": ("loss", "f1"),
    "regression": ("loss", "mae"),
    "generation": ("loss", "accuracy"),
    "forecast": ("loss", "mae"),
}


class EarlyStopping(Config):
    """Early stopping"""

    patience: int = Field(
        5, ge=1, le=1_000_000, title="Patience", description="Epochs without improvement before training stops."
    )
    min_delta: float = Field(0.0, ge=0, title="Smallest gain", description="Less than this is no improvement.")
    restore_best: bool = Field(True, title="Restore best", description="End with the weights of the best epoch.")


class Training(Config):
    """Training"""

    epochs: int = Field(10, ge=1, le=1_000_000, title="Epochs", description="Passes over the training examples.")
    batch_size: int = Field(32, ge=1, le=1_000_000, title="Batch size", description="Examples per step.")
    max_steps: int | None = Field(
        None,
        ge=1,
        le=10**12,
        title="Most steps",
        description="Stop after so many steps, whatever the epochs; for a quick try.",
    )
    loss: Loss = Field(
        default_factory=ByTask,
        title="Loss",
        description="What is minimised; training, validation and test are measured by the same.",
    )
    class_weights: ClassWeights = Field(
        default_factory=Alike,
        title="Class weights",
        description="How much the loss of an example of each class counts; for rare classes that matter.",
    )
    optimizer: Optimizer = Field(default_factory=Adam, title="Optimizer", description="How weights are updated.")
    schedule: Schedule = Field(
        default_factory=Constant, title="Learning-rate schedule", description="How the rate changes over the epochs."
    )
    early_stopping: EarlyStopping | None = Field(
        None, title="Early stopping", description="Stop when the monitored metric no longer improves."
    )
    precision: Literal["auto", "float32", "mixed_float16", "mixed_bfloat16", "float64"] = Field(
        "float32",
        title="Precision",
        description="Number format of the layers; auto takes a mixed one where every GPU of the run is made for it.",
    )
    target_scaling: Literal["auto", "none", "standard", "robust", "log"] = Field(
        "auto",
        title="Target scaling",
        description=(
            "Of a regression, computed in float64; errors are told in the target's own unit. standard is by mean and "
            "deviation, robust by median and quartiles, log learns log(1 + y / median), for targets from 0 on that are "
            "very skewed. auto is standard, and none for a layer list that does not end in a linear Dense layer."
        ),
    )
    engine: Literal["auto", "step", "stream", "fit", "graph", "xla"] = Field(
        "auto",
        title="Engine",
        description=(
            "How steps are executed; auto is graph, many steps a call, until another was measured to be faster. "
            "step is one call a step, stream has batches made ready beside them, fit is Keras's with many steps an "
            "execution, xla compiles many steps."
        ),
    )
    keep_epochs: int = Field(
        0,
        ge=0,
        le=100,
        title="Epochs kept",
        description=(
            "The weights of the last so many epochs are kept beside the best and the last checkpoint, so that a "
            "version of a model can be made of their mean."
        ),
    )
    record_steps: bool = Field(False, title="Record every step", description="Record the loss of every step, too.")
    stop_on_nan: bool = Field(
        True, title="Fail on NaN", description="End the run as failed when the loss is no longer a number."
    )

    def steps_per_epoch(self, examples: int) -> int:
        """Batches of so many training examples, the last of which may be smaller."""
        return -(-examples // self.batch_size)

    def steps(self, examples: int) -> int:
        """Of the whole training, unless it stops early."""
        return min(self.epochs * self.steps_per_epoch(examples), self.max_steps or 2**62)


class Evaluation(Config):
    """Evaluation"""

    monitor: Literal["auto", "val_loss", "val_accuracy", "val_f1", "val_mae", "loss", "accuracy", "f1", "mae"] = Field(
        "auto",
        title="Monitor",
        description=(
            "The metric that decides which epoch is best; auto is val_loss, or loss without validation. The loss of a "
            "regression is a share of the target's variance, its mae is in the target's unit; f1 is of several labels, "
            "the mean over the examples."
        ),
    )
    threshold: Threshold = Field(
        default_factory=Half,
        title="Threshold",
        description=(
            "Of two classes, the probability of the second from which on an example is taken for it; chosen on the "
            "validation part, or given, and applied to the test set."
        ),
    )
    test_time_augmentation: Literal["none", "flip", "flip_shift"] = Field(
        "none",
        title="Test-time augmentation",
        description=(
            "Of pictures: what is told of the test set and of new pictures is the mean over the picture and its mirror "
            "image; flip_shift adds both shifted by a pixel, which takes six times as long."
        ),
    )
    test: bool = Field(True, title="Test at the end", description="Evaluate the best checkpoint once on the test set.")

    def monitored(self, has_validation: bool) -> str:
        """The metric that is meant, "auto" resolved."""
        if self.monitor != "auto":
            return self.monitor
        return "val_loss" if has_validation else "loss"


class FineTune(Config):
    """Fine-tuning"""

    run: int = Field(ge=1, title="Run", description="Number of the run whose best checkpoint gives the first weights.")
    freeze: tuple[str, ...] = Field(
        (),
        max_length=500,
        title="Frozen layers",
        description="Names of layers whose weights stay as they are; conv_* means every layer that begins so.",
    )
    reduce: bool = Field(
        False,
        title="Reduce",
        description=(
            "Layers that are narrower here keep the units with the largest weights, and dense layers of low rank the "
            "best approximation of the whole ones; otherwise only layers of the same shape are taken."
        ),
    )


class RunConfig(Config):
    """Everything a user chose for a run; immutable once queued."""

    data: AnySource = Field(title="Data", description="Where the examples come from and how they are split.")
    architecture: AnyArchitecture = Field(title="Architecture", description="The network.")
    fine_tune: FineTune | None = Field(
        None, title="Fine-tuning", description="Start from the weights of another run; otherwise from scratch."
    )
    pruning: Pruning | None = Field(
        None,
        title="Pruning",
        description="Set the smallest weights to zero while the others learn: files get smaller once zipped.",
    )
    distillation: Distillation | None = Field(
        None, title="Distillation", description="Learn from another network's answers, too: it may be much larger."
    )
    training: Training = Field(default_factory=Training, title="Training", description="How the network learns.")
    evaluation: Evaluation = Field(
        default_factory=Evaluation, title="Evaluation", description="What is measured, and which epoch is the best."
    )
    resources: Resources = Field(default_factory=Resources, title="Resources", description="What the run trains on.")
    seed: int = Field(
        0, ge=0, lt=2**31, title="Seed", description="Of the split, the first weights, the shuffling and dropout."
    )
    deterministic: bool = Field(
        False, title="Deterministic", description="Same seed, same result to the last bit; slower on GPUs."
    )
