"""Which examples are for which part: as the author made them, or held back by chance, by groups or by time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.common.errors import DataError
from core.common.text import percentage, plural, quoted
from core.data.base import Array, Examples, Part, Raw, SplitBy
from core.data.examples import take
from core.data.library.near import near_match
from core.data.library.placing import TITLES
from core.data.library.read_options import Options
from core.data.library.splitting import held_back

_TOLD = 3  # names in a message


@dataclass(frozen=True)
class Cut:
    """Positions of each part, in the order of time where that is how they were cut."""

    rows: Mapping[Part, Array]  # train and test always, validation where its author made one
    split_by: SplitBy = "random"
    groups: Array | None = None  # of the training rows, then of the validation rows
    warnings: tuple[str, ...] = ()

    @property
    def train(self) -> Array:
        return self.rows["train"]

    @property
    def facts(self) -> dict[str, Any]:
        """Fields of a DataInfo that say how it was cut."""
        return {
            "validation_examples": len(self.rows.get("validation", ())),
            "split_by": self.split_by,
            "groups": 0 if self.groups is None else len(np.unique(self.groups)),
        }

    def raw(self, x: Examples, y: Array) -> Raw:
        train, test, validation = self.train, self.rows["test"], self.rows.get("validation")
        x_val, y_val = (None, None) if validation is None else (take(x, validation), y[validation])
        return Raw(take(x, train), y[train], take(x, test), y[test], x_val, y_val, self.groups)


def cut(
    y: Array,
    names: Sequence[str],
    parts: Sequence[Part | None],
    options: Options,
    what: str,
    groups: Sequence[str] | None = None,
    moments: Array | None = None,
    times: Sequence[str] = (),
) -> Cut:
    """Every example to its part.

    Args:
        y: class numbers, or the targets of a regression.
        names: of the classes, none for a regression.
        parts: that the author gave each example to; None counts as training.
        groups: a name for each example; those of one name are not parted, "" is a group of its own.
        moments: a number for each example by which they are in order.
        times: the same, as they were written.

    Raises:
        DataError: a class without training examples, or options that the parts do not fit.
    """
    if groups is not None and moments is not None:
        raise DataError("Parts are cut by groups or by time, not by both. Say one of them.")
    given: dict[Part, Array] = {part: np.array([each == part for each in parts], bool) for part in TITLES}
    warnings: list[str] = []
    if options.val_as_test:
        _check_val_as_test(given, what)
        given["test"], given["validation"] = given["validation"], given["test"]
        warnings.append("The author's validation part was taken as the test.")
    rows: dict[Part, Array] = {}
    rows |= {part: np.flatnonzero(mask) for part, mask in given.items() if part != "train" and mask.any()}
    train = np.flatnonzero(~(given["validation"] | given["test"]))
    numbers = None if groups is None else _numbered(groups)
    if "test" not in rows:
        train, rows["test"] = _held_back(y, train, options.test_share, numbers, moments)
        warnings += _no_test(rows, options.test_share)
        if moments is not None and len(rows["test"]):
            warnings.append(_from_when_on(moments, times, train, rows["test"], options))
        if groups is None and options.test_share and not len(rows["test"]):
            warnings.append(
                f"No example is held back for the test: a share of {options.test_share:g} of {len(train):,} leaves "
                "none. Say a larger test share."
            )
        if groups is not None and options.test_share and not len(rows["test"]):
            warnings.append("No group could be held back for the test without the last examples of a class.")
    elif moments is not None:
        train = train[np.argsort(moments[train], kind="stable")]
        warnings += _not_later(moments, train, rows["test"])
    rows = {"train": train, **rows}
    if names and y.ndim == 1:  # of labels, those without examples are told by core.data.library.splitting.rare
        check_classes_of_parts(y, rows, names, what)
        warnings += _classes_not_tested(y, rows, names)
    if numbers is None:
        return Cut(rows, "random" if moments is None else "time", None, tuple(warnings))
    warnings += _without_group(groups or ())
    warnings += _groups_in_two(numbers, groups or (), rows)
    ordered = np.concatenate([train, rows.get("validation", train[:0])])
    return Cut(rows, "group", numbers[ordered], tuple(warnings))


def check_classes_of_parts(y: Array, rows: Mapping[Part, Array], names: Sequence[str], what: str) -> None:
    """Raises DataError for a class that is in another part only, with the class that is nearly the same."""
    known = set(np.unique(y[rows["train"]]).tolist())
    for part, positions in rows.items():
        missing = sorted(set(np.unique(y[positions]).tolist()) - known)
        if missing:
            told = [quoted(names[number]) for number in missing[:_TOLD]]
            near = near_match(names[missing[0]], [names[number] for number in sorted(known)])
            which = "the class" if len(missing) == 1 else "the classes"
            raise DataError(
                f"{what}: {which} {', '.join(told)}{', …' if len(missing) > _TOLD else ''} "
                f"{'is' if len(missing) == 1 else 'are'} only in the {TITLES[part]}{f'; {near}' if near else ''}. "
                "Write it as in the training part, add examples of it there, or leave it out."
            )


def _classes_not_tested(y: Array, rows: Mapping[Part, Array], names: Sequence[str]) -> list[str]:
    told = []
    for part, positions in rows.items():
        lacking = sorted(set(range(len(names))) - set(np.unique(y[positions]).tolist()))
        if lacking and len(positions) and part != "train":
            shown = ", ".join(quoted(names[number]) for number in lacking[:_TOLD])
            told.append(
                f"The {TITLES[part]} holds no example of {'the class' if len(lacking) == 1 else 'the classes'} {shown}"
                f"{', …' if len(lacking) > _TOLD else ''}: how well a network knows "
                f"{'it' if len(lacking) == 1 else 'them'} is not told there."
            )
    return told


def _without_group(groups: Sequence[str]) -> list[str]:
    lone = sum(not name for name in groups)
    if not lone:
        return []
    return [
        f"{plural(lone, 'example')} {'has' if lone == 1 else 'have'} no group, and each counts as one of its own: what "
        "belongs together may be parted there."
    ]


def _check_val_as_test(given: Mapping[Part, Array], what: str) -> None:
    if given["test"].any():
        raise DataError(f"{what} has a test part of its own; its validation part cannot be the test, too.")
    if not given["validation"].any():
        raise DataError(f"{what} has no validation part that could be the test. Hold back a share instead.")


def _held_back(
    y: Array, train: Array, share: float, groups: Array | None, moments: Array | None
) -> tuple[Array, Array]:
    kept, test = held_back(
        y[train], share, None if groups is None else groups[train], None if moments is None else moments[train]
    )
    return train[kept], train[test]


def _from_when_on(moments: Array, times: Sequence[str], train: Array, test: Array, options: Options) -> str:
    """What the test part holds, which was held back by time."""
    if moments[train[-1]] == moments[test[0]]:
        return f"All examples have one {options.time}, {times[test[0]]}: those of the test part are not later."
    count = len(train) + len(test)
    together = "" if len(test) == round(count * options.test_share) else "; those of one time stay together"
    return (
        f"The test part is what comes from {times[test[0]]} on ({options.time}): {len(test):,} of {count:,}{together}."
    )


def _no_test(rows: Mapping[Part, Array], share: float) -> list[str]:
    if "validation" not in rows:
        return []
    instead = "The author's validation part can be taken as the test instead (--val-as-test)."
    if not share:
        return [f"There is no test part, and none is held back. {instead}"]
    return [f"There is no test part: {percentage(share)} of the training part is held back for it. {instead}"]


def _not_later(moments: Array, train: Array, test: Array) -> list[str]:
    early = int((moments[test] <= moments[train[-1]]).sum())
    if not early:
        return []
    return [f"{plural(early, 'example')} of the author's test part are not later than the last one to train on."]


def _numbered(groups: Sequence[str]) -> Array:
    """int32; examples without a group are each a group of their own."""
    distinct = {name: number for number, name in enumerate(dict.fromkeys(filter(None, groups)))}
    lone = iter(range(len(distinct), len(distinct) + len(groups)))
    return np.array([distinct[name] if name else next(lone) for name in groups], np.int32)


def _groups_in_two(numbers: Array, groups: Sequence[str], rows: Mapping[Part, Array]) -> list[str]:
    """Of the author's parts, which are kept as they are."""
    told = []
    train = set(numbers[rows["train"]].tolist())
    for part, positions in rows.items():
        shared = sorted(set(numbers[positions].tolist()) & train) if part != "train" else []
        if shared:
            names = [quoted(groups[int(np.flatnonzero(numbers == number)[0])]) for number in shared[:_TOLD]]
            told.append(
                f"{plural(len(shared), 'group')} {'is' if len(shared) == 1 else 'are'} both in the training part and "
                f"in the author's {TITLES[part]}: {', '.join(names)}{', …' if len(shared) > _TOLD else ''}."
            )
    return told
