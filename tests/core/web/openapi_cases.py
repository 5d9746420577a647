"""Requests made up from an OpenAPI document: most as it has them, some with odd values in places."""

import json
import re
import string
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
_EDGES = [0, 1, -1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, True, 1.5, 1e308]
_ODD_TEXTS = ["", "a\0b", "../x", "%00", "é", "x" * 2000, "null", "\r\n", "bytes=0-", "NaN", "'; --", "{}", "𝔘"]
_ODD: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.sampled_from(_EDGES) | st.sampled_from(_ODD_TEXTS) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_HEADER = st.text(st.sampled_from(string.printable.strip()), max_size=30)


@dataclass(frozen=True)
class Case:
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def cases(document: dict[str, Any], left_out: tuple[str, ...] = ()) -> st.SearchStrategy[Case]:
    """Of each operation as often as of any other; without those of `left_out`, by their id."""
    found = [
        _requests(document, method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in _METHODS and operation["operationId"] not in left_out
    ]
    return st.one_of(found)


@st.composite
def _requests(draw: st.DrawFn, document: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> Case:
    method = draw(st.sampled_from([method.upper()] * 12 + ["DELETE", "PUT", "HEAD"]))
    query: list[tuple[str, str]] = []
    headers: list[tuple[str, str]] = []
    for parameter in operation.get("parameters", ()):
        name, place = parameter["name"], parameter["in"]
        if place != "path" and not parameter.get("required") and draw(st.booleans()):
            continue
        odd = draw(st.integers(0, 7)) == 0
        value = draw(_ODD if odd else _values(document, parameter["schema"]))
        if place == "path":
            path = path.replace(f"{{{name}}}", quote(_text(value) or "1", safe="/", errors="replace"))
        elif place == "query":
            query += [(name, _text(each)) for each in (value if isinstance(value, list) else [value])]
        else:
            headers.append((name, draw(_HEADER) if odd else re.sub(r"[^\x20-\x7e]", "?", _text(value)).strip()))
    body, kind = _body(draw, document, operation)
    headers.append(("content-type", kind))
    target = path + (f"?{urlencode(query, errors='replace')}" if query else "")
    return Case(method, target, tuple(headers), body)


def _body(draw: st.DrawFn, document: dict[str, Any], operation: dict[str, Any]) -> tuple[bytes, str]:
    content = operation.get("requestBody", {}).get("content", {})
    kind = next(iter(content), "application/json")
    schema = content.get(kind, {}).get("schema", {})
    if kind != "application/json" or draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=200)), kind
    value = draw(_ODD if draw(st.integers(0, 7)) == 0 else _values(document, schema))
    return json.dumps(value).encode(), kind


def _values(document: dict[str, Any], schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What a schema accepts, as far as it is told by types, bounds and patterns; examples come often."""
    if "$ref" in schema:
        named = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return st.deferred(lambda: _values(document, named))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    options = schema.get("anyOf") or schema.get("oneOf")
    found = st.one_of([_values(document, each) for each in options]) if options else _typed(document, schema)
    examples = schema.get("examples", [])
    return st.sampled_from(examples) | found if examples else found


def _typed(document: dict[str, Any], schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    kind = schema.get("type")
    if kind == "integer":
        least, most = schema.get("minimum"), schema.get("maximum", schema.get("exclusiveMaximum"))
        return st.integers(1, 5) if (least or 0) <= 1 and (most or 5) >= 5 else st.integers(least, most)
    if kind == "number":
        return st.floats(0, 10)
    if kind == "boolean":
        return st.booleans()
    if kind == "null":
        return st.none()
    if kind == "array":
        most = min(3, schema.get("maxItems", 3))
        return st.lists(_values(document, schema.get("items", {})), min_size=schema.get("minItems", 0), max_size=most)
    if kind == "object":
        return _objects(document, schema)
    if kind == "string":
        if "pattern" in schema:
            return st.from_regex(re.compile(schema["pattern"], re.ASCII), fullmatch=True)
        return st.text(min_size=schema.get("minLength", 0), max_size=min(20, schema.get("maxLength", 20)))
    return _ODD


def _objects(document: dict[str, Any], schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    known, needed = schema.get("properties", {}), schema.get("required", [])
    values = {name: _values(document, each) for name, each in known.items()}
    if not known:
        inner = schema.get("additionalProperties")
        return st.dictionaries(
            st.text(max_size=8), _values(document, inner) if isinstance(inner, dict) else _ODD, max_size=3
        )
    return st.fixed_dictionaries(
        {name: values[name] for name in needed},
        optional={name: each for name, each in values.items() if name not in needed},
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
