"""Protobuf messages described by short tables, for files of other tools: only the fields that are read."""

from collections.abc import Mapping
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_FIELD = descriptor_pb2.FieldDescriptorProto
_SCALARS = {
    "double": _FIELD.TYPE_DOUBLE,
    "float": _FIELD.TYPE_FLOAT,
    "int64": _FIELD.TYPE_INT64,
    "uint64": _FIELD.TYPE_UINT64,
    "int32": _FIELD.TYPE_INT32,  # enums are read as such
    "uint32": _FIELD.TYPE_UINT32,
    "bool": _FIELD.TYPE_BOOL,
    "string": _FIELD.TYPE_STRING,
    "bytes": _FIELD.TYPE_BYTES,
}


def message_classes(package: str, tables: Mapping[str, str]) -> dict[str, Any]:
    """Classes by name.

    Args:
        package: of the messages; any name will do, they are known to nobody else.
        tables: fields by message, one a line: `number name type`, `many` after it where repeated. A field of another
            message has its name as type. Where a name begins with `?`, it is told whether the field is there.
    """
    file = descriptor_pb2.FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto3")
    for name, table in tables.items():
        described = file.message_type.add(name=name)
        for line in table.strip().splitlines():
            _add_field(described, package, *line.split())
    pool = descriptor_pool.DescriptorPool()  # of its own: other packages describe messages of the same names
    pool.Add(file)
    found = {name: pool.FindMessageTypeByName(f"{package}.{name}") for name in tables}
    return {name: message_factory.GetMessageClass(descriptor) for name, descriptor in found.items()}


def _add_field(described: Any, package: str, number: str, name: str, kind: str, many: str = "") -> None:
    label = _FIELD.LABEL_REPEATED if many else _FIELD.LABEL_OPTIONAL
    field = described.field.add(name=name.removeprefix("?"), number=int(number), label=label)
    if kind in _SCALARS:
        field.type = _SCALARS[kind]
    else:
        field.type, field.type_name = _FIELD.TYPE_MESSAGE, f".{package}.{kind}"
    if name.startswith("?"):
        described.oneof_decl.add(name=f"_{field.name}")
        field.oneof_index, field.proto3_optional = len(described.oneof_decl) - 1, True
