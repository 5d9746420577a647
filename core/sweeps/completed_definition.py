"""What a definition leaves unsaid or says in another way, as the configs have it: the base, ranges and choices."""

from collections.abc import Mapping, Sequence
from typing import Any

from core import runs
from core.common.context import Context
from core.config.edit import dump, leaves
from core.config.list_paths import COUNT, first_list, with_places
from core.config.network_paths import network_paths
from core.config.run import RunConfig
from core.scripts.check_script import look_up
from core.scripts.command_line import given_texts
from core.scripts.spec import ScriptSpec
from core.sweeps.conditions import needed_for
from core.sweeps.definition import Definition
from core.sweeps.fields import Choices, Varied
from core.sweeps.list_fields import of_base
from core.sweeps.setting import Setting

_MOST_READ = 50  # choices that are of another type than the field


def completed(definition: Definition, context: Context) -> Definition:
    """With a base config that says all of its params, also those left as they are by default; with all numbers of a
    range without a step, of a field that takes them: 0..1 of a rate; with whole ones of 8.0..32.0 where no others are
    taken; and with choices as the config has them: true of 1.
    """
    if definition.kind == "script":
        spec = ScriptSpec.model_validate(definition.base)
        script = look_up(spec, context.workspace.settings)
        known = {f"arguments.{each.name}": each.type for each in script.reading.of(spec.command)}
        base: dict[str, Any] = runs.with_defaults(spec, script)
        types: dict[str, str] = {each.field: _in_list(each.field, known) for each in definition.fields}
    else:
        base = dump(RunConfig.model_validate(definition.base))
        own = with_places(leaves(base))
        types = {each.field: _type(own, each.field) for each in definition.fields}
    if definition.kind == "script":
        definition = definition.model_copy(
            update={"fields": tuple(_given_once(each, types[each.field]) for each in definition.fields)}
        )
    of_type = {"float": Varied.between, "int": Varied.whole}
    fields = [of_type.get(types[each.field], Varied.each_once)(each) for each in definition.fields]
    made = definition.model_copy(update={"base": base, "fields": tuple(fields)})
    if definition.kind == "script":
        return made
    setting = Setting(made)
    return made.model_copy(update={"fields": tuple(_as_in_config(each, fields, setting) for each in fields)})


def _given_once(varied: Varied, of_type: str) -> Varied:
    """With one of those choices that the script is given alike: 1 and "1"."""
    if not isinstance(varied.range, Choices) or not of_type:
        return varied
    values: dict[tuple[str, ...], Any] = {}
    for each in varied.range.values:
        values.setdefault(tuple(given_texts(each, of_type)), each)
    return varied.model_copy(update={"range": Choices(values=tuple(values.values()))})


def _in_list(field: str, known: Mapping[str, str]) -> str:
    """The type of a param, or of what its list has."""
    is_count = field.endswith(f"[{COUNT}]")
    return "int" if is_count else known.get(field) or known.get(first_list(field), "")


def _type(own: Mapping[str, Any], field: str) -> str:
    """By what stands there; where nothing does, by what may."""
    value = of_base(own, field)
    return _in_list(field, network_paths()) if value is None else type(value).__name__


def _as_in_config(varied: Varied, fields: Sequence[Varied], setting: Setting) -> Varied:
    if (when := varied.when) is not None:
        when = when.model_copy(update={"values": _read(when.field, when.values, {}, setting)})
    if not isinstance(varied.range, Choices):
        return varied.model_copy(update={"when": when})
    values = _read(varied.field, varied.range.values, needed_for(varied, fields, setting), setting)
    return varied.model_copy(update={"range": Choices(values=values), "when": when}).each_once()


def _read(field: str, values: tuple[Any, ...], beside: Mapping[str, Any], setting: Setting) -> tuple[Any, ...]:
    """Values as the config has them; those that it refuses as they are."""
    usual = type(of_base(setting.settings(beside), field))
    odd = [value for value in values if not _is_one(value, usual)]
    if len(odd) > _MOST_READ:
        return values
    return tuple(
        value if _is_one(value, usual) else setting.settings({**beside, field: value}).get(field, value)
        for value in values
    )


def _is_one(value: Any, usual: type) -> bool:
    return type(value) is usual or {type(value), usual} <= {int, float}
