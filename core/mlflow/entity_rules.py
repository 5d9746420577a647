"""MLflow's rules for names, keys and values, as its server has them (mlflow/utils/validation.py of 3.17)."""

import functools
import posixpath
import re
from collections.abc import Iterable

from core.mlflow.asked import invalid
from core.mlflow.mlflow_error import MlflowError

MOST_METRICS, MOST_PARAMS, MOST_ENTITIES = 1000, 100, 1000  # in a batch; as many tags as params
MOST_NAME, MOST_KEY, MOST_PARAM, MOST_TAG = 500, 250, 6000, 8000  # characters
MOST_EXPERIMENT_TAG, MOST_REGISTRY_TAG, MOST_ALIAS = 5000, 100_000, 255
_KEY = re.compile(r"[/\w.\- :]*")
_EXPERIMENT_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,63}")
_ALIAS = re.compile(r"[\w\-]+")
_CHARACTERS = (
    "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and "
    "slashes (/)."
)


def check_key(key: str, path: str = "key") -> None:
    """Of a metric, a param or a tag: also to be a path."""
    if problem := _problem(key):
        raise invalid(path, key, problem)


@functools.lru_cache(10_000)  # the same few come with every batch
def _problem(key: str) -> str:
    if not _KEY.fullmatch(key):
        return _CHARACTERS
    normal = posixpath.normpath(key)
    if normal != key or normal == "." or normal.startswith(("..", "/")):
        return f"Names may be treated as files in certain cases, and must not resolve to other names: {normal!r}"
    return ""


def check_length(what: str, most: int, text: str) -> None:
    if len(text) > most:
        raise MlflowError(f"'{what}' exceeds the maximum length of {most} characters")


def is_metric(key: str) -> bool:
    return len(key) <= MOST_KEY and not _problem(key)


def check_metric(key: str, timestamp: int, path: str = "") -> None:
    check_key(key, f"{path}name")
    if timestamp < 0:
        raise invalid(f"{path}timestamp", timestamp, f"metric '{key}': Timestamp must be a nonnegative long (64-bit).")
    check_length("Metric name", MOST_KEY, key)


def check_param(key: str, value: str, path: str = "") -> None:
    check_key(key, f"{path}key")
    check_length("Param key", MOST_KEY, key)
    check_length("Param value", MOST_PARAM, value)


def check_tag(key: str, value: str, path: str = "", most: int = MOST_TAG) -> None:
    check_key(key, f"{path}key")
    check_length(f"{path}key", MOST_KEY, key)
    check_length(f"{path}value", most, value)


def check_batch(metrics: int, params: int, tags: int) -> None:
    """How many of each come at once."""
    counts = (("metrics", MOST_METRICS, metrics), ("params", MOST_PARAMS, params), ("tags", MOST_PARAMS, tags))
    for what, most, count in (*counts, ("metrics, params, and tags", MOST_ENTITIES, metrics + params + tags)):
        if count > most:
            raise MlflowError(
                f"A batch logging request can contain at most {most} {what}. Got {count} {what}. "
                f"Please split up {what} across multiple requests and try again."
            )


def check_unique(keys: Iterable[str]) -> None:
    """Of the params of a batch."""
    seen: set[str] = set()
    twice = [key for key in keys if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
    if twice:
        raise MlflowError(
            f"Duplicate parameter keys have been submitted: {twice}. Please ensure the request contains only one param "
            "value per param key."
        )


def check_experiment_name(name: str) -> None:
    if not name.strip():
        raise MlflowError(f"Invalid experiment name: '{name}'")
    check_length("name", MOST_NAME, name)


def check_experiment_id(text: str) -> None:
    if not _EXPERIMENT_ID.fullmatch(text):
        raise MlflowError(f"Invalid experiment ID: '{text}'")


def check_alias_name(alias: str) -> None:
    if not alias:
        raise MlflowError("Registered model alias name cannot be empty.")
    if not _ALIAS.fullmatch(alias):
        raise MlflowError(
            f"Invalid alias name: '{alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-)."
        )
    check_length("Registered model alias name", MOST_ALIAS, alias)
    if alias.lower() == "latest":
        raise MlflowError("'latest' alias name (case insensitive) is reserved.")
    if re.fullmatch(r"[vV]\d+", alias):
        raise MlflowError(f"Version alias name '{alias}' is reserved.")
