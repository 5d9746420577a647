"""Learning-rate schedules as factors of the optimizer's rate: one definition, drawn in the form and trained with."""

import math
from typing import Annotated, Literal

from pydantic import Field

from core.common.config_model import Config


class Constant(Config):
    """Constant"""

    name: Literal["constant"] = "constant"

    def factor(self, epoch: float, epochs: int) -> float:
        return 1.0


class Step(Config):
    """Step"""

    name: Literal["step"] = "step"
    every: int = Field(10, ge=1, le=1_000_000, title="Every", description="Epochs between two steps down.")
    gamma: float = Field(0.1, gt=0, lt=1, title="Factor", description="The rate is multiplied by this at each step.")

    def factor(self, epoch: float, epochs: int) -> float:
        return float(self.gamma ** (int(epoch) // self.every))


class Exponential(Config):
    """Exponential"""

    name: Literal["exponential"] = "exponential"
    gamma: float = Field(0.95, gt=0, lt=1, title="Factor", description="The rate is multiplied by this over an epoch.")

    def factor(self, epoch: float, epochs: int) -> float:
        return float(self.gamma**epoch)


class Cosine(Config):
    """Cosine with warm-up (Loshchilov and Hutter, 2017, without restarts)"""

    name: Literal["cosine"] = "cosine"
    warmup: float = Field(
        0.0, ge=0, le=1_000_000, title="Warm-up", description="Epochs in which the rate rises evenly from zero."
    )
    floor: float = Field(
        0.0, ge=0, lt=1, title="Floor", description="The rate at the end, as a share of the full rate."
    )

    def factor(self, epoch: float, epochs: int) -> float:
        if epoch < self.warmup:
            return epoch / self.warmup
        share = min(1.0, (epoch - self.warmup) / max(epochs - self.warmup, 1e-9))
        return self.floor + (1 - self.floor) * (1 + math.cos(math.pi * share)) / 2


class Triangular(Config):
    """Triangular: one even rise to the full rate, one even fall (Smith, 2018)"""

    name: Literal["triangular"] = "triangular"
    peak: float = Field(
        0.25, ge=0, le=1, title="Peak", description="Share of the training after which the rate is the full one."
    )
    start: float = Field(
        0.1, ge=0, le=1, title="Start", description="The rate at the beginning, as a share of the full rate."
    )
    floor: float = Field(
        0.0, ge=0, lt=1, title="Floor", description="The rate at the end, as a share of the full rate."
    )

    def factor(self, epoch: float, epochs: int) -> float:
        share = min(1.0, epoch / epochs)
        if self.peak and share <= self.peak:
            return self.start + (1 - self.start) * share / self.peak
        return self.floor + (1 - self.floor) * (1 - share) / max(1 - self.peak, 1e-9)


class Plateau(Config):
    """Reduce on plateau: steps down when the monitored metric has not improved for a while"""

    name: Literal["plateau"] = "plateau"
    patience: int = Field(
        3, ge=1, le=1_000_000, title="Patience", description="Epochs without improvement before the rate is cut."
    )
    gamma: float = Field(0.5, gt=0, lt=1, title="Factor", description="The rate is multiplied by this at each cut.")
    floor: float = Field(
        0.001, ge=0, lt=1, title="Floor", description="The rate at the least, as a share of the full rate."
    )

    def factor(self, epoch: float, epochs: int) -> float:
        """Before any cut: when the cuts come, training decides."""
        return 1.0


Schedule = Annotated[Constant | Step | Exponential | Cosine | Triangular | Plateau, Field(discriminator="name")]
