"""Configs in files: JSON or YAML, written by people or downloaded from the Launch page."""

from collections.abc import Mapping
from typing import Any

from core.common import strict_reader
from core.common.errors import ConfigError, Problem

MAX_BYTES = strict_reader.MAX_CHARACTERS


def to_yaml(raw: Mapping[str, Any]) -> str:
    return strict_reader.write(dict(raw))


def from_text(text: str | bytes) -> dict[str, Any]:
    """A config from a JSON or YAML file; not validated.

    Raises:
        ConfigError: neither JSON nor YAML, not a mapping, or too large to be a config.
    """
    if len(text) > MAX_BYTES:
        raise _refused(f"the file has {len(text):,} bytes; a config has at most {MAX_BYTES:,}")
    try:
        value = strict_reader.read(text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff"))
    except UnicodeError as error:
        raise _refused("the file is not text in UTF-8; a config is JSON or YAML") from error
    if isinstance(value, dict):
        return value
    kind = "nothing" if value is None else f"a {type(value).__name__}"
    raise _refused(f"the file holds {kind}; a config is a mapping with at least data and architecture")


def value_from_text(text: str) -> Any:
    """One value as a person types it: 3, 1e-3, [64, 64], true, adam. Raises ConfigError."""
    return strict_reader.read(text)


def _refused(message: str) -> ConfigError:
    return ConfigError([Problem("", message)])
