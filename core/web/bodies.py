"""Bodies of requests, read as JSON whatever kind the caller says that they are: curl calls them a form."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from core.common.errors import DataError
from core.common.text import shortened

Body = TypeVar("Body", bound=BaseModel)


async def read_body(request: Request, kind: type[Body]) -> Body:
    """Raises DataError: not JSON, or not of this kind."""
    try:
        return kind.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise DataError(f"{shortened(f'{where}: ' if where else '')}{shortened(str(first['msg']))}.") from error
