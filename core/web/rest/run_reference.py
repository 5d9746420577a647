"""How an address of /api/v1 names a run, and what requests may say."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import AfterValidator, BeforeValidator, Field

from core import runs
from core.common.context import Context
from db.records import RunRecord

Reference = Annotated[
    str,
    Path(
        pattern=r"^([1-9][0-9]{0,8}|[0-9a-f]{32})$",
        description="A run's number, or its uid: 32 hexadecimal digits.",
        examples=["1"],
    ),
]
_MOST_DEPTH = 30
_UID = 32  # characters


def run_named(context: Context, reference: str) -> RunRecord:
    """Raises NotFoundError."""
    if len(reference) == _UID:
        return runs.with_uid(context, reference)
    return runs.get(context, int(reference))


def _shallow(value: Any, depth: int = _MOST_DEPTH) -> Any:
    if depth == 0:
        raise ValueError(f"must have at most {_MOST_DEPTH} levels within each other")
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            _shallow(each, depth - 1)
    return value


def _storable(value: Any) -> Any:
    """Texts within it without the character NUL, which no database of texts takes."""
    if isinstance(value, str) and "\0" in value:
        raise ValueError("must not contain the character NUL")
    if isinstance(value, dict):
        for name, each in value.items():
            _storable(name)
            _storable(each)
    if isinstance(value, list):
        for each in value:
            _storable(each)
    return value


def _no_flag(value: Any) -> Any:
    """true is 1 in Python, which nobody means."""
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return value


Whole = Annotated[int, BeforeValidator(_no_flag)]
Amount = Annotated[float, BeforeValidator(_no_flag)]
Data = Annotated[dict[str, Any], AfterValidator(_shallow), AfterValidator(_storable)]
Label = Annotated[str, Field(max_length=1000), AfterValidator(_storable)]
Words = Annotated[str, Field(max_length=20_000), AfterValidator(_storable)]  # many choices of lists
Notes = Annotated[str, Field(max_length=200_000), AfterValidator(_storable)]
