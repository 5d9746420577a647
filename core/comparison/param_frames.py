"""Params of several runs: which differ, and their values by run."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from core.common.digits import as_read

Params = Mapping[int, Mapping[str, str]]  # by run, then by key, as text

_KNOWN_NAMES = {"project.folder", "project.snapshot", "project.address", "project.revision", "fine_tune.run"}
_CALLED_SO = re.compile(r"(^|_)(id|uid|uuid|pid|sha|hash|commit|fingerprint|hostname|timestamp)$")
_HASH = re.compile(r"(?=[0-9]*[a-f])[0-9a-f]{12,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PATH = re.compile(r"(~|[A-Za-z]:)?[/\\].+")
_SHOWN = 8  # characters of a hash


def differing(run_ids: Sequence[int], params: Params) -> list[str]:
    """Keys whose value is not the same in all of the runs, in the order of the config; none and "" are the same."""
    keys = dict.fromkeys(key for run_id in run_ids for key in params.get(run_id, {}))
    return [key for key in keys if len({params.get(run_id, {}).get(key) or None for run_id in run_ids}) > 1]


def settings_that_differ(run_ids: Sequence[int], params: Params) -> list[str]:
    """As `differing`, without what names a thing rather than setting it, which no axis can show: code by its hash,
    a run by its number, a folder by its path.
    """
    return [key for key in differing(run_ids, params) if not _only_names(key, run_ids, params)]


def _only_names(key: str, run_ids: Sequence[int], params: Params) -> bool:
    if key in _KNOWN_NAMES or _CALLED_SO.search(key.rpartition(".")[2].lower()):
        return True
    texts = {text for run_id in run_ids if (text := params.get(run_id, {}).get(key))}
    return all(_HASH.fullmatch(text) for text in texts) or all(_PATH.fullmatch(text) for text in texts)


def short_value(text: str) -> str:
    """A param's value within a name or a cell: of a hash its beginning, of what a search drew four digits."""
    return f"{text[:_SHOWN]}…" if _HASH.fullmatch(text) else as_read(text)


def column(run_ids: Sequence[int], params: Params, key: str) -> pd.Series:
    """A param by run: numbers when all that have it have numbers, otherwise text; missing where a run has none."""
    texts = pd.Series([params.get(run_id, {}).get(key) for run_id in run_ids], index=list(run_ids), dtype=object)
    numbers = pd.to_numeric(texts.where(texts != ""), errors="coerce")
    given = texts.notna() & (texts != "")
    return numbers if given.any() and numbers[given].notna().all() else texts
