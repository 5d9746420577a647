"""A smaller network of a run's: the config of the run that makes it."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from core.architectures.architecture import Stacked
from core.architectures.architecture_registry import ARCHITECTURES
from core.common.errors import NotFoundError, StateError
from core.common.text import quoted, suggestion
from core.config.complete import complete
from core.config.edit import Raw

ARCHITECTURE_KINDS = {str(each.model_fields["name"].default): each for each in ARCHITECTURES}
_INSTEAD = "Prune its weights, or distil it into a smaller network."
_SIZES = {"units", "filters"}  # arguments of layers
_NARROWED = ("Dense", "Conv1D", "Conv2D")  # as core.training.reduced follows them


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
    "units": Method(
        "Remove units",
        "Units and filters with the smallest weights go, whole: a smaller and faster network.",
        "share of the units of each layer that go",
        0.5,
    ),
    "factorise": Method(
        "Factorise dense layers",
        "Each hidden dense layer becomes two of low rank that come nearest to it.",
        "share of a dense layer's weights that the two have at most",
        0.3,
    ),
    "distil": Method(
        "Distil",
        "A smaller network, begun anew, learns from this one's answers as well as from the labels.",
        "share of its units that the smaller one does without",
        0.5,
    ),
}


def compressed(config: Raw, run: int, method: str, amount: float | None = None, teacher: str = "") -> Raw:
    """To begin from a run's weights, or to learn from its answers, with its own data and training.

    Args:
        config: of that run.
        run: its number.
        amount: what the method's number is to be, see METHODS.
        teacher: a version whose answers are learned from in place of the run's.

    Raises:
        NotFoundError: no such method.
        StateError: the run's architecture cannot be made smaller so, or not by that number.
    """
    if method not in METHODS:
        told = f"{quoted(method)} is no way to compress a network{suggestion(method, METHODS)}"
        raise NotFoundError(f"{told}; accepted are {', '.join(METHODS)}.")
    share = METHODS[method].usual if amount is None else amount
    if not 0 < share < 1:
        raise StateError(
            f"The {METHODS[method].amount} is a number above 0 and below 1, such as "
            f"{METHODS[method].usual:g}; received {share:g}."
        )
    raw = complete(config) | {"fine_tune": {"run": run, "freeze": []}, "pruning": None, "distillation": None}
    if method == "prune":
        return complete(raw | {"pruning": {"sparsity": share}})
    if method == "distil":
        raw |= {"fine_tune": None, "distillation": {"model": teacher} if teacher else {"run": run}}
        return complete(raw | {"architecture": _halved(raw["architecture"], share)})
    raw["fine_tune"]["reduce"] = True
    return complete(raw | {"architecture": _smaller(raw["architecture"], method, share)})


def _smaller(architecture: Raw, method: str, share: float) -> Raw:
    """Raises StateError: it cannot be made smaller so; the text says what can be done instead."""
    kind = ARCHITECTURE_KINDS[architecture["name"]]
    if method == "factorise":
        if not issubclass(kind, Stacked) or not architecture.get("hidden"):
            raise StateError(f"{kind.title} has no hidden dense layers to factorise here. {_INSTEAD}")
        return architecture | {"dense_share": share}
    changed: dict[str, Any] = {name: [_fewer(each, share) for each in architecture[name]] for name in kind.narrowed}
    if isinstance(architecture.get("layers"), list):
        changed = {"layers": _narrower(architecture["layers"], share)}
    if all(architecture[name] == each for name, each in changed.items()):
        raise StateError(
            f"{kind.title} has no layers whose units can be taken out one by one: sums, heads or states tie them to "
            f"others. {_INSTEAD}"
        )
    return architecture | changed


def _halved(architecture: Raw, share: float) -> Raw:
    """As it is where nothing can be told to be smaller: whoever launches it chooses another."""
    kind = ARCHITECTURE_KINDS[architecture["name"]]
    if isinstance(architecture.get("layers"), list):
        return architecture | {"layers": _narrower(architecture["layers"], share)}
    changed: Raw = {}
    for name in kind.halved or kind.narrowed:
        value = architecture[name]
        changed[name] = _fewer(value, share) if isinstance(value, int) else [_fewer(each, share) for each in value]
    return architecture | changed


def _narrower(layers: list[Raw], share: float) -> list[Raw]:
    """The last layer with units says what the network answers, and keeps them."""
    sized = [place for place, each in enumerate(layers) if _SIZES & set(each["arguments"])]
    found = list(layers)
    for place, after in pairwise(sized):
        if layers[place]["layer"] in _NARROWED and layers[after]["layer"] in _NARROWED:
            given = layers[place]["arguments"]
            fewer = {name: _fewer(given[name], share) for name in _SIZES & set(given)}
            found[place] = layers[place] | {"arguments": given | fewer}
    return found


def _fewer(units: int, share: float) -> int:
    return max(1, round(units * (1 - share)))
