"""What an architecture is: a config model that builds a Keras model for a data set."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from core.common.config_model import Config
from core.common.errors import Problem
from core.data.base import DataInfo, Kind, Task

if TYPE_CHECKING:
    import keras

Activation = Literal["relu", "tanh", "sigmoid", "gelu", "silu", "elu", "selu", "leaky_relu", "linear"]


KIND_NAMES: dict[Kind, str] = {
    "image": "images",
    "rows": "rows of numbers",
    "table": "table columns",
    "text": "texts",
    "corpus": "a running text",
    "series": "time series",
}

Width = Annotated[int, Field(ge=1, le=100_000)]


class Architecture(Config):
    """Base of every architecture's config. Subclasses add `name: Literal["<name>"]` and options of their own."""

    title: ClassVar[str]
    summary: ClassVar[str]

    kinds: ClassVar[tuple[Kind, ...]]  # of data that it can take
    tasks: ClassVar[tuple[Task, ...]] = ("binary", "multiclass", "multilabel", "regression", "forecast")

    # Options with numbers of units or filters, any of which can be taken out of a network that has learned: nothing
    # adds what a layer gives to what another one gives, and no state goes around.
    narrowed: ClassVar[tuple[str, ...]] = ()
    halved: ClassVar[tuple[str, ...]] = ()  # those by which a network that begins anew is made smaller

    name: str

    def problems(self, data: DataInfo) -> list[Problem]:
        """What is known, without Keras, not to fit this data; fields are relative to the architecture."""
        if data.kind in self.kinds and data.task in self.tasks:
            return []
        received = f"{KIND_NAMES[data.kind]} for {data.task}" if data.kind in self.kinds else KIND_NAMES[data.kind]
        accepted = " or ".join(KIND_NAMES[kind] for kind in self.kinds)
        return [Problem("name", f"{self.name} takes {accepted}; this data set has {received}")]

    @property
    def ends_linear(self) -> bool:
        """Whether the output of a regression can be any number, also one below zero."""
        return True

    def build(self, data: DataInfo) -> "keras.Model":
        """A model from raw examples [batch, *data.shape] to probabilities [batch, data.outputs], not compiled.

        Raises:
            ValueError: Keras's own, when shapes do not fit.
        """
        raise NotImplementedError

    def load_weights(self, model: "keras.Model") -> None:
        """Give a model that was built weights learned elsewhere, where the architecture has such; once, at the start.

        Raises:
            DataError: they are neither on this host nor to be downloaded.
        """


class Penalised(Architecture):
    """The regularisers that all built-in architectures share."""

    dropout: float = Field(0.0, ge=0, lt=1, title="Dropout", description="Share of values set to zero while training.")
    l1: float = Field(0.0, ge=0, le=1, title="L1", description="Penalty on the sizes of the weights.")
    l2: float = Field(0.0, ge=0, le=1, title="L2", description="Penalty on the squares of the weights.")


class Regularised(Penalised):
    """And batch normalisation, which suits networks without a normalisation of their own."""

    batch_norm: bool = Field(False, title="Batch normalisation", description="Normalise before each activation.")


class Stacked(Regularised):
    """And dense layers after another, which may be of low rank."""

    dense_share: float | None = Field(
        None,
        gt=0,
        lt=1,
        title="Share of dense weights",
        description=(
            "Each hidden dense layer is two of low rank, which together have at most this share of its weights; empty "
            "keeps them whole."
        ),
    )

    def rank(self, inputs: int, units: int) -> int:
        """Of a dense layer; 0 for a whole one."""
        return 0 if self.dense_share is None else int(self.dense_share * inputs * units / (inputs + units))
