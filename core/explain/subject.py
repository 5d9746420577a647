"""A loaded network as explanations ask it, whatever it runs in."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np

from core.common.errors import DataError
from core.data.base import Array, DataInfo, Examples
from core.data.examples import count, take
from core.explain.budget import Budget
from core.explain.chosen_output import ChosenOutput
from core.explain.rank_correlation import partial_correlation, rank_correlation
from core.jobs.explanation import Method, methods

_BATCH = 256
_MOST_VALUES = 2**23  # of inputs that are asked about at a time


class Subject(ABC):
    """It is asked about many inputs at once. What a runtime has none of, such as gradients, is refused."""

    def __init__(self, info: DataInfo) -> None:
        self.info = info
        self.budget = Budget()  # of the explanation that is being made

    @property
    def methods(self) -> tuple[Method, ...]:
        """Those that can be asked for, the one that is taken where none is chosen first."""
        return methods(self.info)

    @abstractmethod
    def outputs(self, x: Examples) -> Array:
        """Examples as the data have them -> [examples, outputs] in the target's unit."""

    @abstractmethod
    def random_networks(self, parts: int) -> int:
        """With how many networks of random weights an explanation of so many parts is compared; 0: there are none."""

    @abstractmethod
    def random_weights(self, seed: int) -> AbstractContextManager[None]:
        """Within, the network that is asked has random weights."""

    def gradients(self, output: ChosenOutput, x: Array) -> tuple[Array, Array]:
        """Answers [n], but for the offset of a scaled target, and their gradients by the inputs [n, …]."""
        raise _unknown("gradients")

    def embedded(self, ids: Array) -> tuple[Array, Array]:
        """What tokens [length] are embedded as, float64 [length, width], and padding [width].

        Raises DataError: the network has no embedding.
        """
        raise _unknown("embeddings")

    def gradients_of_embedded(self, output: ChosenOutput, ids: Array, embedded: Array) -> tuple[Array, Array]:
        """The same for points [n, length, width] in place of what the tokens [length] are embedded as."""
        raise _unknown("gradients")

    def grad_cam(self, output: ChosenOutput, picture: Array, *, plus: bool = False) -> Array:
        """As core.explain.grad_cam has it."""
        raise _unknown("maps of features")

    def answers(self, output: ChosenOutput, x: Examples) -> Array:
        """[examples], some at a time. Raises OutOfTime, as all that asks the network does."""
        values = max(1, int(np.prod(self.info.shape)))
        batch = max(1, min(_BATCH if values > 1000 else 8 * _BATCH, _MOST_VALUES // values))
        given = []
        for at in range(0, count(x), batch):
            self.budget.check()
            given.append(self.outputs(take(x, slice(at, at + batch))))
        found: Array = output.of(np.concatenate(given).reshape(count(x), -1))
        return found

    def sanity(self, learned: Array, explained: Callable[[], Array], given: Array | None = None) -> dict[str, float]:
        """Whether an explanation depends on what was learned: its mean rank correlation, -1 to 1, with those of the
        same network with random weights (Adebayo et al., 2018). One that looks alike tells something of the input, and
        nothing of the network. Fields of an explanation; none where it is not defined.

        Args:
            learned: how much each part counts, by the network as it is.
            explained: the same by the network as it is when this is called.
            given: of each part, what any network of this architecture goes by, and what is taken out of both. Recurrent
                networks with random weights explain alike among themselves (rank correlation 0.5 to 0.85 over 16
                texts): the last token counts most. That says nothing of whether what was learned is explained.
        """
        found = []
        for seed in range(self.random_networks(learned.size)):
            with self.random_weights(seed):
                again = explained()
            alike = rank_correlation(learned, again) if given is None else partial_correlation(learned, again, given)
            found.append(alike)
        known = [each for each in found if each is not None]
        if not known:
            return {}
        error = {"sanity_error": float(np.std(known, ddof=1) / len(known) ** 0.5)} if len(known) > 1 else {}
        return {"sanity": float(np.mean(known))} | error


def _unknown(what: str) -> DataError:
    return DataError(f"Of an exported network no {what} are known: it can only be asked. Take another method.")
