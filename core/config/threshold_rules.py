"""From which probability on an example is taken for the second of two classes."""

from typing import Annotated, Literal

from pydantic import Field

from core.common.config_model import Config


class Half(Config):
    """0.5: the class that is more probable"""

    name: Literal["half"] = "half"


class BestF1(Config):
    """Best F1: of the second class, on the validation part"""

    name: Literal["f1"] = "f1"


class Youden(Config):
    """Youden's index: the largest sum of both classes' recall on the validation part (Youden, 1950)"""

    name: Literal["youden"] = "youden"


class Fixed(Config):
    """Given"""

    name: Literal["given"] = "given"
    value: float = Field(
        0.5, gt=0, lt=1, title="Value", description="Probability of the second class from which on it is taken."
    )


Threshold = Annotated[Half | BestF1 | Youden | Fixed, Field(discriminator="name")]
