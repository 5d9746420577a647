"""Refusals in MLflow's words: a code that its client knows, and a sentence."""

from collections.abc import Mapping
from types import MappingProxyType

from core.common.errors import (
    ConfigError,
    DataError,
    ForbiddenError,
    NotFoundError,
    StateError,
    StoreError,
    TooLargeError,
    TraindeckError,
)

INVALID, MISSING, EXISTS = "INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST", "RESOURCE_ALREADY_EXISTS"
STATE, UNAVAILABLE, INTERNAL = "INVALID_STATE", "TEMPORARILY_UNAVAILABLE", "INTERNAL_ERROR"
DENIED, BAD, NOT_THERE, NO_SUCH_CALL = "PERMISSION_DENIED", "BAD_REQUEST", "NOT_FOUND", "ENDPOINT_NOT_FOUND"
NOT_IMPLEMENTED = "NOT_IMPLEMENTED"
# A client tries again at 429, 500, 502, 503 and 504, with longer and longer waits: none of them for a user's mistake.
STATUSES: Mapping[str, int] = MappingProxyType(
    {
        MISSING: 404,
        NOT_THERE: 404,
        NO_SUCH_CALL: 404,
        DENIED: 403,
        UNAVAILABLE: 503,
        INTERNAL: 500,
        NOT_IMPLEMENTED: 501,
    }
)
_CODES: tuple[tuple[type[TraindeckError], str], ...] = (
    (ForbiddenError, DENIED),
    (NotFoundError, MISSING),
    (StateError, STATE),
    (ConfigError, INVALID),
    (TooLargeError, INVALID),
    (DataError, INVALID),
    (StoreError, UNAVAILABLE),
    (TraindeckError, BAD),
)


class MlflowError(Exception):
    """A request that is refused, with one of MLflow's error codes."""

    def __init__(self, message: str, code: str = INVALID) -> None:
        super().__init__(message)
        self.code = code

    @property
    def status(self) -> int:
        """Of the HTTP answer."""
        return STATUSES.get(self.code, 400)


def in_their_words(error: TraindeckError) -> MlflowError:
    return MlflowError(str(error), next(code for kind, code in _CODES if isinstance(error, kind)))
