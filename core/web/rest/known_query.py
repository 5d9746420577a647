"""What is asked for by a name that nothing is known by is refused: passed over, it would tell more than was meant."""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from core.common.errors import ConfigError, Problem
from core.common.text import quoted, suggestion


def refuse_unknown(request: Request) -> None:
    """Raises ConfigError with each parameter of the query that a GET does not take."""
    route = request.scope.get("route")
    if request.method not in ("GET", "HEAD") or not isinstance(route, APIRoute):
        return
    known = [*_names(route.dependant)]
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    accepted = f"accepted are {', '.join(known)}" if known else "this address takes none"
    if unknown:
        raise ConfigError(
            [
                Problem(quoted(name)[1:-1], f"is no parameter of this address{suggestion(name, known)}; {accepted}")
                for name in unknown
            ]
        )


def _names(dependant: Dependant) -> Iterator[str]:
    """Of the address itself, and of what it depends on."""
    yield from (each.alias for each in dependant.query_params)
    for each in dependant.dependencies:
        yield from _names(each)
