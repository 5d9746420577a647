"""Places in the lists of a config, as paths name them: `hidden[0]` is the first value, `hidden[count]` how many there
are, and `layers[1].units` a value of the second mapping.
"""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

COUNT = "count"
_MOST = 9999  # values of a list
_PLACE = re.compile(rf"(.+)\[(0|[1-9]\d{{0,3}}|{COUNT})\]")


def of_list(path: str) -> tuple[str, int | None] | None:
    """The path of the list and the place in it that a path ends with, None where that is the count of its values;
    None of a path that ends otherwise.
    """
    if (found := _PLACE.fullmatch(path)) is None:
        return None
    return found[1], None if found[2] == COUNT else int(found[2])


def first_list(path: str) -> str:
    """The path of the outermost list that a path leads into; "" of one that leads into none."""
    head, bracket, _ = path.partition("[")
    return head if bracket else ""


def first_place(path: str) -> int | None:
    """The place in that list; None where the path leads to none, or to how many values there are."""
    found = of_list(path[: path.find("]") + 1])
    return found[1] if found else None


def count_of(path: str) -> str:
    """The path that says how many values that list has."""
    return f"{first_list(path)}[{COUNT}]"


def with_places(params: Mapping[str, Any]) -> dict[str, Any]:
    """Params, and what is in those that are lists, by paths."""
    found: dict[str, Any] = {}
    for path, value in params.items():
        found[path] = value
        if isinstance(value, list):
            found[f"{path}[{COUNT}]"] = len(value)
            for number, each in enumerate(value):
                found |= with_places(dict(_leaves(f"{path}[{number}]", each)))
    return found


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        yield path, value
        return
    for name, each in value.items():
        yield from _leaves(f"{path}.{name}", each)


def mapping_at(node: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """The mapping that stands at this place in one of its lists; None where there is none."""
    found = of_list(name)
    values = node.get(found[0]) if found else None
    if found is None or found[1] is None or not isinstance(values, list) or found[1] >= len(values):
        return None
    return each if isinstance(each := values[found[1]], dict) else None


def put(node: dict[str, Any], name: str, value: Any) -> bool:
    """Set what stands at this place in one of its lists; or have so many values. What there is not yet is as the last
    one. Whether there is such a list.
    """
    found = of_list(name)
    values = node.get(found[0]) if found else None
    if found is None or not isinstance(values, list):
        return False
    place = found[1]
    if place is not None:
        _lengthen(values, place)
        values[place : place + 1] = [value]
    elif isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST:
        _lengthen(values, value)
        del values[value:]
    else:
        node[found[0]] = value  # in place of the list, which the check of the config refuses
    return True


def _lengthen(values: list[Any], count: int) -> None:
    if values:
        values.extend(copy.deepcopy(values[-1]) for _ in range(count - len(values)))
