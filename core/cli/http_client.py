"""Questions to the /api/v1 of a server somewhere else, and its errors in the words of this host's."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from core.common.errors import (
    ConfigError,
    DataError,
    ForbiddenError,
    NotFoundError,
    Problem,
    StateError,
    StoreError,
    TraindeckError,
)
from core.common.text import quoted, shortened

_SECONDS = 60.0  # that an answer may take to begin
_PIECE = 2**20
_MOST_ERROR = 2**20  # bytes of an error that are read
_KINDS: Mapping[int, Callable[[str], TraindeckError]] = {
    **{403: ForbiddenError, 404: NotFoundError, 409: StateError, 412: StateError, 413: DataError, 422: DataError},
    503: StoreError,
}
Query = Mapping[str, str | int | Sequence[str]]


class ServerError(TraindeckError):
    """The server cannot be reached, or is none of Traindeck's."""


class Client:
    """Asks one server. All raise what the use case there raised, by its class, and ServerError."""

    def __init__(self, server: str) -> None:
        if not server.startswith(("http://", "https://")):
            raise ServerError(
                f"{quoted(server)} is no address of a server; accepted are http://HOST:PORT and https://…."
            )
        self.server = server.rstrip("/")

    def get(self, path: str, query: Query | None = None) -> Any:
        """`path` is below /api/v1, with what stands in it quoted."""
        return json.loads(self._read("GET", f"/api/v1{path}", query))

    def text(self, path: str, query: Query | None = None) -> str:
        return self._read("GET", f"/api/v1{path}", query).decode(errors="replace")

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        answer = self._read(method, f"/api/v1{path}", None, {} if body is None else body, headers)
        return json.loads(answer) if answer else None

    def save(self, path: str, query: Query, target: Path) -> None:
        """The file at a path below /, written to another. Raises OSError, too."""
        with self._open("GET", path, query) as answer, target.open("wb") as file:
            while piece := answer.read(_PIECE):
                file.write(piece)

    def _read(
        self, method: str, path: str, query: Query | None, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        try:
            with self._open(method, path, query, body, headers) as answer:
                found: bytes = answer.read()
                return found
        except OSError as error:
            raise self._away(error) from error

    def _open(
        self, method: str, path: str, query: Query | None, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        address = f"{self.server}{path}" + (f"?{urlencode(query, doseq=True)}" if query else "")
        sent = {"Accept": "application/json", "User-Agent": "traindeck", **(headers or {})}
        data = None
        if body is not None:
            data, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(address, data, sent, method=method)  # noqa: S310 - http only, see above
        try:
            return urllib.request.urlopen(request, timeout=_SECONDS)  # noqa: S310 - as above
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(error) from error
        except (OSError, ValueError) as error:
            raise self._away(error) from error

    def _away(self, error: Exception) -> ServerError:
        why = getattr(error, "reason", error)
        return ServerError(
            f"{self.server} cannot be reached: {why}. Check the address (--server, TRAINDECK_URL) and that its "
            "dashboard is at work."
        )

    def _refused(self, error: urllib.error.HTTPError) -> TraindeckError:
        try:
            told = json.loads(error.read(_MOST_ERROR))
            detail = str(told["error"])
            problems = [Problem(str(each["field"]), str(each["message"])) for each in told["problems"]]
        except (OSError, ValueError, KeyError, TypeError):
            return ServerError(
                f"{self.server} answered {error.code} {shortened(str(error.reason))}, as no Traindeck does that has "
                "/api/v1. Check the address (--server, TRAINDECK_URL)."
            )
        if problems:
            return _SentError(problems, detail)
        return _KINDS.get(error.code, ServerError)(detail)


class _SentError(ConfigError):
    """With the sentence that the server made of the problems."""

    def __init__(self, problems: list[Problem], detail: str) -> None:
        super().__init__(problems)
        self.args = (detail,)


def in_path(text: object) -> str:
    """A part of a path."""
    return quote(str(text), safe="")
