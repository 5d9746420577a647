"""A smaller network of a run's: the config of the run that makes it."""

from collections.abc import Sequence
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


def in_words(config: Raw, before: Raw | None = None) -> str:
    """How a config makes a network smaller, to stand behind its name; "" where it does not.

    Args:
        before: config of the run that it begins from or learns from; how many units are fewer is told beside it.
    """
    pruning, taught, begun = (_section(config, name) for name in ("pruning", "distillation", "fine_tune"))
    if pruning:
        return f"pruned {_percent(pruning.get('sparsity'))}"
    now, then = (_section(each or {}, "architecture") for each in (config, before))
    fewer = _told_fewer(now, then)
    if taught:
        return f"distilled{f', {fewer}' if fewer else ''}"
    if not begun.get("reduce"):
        return ""
    if (share := now.get("dense_share")) and share != then.get("dense_share"):
        return f"factorised to {_percent(share)}"
    return fewer or "units removed"


def _section(config: Raw, name: str) -> Raw:
    found = config.get(name)
    return found if isinstance(found, dict) else {}


def _percent(share: object) -> str:
    return f"{100 * share:.3g} %" if isinstance(share, int | float) else ""


def _told_fewer(now: Raw, then: Raw) -> str:
    """ "50 % fewer units"; "" where the two are of different kinds, or as large."""
    kind = ARCHITECTURE_KINDS.get(str(now.get("name")))
    if kind is None or now.get("name") != then.get("name"):
        return ""
    names = kind.halved or kind.narrowed
    counts = [_count(each, names) for each in (now, then)]
    what = "layers" if names == ("layers",) else "units"
    return f"{_percent(1 - counts[0] / counts[1])} fewer {what}" if 0 < counts[0] < counts[1] else ""


def _count(architecture: Raw, names: Sequence[str]) -> int:
    if isinstance(layers := architecture.get("layers"), list):
        told = [_section(each, "arguments") for each in layers if isinstance(each, dict)]
        given = [value for each in told for name, value in each.items() if name in _SIZES]
    else:
        values = [architecture.get(name) for name in names]
        given = [one for each in values for one in (each if isinstance(each, list | tuple) else [each])]
    return sum(each for each in given if isinstance(each, int))


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
