"""Configs in files: JSON or YAML, written by people or downloaded from the Launch page."""

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from core.common.errors import ConfigError, Problem

MAX_BYTES = 300_000  # a list of 500 layers takes a third of it; PyYAML reads some 100,000 characters a second
MAX_DEPTH = 50


class _Loader(yaml.SafeLoader):
    """Plain data only, with no aliases: a few lines of them can stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases are not accepted", self.get_mark())
        return super().compose_node(parent, index)


# 2026-01-31 stays text: a config has no dates, and JSON has none either.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}
# YAML 1.1, which PyYAML follows, reads 1e-3 as text for want of a point; a person means the number.
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+$"), list("-+0123456789")
)


def to_yaml(raw: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(raw), sort_keys=False, allow_unicode=True)


def from_text(text: str | bytes) -> dict[str, Any]:
    """A config from a JSON or YAML file; not validated.

    Raises:
        ConfigError: neither JSON nor YAML, not a mapping, or too large to be a config.
    """
    if len(text) > MAX_BYTES:
        raise _refused(f"the file has {len(text):,} bytes; a config has at most {MAX_BYTES:,}")
    try:
        value = _parsed(text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff"))
        if not isinstance(value, dict):
            kind = "nothing" if value is None else f"a {type(value).__name__}"
            raise _refused(f"the file holds {kind}; a config is a mapping with at least data and architecture")
        if _depth(value) > MAX_DEPTH:
            raise _refused(f"the file nests values more than {MAX_DEPTH} deep")
        plain: dict[str, Any] = json.loads(json.dumps(value, ensure_ascii=False).encode())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise _refused(f"the file is neither JSON nor YAML{where}; download a config to see one") from error
    except UnicodeError as error:
        raise _refused("the file is not text in UTF-8; a config is JSON or YAML") from error
    except RecursionError as error:
        raise _refused(f"the file nests values more than {MAX_DEPTH} deep") from error
    except (TypeError, ValueError, AttributeError, LookupError) as error:
        # A set, bytes, a number of thousands of digits; or a tag such as !!bool on something else, where PyYAML fails.
        raise _refused(f"the file holds a value that JSON has no place for ({str(error)[:100]})") from error
    return plain


def value_from_text(text: str) -> Any:
    """One value as a person types it: 3, 1e-3, [64, 64], true, adam. Raises ConfigError."""
    try:
        return _parsed(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise _refused(f"the value {text[:60]!r} is not YAML; quote text that has special characters") from error


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return yaml.load(text, _Loader)


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _refused(message: str) -> ConfigError:
    return ConfigError([Problem("", message)])
