"""A server for models alone, without the dashboard: `python -m core serve`."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.common.context import Context
from core.serving.gateway import Gateway
from core.serving.options import Options
from core.web.demo_routes import DEMO_POLICY
from core.web.security import AllowedHosts, SecurityHeaders
from core.web.serving_api import serving_mounts


def run(context: Context, only: Mapping[str, Options], host: str, port: int) -> None:
    """Until Ctrl-C. Raises OSError: the port is in use."""
    uvicorn.run(build(context, only), host=host, port=port, log_level="warning", access_log=False)


def build(context: Context, only: Mapping[str, Options]) -> Starlette:
    gateway = Gateway(lambda: context, only)
    first = next(iter(only))

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        running = asyncio.create_task(gateway.run())
        yield
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    def root(_request: Request) -> Response:
        return RedirectResponse(f"/demo/{first}")

    settings = context.workspace.settings
    return Starlette(
        routes=[Route("/", root), *serving_mounts(lambda: gateway, lambda: context)],
        lifespan=lifespan,
        middleware=[
            Middleware(SecurityHeaders, policy=DEMO_POLICY),
            Middleware(AllowedHosts, names=settings.hosts_allowed),
        ],
    )
