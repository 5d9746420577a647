"""Changes of a config as people write them: `training.epochs=3`."""

from collections.abc import Iterable
from typing import Any

from core.common.errors import ConfigError, Problem
from core.common.text import quoted
from core.config.files import value_from_text


def parse_settings(assignments: Iterable[str], given_as: str = "--set") -> dict[str, Any]:
    """{"training.epochs": 3} from ["training.epochs=3"]; values are YAML.

    Args:
        given_as: what whoever asked calls them.

    Raises:
        ConfigError: with every problem.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for text in assignments:
        path, equals, value = text.partition("=")
        if not path.strip() or not equals:
            problems.append(Problem(given_as, f"must look like training.epochs=3; received {quoted(text)}"))
            continue
        try:
            values[path.strip()] = value_from_text(value)
        except ConfigError as error:
            problems += [Problem(path.strip(), problem.message) for problem in error.problems]
    if problems:
        raise ConfigError(problems)
    return values
