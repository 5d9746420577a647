"""Params of a network by the short names that people type: lr, epochs, momentum."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from pydantic import ValidationError

from core.common.errors import ConfigError, Problem
from core.config.edit import Raw, dump, leaves, with_values
from core.config.list_paths import first_list
from core.config.network_paths import network_paths
from core.config.run import RunConfig
from core.runs.search_names import KINDS, SHORT, initials

Meant = Callable[[str], list[str]]  # the paths that a name may stand for; none of one that is not known


def by_paths(raw: Raw, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes of a network's config by whole paths: `lr` is `training.optimizer.learning_rate`. Names go by the
    config as it will be: beside `loss=focal`, gamma is that of this loss.

    Raises:
        ConfigError: with every name that could be several params, or is given twice.
    """
    known = settings_with(raw, chosen(of_network(settings_with(raw, {})), changes))
    meant, problems, found = of_network(known), list[Problem](), dict[str, Any]()
    for name, value in changes.items():
        paths = meant(name)
        if len(paths) > 1:
            problems.append(Problem(name, f"could be {' or '.join(paths)}; write which"))
        path = paths[0] if len(paths) == 1 else name
        if path in found:
            problems.append(Problem(name, f"is {path}, which is given already; give it once"))
        found[path] = value
    if problems:
        raise ConfigError(problems)
    return found


def chosen(meant: Meant, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Of changes those that say which of several a section is, by whole paths: other names mean what that has."""
    paths = {name: found[0] for name in changes if len(found := meant(name)) == 1}
    return {path: changes[name] for name, path in paths.items() if path.rpartition(".")[2] in KINDS}


def settings_with(raw: Raw, changes: Mapping[str, Any]) -> Collection[str]:
    """The paths of all values that a config has with these changes, by whole paths."""
    changed = with_values(raw, changes)
    try:
        return leaves(dump(RunConfig.model_validate(changed))).keys()
    except ValidationError:  # told when it is checked
        return leaves(changed).keys()


def of_network(base: Collection[str]) -> Meant:
    """By the paths of its config; else by those that other choices of its sections have, as momentum of sgd."""

    def meant(name: str) -> list[str]:
        every = network_paths()
        if name in base or name in every:
            return [name]
        if head := first_list(name):
            return [f"{path}{name.removeprefix(head)}" for path in meant(head)]
        return ending(name, base) or ending(name, every)

    return meant


def ending(name: str, known: Collection[str]) -> list[str]:
    """Those that end so, of a section what says which it is; else those whose last part has these initials."""
    for wanted in filter(None, (name, SHORT.get(name.casefold()))):
        for end in (wanted, *(f"{wanted}.{kind}" for kind in KINDS)):
            if found := [path for path in known if f".{path}".casefold().endswith(f".{end.casefold()}")]:
                return found
    return [path for path in known if len(name) > 1 and initials(path.rpartition(".")[2]) == name.casefold()]
