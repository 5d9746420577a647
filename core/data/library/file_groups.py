"""What groups files, and what orders them in time: a pattern on their names.

A pattern is a regular expression; its first group, or all that it finds, is the group's name. A sign such as _ alone
means what stands before the first one. It is looked for in the file's name, or in the whole path where it has a slash.
"""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

from core.common.errors import DataError
from core.common.text import plural, quoted
from core.data.base import Array
from core.data.library.tables.dates import read, read_each


def found_in_names(entries: Sequence[PurePosixPath], pattern: str, what: str) -> list[str]:
    """Of each file, what the pattern finds; "" where it finds nothing.

    Raises:
        DataError: no regular expression, or one that finds the same in all files or nothing in most.
    """
    if len(pattern) == 1 and not pattern.isalnum():
        pattern = f"^([^{re.escape(pattern)}]+){re.escape(pattern)}"
    try:
        expression = re.compile(pattern)
    except re.error as error:
        raise DataError(
            f"{quoted(pattern)} is no regular expression ({error}). Accepted is one such as ^([^_]+)_, or a sign "
            "alone for what stands before the first one."
        ) from error
    whole = "/" in pattern
    matches = [expression.search(str(entry) if whole else entry.name) for entry in entries]
    found = [(match[1] if match.re.groups else match[0]) or "" if match else "" for match in matches]
    missing = found.count("")
    if missing > len(found) / 2 or len(set(found)) < 2:
        examples = ", ".join(quoted(entry.name) for entry in entries[:3])
        told = (
            f"finds nothing in {missing:,} of {plural(len(found), 'file name')}"
            if missing
            else "finds the same in all file names"
        )
        raise DataError(f"{what}: the pattern {quoted(pattern)} {told}, such as {examples}. Say another one.")
    return found


def moments(values: Sequence[str], what: str) -> Array:
    """float64 by which the values are in order: numbers, or dates and times in seconds.

    Raises:
        DataError: a value that is missing or neither.
    """
    import pandas as pd
    import pyarrow as pa

    texts = pd.Series([value.strip() for value in values], dtype=object)
    numbers = pd.to_numeric(texts, errors="coerce")
    if numbers.notna().all():
        return numbers.to_numpy(np.float64)
    dates = pd.to_datetime(texts, errors="coerce", format="ISO8601", utc=True)
    if dates.isna().any():
        codes, distinct = pd.factorize(texts)
        read_together = read(pa.array(distinct))  # by one layout: no 07.01. is of July beside a 13.01.
        together = read_together.seconds
        if np.isnat(together).any():
            order = read_together.layout.order  # of several layouts: each by the first that reads it
            together = np.where(np.isnat(together), read_each(pa.array(distinct), order, utc=True), together)
        dates = pd.Series(together[codes].astype("datetime64[ns]")).dt.tz_localize("UTC")
    wrong = np.flatnonzero(dates.isna().to_numpy())
    if len(wrong):
        raise DataError(
            f"{what}: {plural(len(wrong), 'value')} of the time {'is' if len(wrong) == 1 else 'are'} neither a number "
            f"nor a date, the first {quoted(texts[wrong[0]])}. Accepted are numbers, and dates such as 2026-01-31 "
            "12:00."
        )
    return (dates - pd.Timestamp(0, tz="UTC")).dt.total_seconds().to_numpy(np.float64)


def moments_of_names(entries: Sequence[PurePosixPath], pattern: str, what: str) -> tuple[Array | None, list[str]]:
    """The same of files, and what the pattern finds; None without a pattern.

    What is neither number nor date is in the order of its signs, numbers within by size.
    """
    if not pattern:
        return None, []
    found = found_in_names(entries, pattern, what)
    try:
        return moments(found, what), found
    except DataError:
        ranks = {text: rank for rank, text in enumerate(sorted(set(found), key=_key))}
        return np.array([ranks[text] for text in found], np.float64), found


def _key(text: str) -> list[tuple[bool, int, str]]:
    return [(run.isdecimal(), int(run) if run.isdecimal() else 0, run) for run in re.findall(r"\d+|\D+", text)]
