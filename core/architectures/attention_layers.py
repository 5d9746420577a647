"""What a Transformer's encoder and decoder share."""

from typing import ClassVar

from pydantic import Field

from core.architectures.architecture import Activation, Penalised, Width
from core.common.errors import Problem
from core.data.base import DataInfo


class AttentionLayers(Penalised):
    """What encoder and decoder share."""

    halved: ClassVar[tuple[str, ...]] = ("layers",)

    layers: int = Field(2, ge=1, le=100, title="Layers", description="Blocks of attention and two dense layers.")
    heads: int = Field(4, ge=1, le=256, title="Heads", description="Of each block's attention; they divide the width.")
    width: Width = Field(64, title="Width", description="Numbers that stand for each token.")
    activation: Activation = Field("gelu", title="Activation", description="Of the first dense layer of each block.")

    def problems(self, data: DataInfo) -> list[Problem]:
        found = super().problems(data)
        if self.width % self.heads:
            found.append(Problem("heads", f"{self.heads} heads do not divide a width of {self.width}"))
        return found
