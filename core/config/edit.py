"""Configs as plain data: flattened into params, compared, changed at a path."""

import copy
import json
import types
import typing
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from core.config import list_paths
from core.config.files import from_text as from_text  # every way in and out of plain data, from one place
from core.config.files import to_yaml as to_yaml
from core.config.run import RunConfig

Raw = dict[str, Any]  # a config as JSON data, not validated


def dump(config: RunConfig) -> Raw:
    """As JSON data: what the store keeps and a file holds."""
    return config.model_dump(mode="json")


def flatten(raw: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Params: {"training.epochs": 3, …}. Lists are leaves, as JSON text."""
    return {
        path: json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple) else value
        for path, value in leaves(raw, prefix).items()
    }


def leaves(raw: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """The same, with lists as they are."""
    found: dict[str, Any] = {}
    for key, value in raw.items():
        path = f"{prefix}{key}"
        found |= leaves(value, f"{path}.") if isinstance(value, Mapping) else {path: value}
    return found


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Params that differ, with the old and the new value; None where a side has no such param."""
    before, after = flatten(old), flatten(new)
    keys = dict.fromkeys([*after, *before])
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}


def with_values(raw: Raw, changes: Mapping[str, Any]) -> Raw:
    """A copy with other values at some paths.

    Choosing another variant ("training.optimizer.name") drops what only the old one knew, and its untouched defaults.
    A change within a section that was left out means the section's default variant. Where a mapping has a name with
    dots in it, as that of a script's parameter, a path may end with that name. Places in lists that are there are
    named as in `core.config.list_paths`.
    """
    changed = copy.deepcopy(raw)
    for path, value in sorted(copy.deepcopy(dict(changes)).items(), key=lambda change: _turn(change[0])):
        *parents, leaf = path.split(".")
        node = changed
        for depth, parent in enumerate(parents, start=1):
            if (rest := ".".join([*parents[depth - 1 :], leaf])) in node:
                parents, leaf = parents[: depth - 1], rest
                break
            if (inner := list_paths.mapping_at(node, parent)) is not None:
                node = inner
                continue
            if not isinstance(node.get(parent), dict):
                node[parent] = _default_variant(parents[:depth])
            node = node[parent]
        variants = variants_at(parents)
        if variants and leaf in ("name", "source") and node.get(leaf) != value:
            kept = _carried(variants.get(str(node.get(leaf))), variants.get(str(value)), node)
            node.clear()
            node.update(kept)
        if (place := list_paths.of_list(leaf)) and place[0] not in node:
            node |= _list_by_default(parents, node, place[0])
        if not list_paths.put(node, leaf, value):
            node[leaf] = value
    return changed


def _list_by_default(section: list[str], node: Raw, name: str) -> Raw:
    """A list that was left out, as it is by default; nothing where there is none."""
    variants = variants_at(section)
    choice = next((variants.get(str(node.get(kind))) for kind in ("name", "source") if kind in node), None)
    around = _field_at(section)
    model = choice if variants else (model_of(around) if around else None)
    field = model.model_fields.get(name) if model else None
    default = None if field is None or field.is_required() else field.get_default(call_default_factory=True)
    return {name: list(default)} if isinstance(default, list | tuple) else {}


def _turn(path: str) -> tuple[bool, bool, int]:
    """When it is set beside others: variants first, so that "optimizer.momentum" given beside "optimizer.name" is not
    dropped again; then what is no place in a list, how many values lists have, and these in their order.
    """
    place = list_paths.of_list(path)
    is_variant = path.rpartition(".")[2] in ("name", "source") and not list_paths.first_list(path)
    return not is_variant, bool(list_paths.first_list(path)), -1 if place is None or place[1] is None else place[1]


def _carried(old: type[BaseModel] | None, new: type[BaseModel] | None, values: Raw) -> Raw:
    if old is None or new is None:
        return {}
    defaults = {name: field.get_default(call_default_factory=True) for name, field in old.model_fields.items()}
    return {
        name: value
        for name, value in values.items()
        if name in new.model_fields and json.dumps(value) != json.dumps(defaults.get(name), default=str)
    }


def _default_variant(path: list[str]) -> Raw:
    """What says which variant a union of models has by default; empty for anything else."""
    field = _field_at(path)
    if field is None or not isinstance(field.discriminator, str) or field.is_required():
        return {}
    return {field.discriminator: getattr(field.get_default(call_default_factory=True), field.discriminator)}


def variants_at(path: list[str]) -> dict[str, type[BaseModel]]:
    """The models that may stand at a path, by the value of their discriminator; empty when it is no union."""
    field = _field_at(path)
    return variants_of(field) if field else {}


def _field_at(path: list[str]) -> FieldInfo | None:
    field: FieldInfo | None = None
    model: type[BaseModel] | None = RunConfig
    for name in path:
        field = model.model_fields.get(name) if model else None
        model = model_of(field) if field else None
    return field


def variants_of(field: FieldInfo) -> dict[str, type[BaseModel]]:
    """The members of a discriminated union by the value of their discriminator; empty for any other field."""
    if not isinstance(field.discriminator, str):
        return {}
    members = typing.get_args(field.annotation)
    return {member.model_fields[field.discriminator].default: member for member in members}


def model_of(field: FieldInfo) -> type[BaseModel] | None:
    """The model of a nested field, `Model` or `Model | None`; None for a plain value or a union of models."""
    candidates = [field.annotation]
    if isinstance(field.annotation, types.UnionType) or typing.get_origin(field.annotation) is typing.Union:
        candidates = [member for member in typing.get_args(field.annotation) if member is not type(None)]
    if len(candidates) == 1 and isinstance(candidates[0], type) and issubclass(candidates[0], BaseModel):
        return candidates[0]
    return None
