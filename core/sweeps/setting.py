"""Which fields of a sweep a config has: those whose conditions hold, beside what stands before them."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from core.config.edit import dump, leaves, with_values
from core.config.list_paths import count_of, first_list, with_places
from core.config.run import RunConfig
from core.runs.search_names import KINDS
from core.sweeps.definition import Definition
from core.sweeps.fields import Varied
from core.sweeps.same_values import as_told, is_among


class Setting:
    """Sets the fields of a definition one after the other. A condition may be about a field that is varied, or about
    what changes with one: momentum where the optimizer is, the second value of a list that is varied as a whole.
    """

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._base = definition.settings_of_base
        names = [varied.field for varied in definition.fields]
        self._names = frozenset(names)
        asked = {varied.when.field for varied in definition.fields if varied.when} - self._names
        self._changing = {field: [name for name in names if changes(name, field)] for field in asked}
        self._made: dict[str, dict[str, Any]] = {}

    def params(self, value: Callable[[Varied, dict[str, Any]], Any]) -> dict[str, Any]:
        """Of a config: by each field that is set what `value` says, given those before it."""
        found: dict[str, Any] = {}
        for varied in self._definition.fields:
            if self.holds(varied, found):
                found[varied.field] = value(varied, found)
        return found

    def holds(self, varied: Varied, params: Mapping[str, Any]) -> bool:
        """Whether it is set, given the params that stand before it."""
        when = varied.when
        if when is None:
            return True
        if when.field in self._names:
            return when.field in params and is_among(params[when.field], when.values)
        changing = {name: params[name] for name in self._changing[when.field] if name in params}
        return is_among((self.settings(changing) if changing else self._base).get(when.field), when.values)

    def settings(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """All params of the config with these, by their paths, defaults of another variant and places included."""
        key = as_told(params)
        if key not in self._made:
            self._made[key] = with_places(leaves(self._config(params)))
        return self._made[key]

    def _config(self, params: Mapping[str, Any]) -> dict[str, Any]:
        made = with_values(self._definition.base, params)
        if self._definition.kind != "network":
            return made
        try:
            return dump(RunConfig.model_validate(made))
        except ValidationError:  # refused when it is checked
            return made


def changes(field: str, other: str) -> bool:
    """Whether another value of a field may change what another path says."""
    section, _, leaf = field.rpartition(".")
    if leaf in KINDS and section and other.startswith(f"{section}."):
        return True
    if (name := first_list(field)) and name == first_list(other):
        return field == count_of(field) or other.startswith(f"{field}.")
    return other.startswith((f"{field}.", f"{field}[")) or field.startswith((f"{other}.", f"{other}["))
