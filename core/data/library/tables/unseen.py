"""Categories that the training part never had: the network knows nothing of them, and they may be other spellings."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from core.common.text import plural
from core.data.base import CATEGORIES, Array, Feature, Part
from core.data.library.near import differs
from core.data.library.placing import TITLES

_MANY = 0.1  # share of a part that was held back by chance, below which rare values are no news
_TOLD = 3  # values
_COMPARED = 2000  # values of the training part


def unseen(features: Sequence[Feature], x: Mapping[Part, Mapping[str, Array]], *, by_author: bool) -> Iterator[str]:
    """What there is to tell of each column.

    Args:
        by_author: whether the parts are as the author of the data made them.
    """
    names = [feature.name for feature in features if feature.kind == "category"]
    for place, name in enumerate(names):
        columns = {part: Counter(values[CATEGORIES][:, place].tolist()) for part, values in x.items()}
        known = list(columns.pop("train"))
        for part, counts in columns.items():
            strange = counts.keys() - {*known, ""}
            rows, of_all = sum(counts[value] for value in strange), sum(counts.values())
            if rows and (by_author or rows >= _MANY * of_all):
                yield _told(name, TITLES[part], rows, of_all, sorted(strange), known)


def _told(name: str, part: str, rows: int, of_all: int, strange: Sequence[str], known: Sequence[str]) -> str:
    shown = f"{', '.join(strange[:_TOLD])}{', …' if len(strange) > _TOLD else ''}"
    near = ((value, differs(value, known[:_COMPARED])) for value in strange[: _COMPARED // 20])
    told = next((f"; {value} {difference}" for value, difference in near if difference), "")
    return (
        f"{name}: {rows:,} of {plural(of_all, 'row')} of the {part} hold values that no training row has ({shown}), "
        f"which count as unknown{told}."
    )
