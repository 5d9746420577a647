"""Fields of a sweep by the short names that people type, as a search takes them: lr, optimizer, momentum."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from core.common.errors import ConfigError, Problem
from core.config.edit import Raw
from core.config.list_paths import first_list
from core.runs.param_names import Meant, chosen, ending, of_network, settings_with
from core.scripts.parameter import Reading
from core.sweeps.conditions import needed_before
from core.sweeps.fields import Choices, Varied
from core.sweeps.list_fields import with_conditions

_MOST_TRIED = 50  # choices of a field


def written_out(fields: Sequence[Varied], meant: Meant) -> tuple[tuple[Varied, ...], list[Problem]]:
    """With whole paths, what others depend on before these, and what could be several fields.

    Args:
        meant: the paths that a name may stand for; none of one that is not known.
    """
    problems: list[Problem] = []

    def whole(name: str, at: str, told: str) -> str:
        paths = meant(name)
        if len(paths) > 1:
            problems.append(Problem(at, f"{told} could be {' or '.join(paths)}; write which"))
        return paths[0] if len(paths) == 1 else name

    found = []
    for each in fields:
        path = whole(each.field, each.field, "it")
        when = each.when
        if when is not None:
            told = f"{when.field} in its condition"
            when = when.model_copy(update={"field": whole(when.field, path, told)})
        found.append(each.model_copy(update={"field": path, "when": when}))
    return tuple(_in_order(with_conditions(found))), problems


def of_varied(base: Raw, fields: Sequence[Varied]) -> Meant:
    """Of a network: by what its config has, as it is and with each choice that is varied: gamma where the loss may be
    focal.
    """
    known = dict.fromkeys(settings_with(base, {}))  # in the config's order
    given = {each.field: each.range.values for each in fields if isinstance(each.range, Choices)}
    for path, values in chosen(of_network(known), given).items():
        for value in values[:_MOST_TRIED]:
            known |= dict.fromkeys(settings_with(base, {path: value}))
    return of_network(known)


def of_script(reading: Reading, command: str, base: Collection[str]) -> Meant:
    """A parameter by its name or any of its flags, as --set takes it; then values of its config file."""
    known = {each.name for each in reading.of(command)}

    def meant(name: str) -> list[str]:
        if head := first_list(name):
            return [f"{path}{name.removeprefix(head)}" for path in meant(head)]
        told = reading.meant(name.removeprefix("arguments."))
        if told in known:
            return [f"arguments.{told}"]
        return [name] if name in base else ending(name, base)

    return meant


def of_fields(params: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """Params by the whole paths of those of these fields, or of their lists, that their names end.

    Raises:
        ConfigError: one is given twice.
    """
    known = [*fields, *dict.fromkeys(filter(None, map(first_list, fields)))]

    def whole(name: str) -> str:
        head = first_list(name) or name
        paths = [head] if head in known else ending(head, known)
        return f"{paths[0]}{name.removeprefix(head)}" if len(paths) == 1 else name

    found: dict[str, Any] = {}
    for name, value in params.items():
        if (path := whole(name)) in found:
            raise ConfigError([Problem(name, f"is {path}, which is given already; give it once")])
        found[path] = value
    return found


def _in_order(fields: Sequence[Varied]) -> list[Varied]:
    """Each after the fields that it depends on; those of a circle as they are."""
    left, found = list(fields), list[Varied]()
    needs = {id(each): needed_before(each, fields) for each in fields}
    while left:
        names = {each.field for each in left}
        free = [each for each in left if not needs[id(each)] & names] or left
        found.append(free[0])
        left.remove(free[0])
    return found
