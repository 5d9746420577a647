"""What a key in a search means: a param or a metric that some run has, by its name, its end, or a short form of it."""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import db.metrics
import db.params
import db.tags
from core.common.text import quoted
from core.runs.search_fields import FIELDS
from db.conditions import split_metric
from db.engine import Session
from db.filters import Among

_PREFIXES: dict[str, Among] = {  # of MLflow and others, who ask for one kind only
    **dict.fromkeys(("metrics.", "metric.", "summary."), "metric"),
    **dict.fromkeys(("params.", "param.", "config."), "param"),
}
SHORT = {"acc": "accuracy", "val_acc": "val_accuracy", "test_acc": "test_accuracy"}
SHORT |= {"opt": "optimizer", "arch": "architecture", "model": "architecture", "epoch": "epochs"}
KINDS = ("name", "source")  # leaves that say which of several a section is


def short_name(param: str) -> str:
    """The end of its path; of what says which of several a section is, the section: optimizer."""
    section, _, leaf = param.rpartition(".")
    return section.rpartition(".")[2] if leaf in KINDS and section else leaf


class UnknownKeyError(Exception):
    """No run has it; the text says so, with the nearest names."""


@dataclass(frozen=True)
class Known:
    """A key as the store has it."""

    key: str
    among: Among = "any"


class Names:
    """Params and metrics that runs have; read from the store when they are first needed."""

    def __init__(
        self,
        params: Callable[[], Sequence[str]],
        metrics: Callable[[], Sequence[str]],
        tags: Callable[[], Sequence[str]] = tuple,
        numeric: Callable[[Iterable[str]], bool] = lambda _: True,
    ) -> None:
        self._params, self._metrics, self._tags, self._numeric = params, metrics, tags, numeric

    @classmethod
    def of(cls, session: Session) -> "Names":
        """Only to be used as long as the session is open."""
        return cls(
            lambda: db.params.keys(session),
            lambda: db.metrics.names(session),
            lambda: db.tags.every(session),
            lambda keys: db.params.is_numeric(session, keys),
        )

    @cached_property
    def params(self) -> Sequence[str]:
        return self._params()

    @cached_property
    def metrics(self) -> Sequence[str]:
        return self._metrics()

    def has(self, key: str) -> bool:
        """By this very name: a param's end, or a metric."""
        return bool(self._ending(key)) or self._metric(key) is not None

    def find(self, key: str, *, sections: bool = False) -> Known:
        """What is meant by it; `sections`: also all that stands below a path. Raises UnknownKeyError."""
        wanted, among = _without_prefix(key)
        if not self.params and not self.metrics:
            return Known(wanted, among)  # no run at all: nothing is known, so nothing is wrong
        meant = self._meant(wanted, among, sections=sections)
        if meant is None:
            raise UnknownKeyError(self._unknown(wanted, among))
        return Known(meant, among)

    def is_in_tag(self, text: str) -> bool:
        return any(text.casefold() in tag.casefold() for tag in self._tags())

    def is_number(self, known: Known) -> bool:
        """Whether all values of it are numbers; False where nothing is known."""
        ending = [] if known.among == "metric" else self._ending(known.key)
        return self._numeric(ending) if ending else self._metric(known.key) is not None

    def _meant(self, key: str, among: Among, *, sections: bool) -> str | None:
        short = SHORT.get(key.casefold())
        for wanted in (key, short) if short else (key,):
            if among != "metric":
                if self._ending(wanted) or (sections and self._within(wanted)):
                    return wanted
                kinds = [f"{wanted}.{leaf}" for leaf in KINDS if self._ending(f"{wanted}.{leaf}")]
                if kinds:
                    return kinds[0]
            if among != "param" and (metric := self._metric(wanted)) is not None:
                return metric
        return None if among == "metric" else self._by_initials(key)

    def _ending(self, name: str) -> list[str]:
        end = f".{name.casefold()}"
        return [key for key in self.params if f".{key}".casefold().endswith(end)]

    def _within(self, name: str) -> bool:
        part = f".{name.casefold()}."
        return any(part in f".{key}.".casefold() for key in self.params)

    def _metric(self, text: str) -> str | None:
        """As it is written in the store, with .best and the like as they were given."""
        name, _ = split_metric(text)
        same = [metric for metric in self.metrics if metric.casefold() == name.casefold()]
        found = name if name in same else next(iter(same), None)
        return None if found is None else found + text[len(name) :]

    def _by_initials(self, key: str) -> str | None:
        """`lr` is learning_rate, `bs` batch_size; None where it could be two."""
        leaves = {leaf for leaf in map(_leaf, self.params) if len(key) > 1 and initials(leaf) == key.casefold()}
        return next(iter(leaves)) if len(leaves) == 1 else None

    def _unknown(self, key: str, among: Among) -> str:
        kind = {"any": "field", "param": "param", "metric": "metric"}[among]
        near = self.near(key, among)
        own = f"; fields are {', '.join(field.name for field in FIELDS)}, and the params and metrics of runs"
        meant = f"; near are {', '.join(near)}" if near else own if among == "any" else ""
        return f"no run has a {kind} {quoted(key, 60)}{meant}"

    def near(self, key: str, among: Among = "any", most: int = 3) -> list[str]:
        """Names that look like it, the nearest first."""
        fields = [field.name for field in FIELDS] if among == "any" else []
        leaves = [] if among == "metric" else [*map(_leaf, self.params), *(".".join(_ends(key)) for key in self.params)]
        metrics = [] if among == "param" else list(self.metrics)
        by_lower = {name.casefold(): name for name in (*leaves, *metrics, *fields)}
        wanted = split_metric(key)[0].casefold()[:100]
        close = difflib.get_close_matches(wanted, by_lower, n=most, cutoff=0.6)
        within = [name for name in by_lower if len(wanted) > 2 and wanted in name and name not in close]
        return [by_lower[name] for name in [*close, *sorted(within, key=len)][:most]]


def _without_prefix(key: str) -> tuple[str, Among]:
    for prefix, among in _PREFIXES.items():
        if key.lower().startswith(prefix) and len(key) > len(prefix):
            return key[len(prefix) :], among
    return key, "any"


def _leaf(key: str) -> str:
    return key.rpartition(".")[2]


def _ends(key: str) -> list[str]:
    return key.split(".")[-2:]


def initials(leaf: str) -> str:
    return "".join(part[:1] for part in leaf.casefold().split("_")) if "_" in leaf else ""
