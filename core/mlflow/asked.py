"""What a request asks for: fields of JSON or of a query, each checked for its type when it is read.

As in protobuf's JSON, whole numbers of 64 bits may come as strings, and numbers as "NaN" and "Infinity".
"""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from core.mlflow.mlflow_error import INVALID, MlflowError

_SEE = " See the API docs for more information about request parameters."
_MOST_DIGITS = 20
SMALLEST, LARGEST = -(2**63), 2**63 - 1


class Asked:
    """The fields of one request. Each reader raises MlflowError, with the field's name, for another type."""

    def __init__(self, fields: Mapping[str, Any], path: str = "") -> None:
        """`path`: where in a request these fields are, for messages."""
        self.fields = fields
        self._path = path

    @classmethod
    def of_body(cls, body: bytes) -> "Asked":
        try:
            found = json.loads(body) if body.strip() else {}
            if isinstance(found, str):  # old clients encode twice
                found = json.loads(found)
        except (ValueError, RecursionError) as error:
            raise MlflowError("The request's body is no JSON.", INVALID) from error
        return cls(found if isinstance(found, dict) else {})

    @classmethod
    def of_query(cls, pairs: Iterable[tuple[str, str]]) -> "Asked":
        """A name that comes several times has a list; see `texts`."""
        fields: dict[str, Any] = {}
        for name, value in pairs:
            fields[name] = [*_listed(fields[name]), value] if name in fields else value
        return cls(fields)

    def has(self, name: str) -> bool:
        return self.fields.get(name) is not None

    def need(self, *names: str) -> None:
        """Raises MlflowError for the first that was not given."""
        for name in names:
            if self.fields.get(name) in (None, "", []):
                raise MlflowError(f"Missing value for required parameter '{self._path}{name}'.{_SEE}")

    def text(self, name: str, default: str = "") -> str:
        value = self.fields.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self._wrong(name)
        return _storable(value, name)

    def needed(self, name: str) -> str:
        self.need(name)
        return self.text(name)

    def run_id(self) -> str:
        """Of either name that clients have for it."""
        if not self.fields.get("run_id") and self.fields.get("run_uuid"):
            return self.text("run_uuid")
        return self.needed("run_id")

    def whole(self, name: str, default: int = 0) -> int:
        value = self.fields.get(name)
        if value is None:
            return default
        number = value if type(value) is int else self._whole_of(name, value)
        if not SMALLEST <= number <= LARGEST:
            raise self._wrong(name)
        return number

    def _whole_of(self, name: str, value: Any) -> int:
        try:
            if isinstance(value, float) and value.is_integer():
                return int(value)
            if isinstance(value, str) and len(value) <= _MOST_DIGITS:
                return int(value)
        except ValueError:
            pass
        raise self._wrong(name)

    def number(self, name: str) -> float:
        """NaN and infinities as well."""
        value = self.fields.get(name)
        if isinstance(value, float) or type(value) is int:
            try:
                return float(value)
            except OverflowError:
                return math.copysign(math.inf, value)
        try:
            if isinstance(value, str):
                return float(value)
        except ValueError:
            pass
        raise self._wrong(name)

    def flag(self, name: str) -> bool:
        value = self.fields.get(name, False)
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if value is None or isinstance(value, bool):
            return bool(value)
        raise MlflowError(f"Invalid boolean value: {value}, must be 'true' or 'false'.")

    def items(self, name: str) -> list[Any]:
        value = self.fields.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(name)
        return value

    def texts(self, name: str) -> list[str]:
        value = self.fields.get(name)
        found = [] if value is None else _listed(value)
        if not all(isinstance(each, str) for each in found):
            raise self._wrong(name)
        return [_storable(each, name) for each in found]

    def entries(self, name: str) -> list["Asked"]:
        """Of a list of objects."""
        found = self.items(name)
        if not all(isinstance(each, dict) for each in found):
            raise self._wrong(name)
        return [Asked(each, f"{self._path}{name}[{number}].") for number, each in enumerate(found)]

    def within(self, name: str) -> "Asked":
        """Of an object."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, dict):
            raise self._wrong(name)
        return Asked(value or {}, f"{self._path}{name}.")

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Of a list of objects with key and value."""
        return [(each.needed("key"), each.text("value")) for each in self.entries(name)]

    def at_most(self, name: str, default: int, most: int) -> int:
        """A count from 1 on."""
        number = self.whole(name, default)
        if not 0 < number <= most:
            raise self._wrong(name)
        return number

    def _wrong(self, name: str) -> MlflowError:
        value = self.fields.get(name)
        return invalid(f"{self._path}{name}", value, f" Hint: Value was of type '{type(value).__name__}'.{_SEE}")


def invalid(path: str, value: Any, why: str = "") -> MlflowError:
    """That a value of a request is not accepted."""
    shown = json.dumps(value, sort_keys=True, separators=(",", ":"))
    shown = shown if len(shown) <= 500 else f"{shown[:500]}…"
    return MlflowError(f"Invalid value {shown} for parameter '{path}' supplied{f': {why}' if why else '.'}")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _storable(text: str, name: str) -> str:
    """Nothing that a database would choke on."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise MlflowError(f"The text of '{name}' is no valid Unicode.") from error
    if "\0" in text:
        raise MlflowError(f"The text of '{name}' must not contain the character NUL.")
    return text
