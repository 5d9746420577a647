"""What makes a network smaller while it trains; configs beside core.config.run."""

from typing import Literal

from pydantic import Field

from core.common.config_model import Config


class Pruning(Config):
    """Pruning by magnitude (Zhu and Gupta, "To prune, or not to prune", 2017): the smallest weights become zero."""

    sparsity: float = Field(
        0.8, gt=0, lt=1, title="Sparsity", description="Share of the weights of kernels that are zero in the end."
    )
    ramp: float = Field(
        0.5,
        ge=0,
        lt=1,
        title="Ramp",
        description=(
            "Share of the training over which that many become zero, in about 20 cuts; the rest of it mends what was "
            "lost, and only epochs after the last cut may be the best. 0 cuts once, at the start."
        ),
    )
    scope: Literal["layer", "network"] = Field(
        "layer",
        title="Scope",
        description="Whether each layer loses as large a share, or the smallest weights of the whole network go.",
    )

    def ramp_steps(self, steps: int) -> int:
        """Of so many steps or updates, those until the last cut; at least the first."""
        return max(1, int(self.ramp * steps))


class Distillation(Config):
    """Distillation (Hinton, Vinyals, Dean, "Distilling the knowledge in a neural network", 2015)."""

    run: int | None = Field(
        None, ge=1, title="Teacher", description="Number of the run whose best network's answers are learned from."
    )
    model: str = Field(
        "",
        max_length=100,
        title="Teacher of a model",
        description=(
            "In place of a run a version, such as digits@3; an ensemble's answers are the mean of its members'."
        ),
    )
    temperature: float = Field(
        3.0,
        gt=0,
        le=100,
        title="Temperature",
        description="Logits are divided by it before answers are compared; the higher, the more small ones count.",
    )
    weight: float = Field(
        0.5,
        gt=0,
        le=1,
        title="Weight",
        description="Share of the loss that is the distance to the teacher's answers; the rest is that to the labels.",
    )
