"""A smaller network of a run's: the config of the run that makes it."""

from dataclasses import dataclass
from typing import Any

from core.common.errors import NotFoundError
from core.common.text import quoted, suggestion
from core.config.complete import complete
from core.config.edit import Raw


@dataclass(frozen=True)
class Method:
    title: str
    summary: str
    amount: str  # what its number is
    usual: float


METHODS = {
    "prune": Method(
        "Prune weights",
        "The smallest weights become zero: as fast as before, and much smaller once zipped.",
        "share of the weights that become zero",
        0.8,
    ),
}


def compressed(config: Raw, run: int, method: str, amount: float | None = None) -> Raw:
    """To begin from a run's weights, or to learn from its answers, with its own data and training.

    Args:
        config: of that run.
        run: its number.
        amount: what the method's number is to be, see METHODS.

    Raises:
        NotFoundError: no such method.
    """
    if method not in METHODS:
        told = f"{quoted(method)} is no way to compress a network{suggestion(method, METHODS)}"
        raise NotFoundError(f"{told}; accepted are {', '.join(METHODS)}.")
    share = METHODS[method].usual if amount is None else amount
    raw = complete(config) | {"fine_tune": {"run": run, "freeze": []}, "pruning": None}
    changes: dict[str, Any] = {}
    if method == "prune":
        changes = {"pruning": {"sparsity": share}}
    return complete(raw | changes)
