"""The server on one screen: the user interface's script, /api, and the supervisor's start and end."""

import asyncio
import contextlib
import gc
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import psutil
import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import Mount

from core.common import faults
from core.common.context import Context
from core.common.errors import TraindeckError
from core.common.settings import Settings
from core.common.workspace import Workspace, keep_private
from core.launch.watchdog import Watchdog
from core.serving.gateway import Gateway
from core.tracking.run_log import log_line
from core.web.api import build_api
from core.web.demo_routes import DEMO_POLICY
from core.web.mlflow_routes import DirectCalls, mlflow_routes
from core.web.security import AllowedHosts, SecurityHeaders
from core.web.serving_api import serving_mounts
from pages.frontend.documents import Frontend
from pages.frontend.policy import content_policy


@cache
def workspace() -> Workspace:
    """Opened when it is first needed, and tried again while it cannot be. Raises StoreError."""
    return Workspace.open(Settings())


def shell_context() -> Context:
    """Raises StoreError."""
    return Context.of_shell(workspace())


@cache
def gateway() -> Gateway:
    """Of this server; models that are served are asked through it."""
    return Gateway(shell_context)


def send_at_once() -> None:
    """Without this, every small answer and every small change of a page waits 40 ms for the browser's acknowledgement.

    asyncio switches Nagle's algorithm off, but not on the sockets that Streamlit 1.67 opens; those accepted inherit it.
    """
    for connection in psutil.Process().net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN:
            with socket.socket(fileno=os.dup(connection.fd)) as listening:
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    send_at_once()
    # What was loaded stays, and a request of a thousand values makes tens of thousands of objects: looking for cycles
    # among all of them took a third of its time.
    gc.freeze()
    gc.set_threshold(50_000)
    keep_private(Settings())
    watchdog = Watchdog(workspace)
    watchdog.start()
    serving = asyncio.create_task(gateway().run())
    yield
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving
    going_on = await run_in_threadpool(watchdog.stop)
    if going_on:
        runs = "1 training goes" if going_on == 1 else f"{going_on} trainings go"
        log_line(f"{runs} on without the dashboard; the next start picks up.")


def show_error(error: Exception) -> bool:
    """Errors written for people are shown as they are; anything else is a bug, and the log has its traceback."""
    st.error(str(error) if isinstance(error, TraindeckError) else faults.told(faults.noted(error)))
    return True


def middleware(settings: Settings) -> list[Middleware]:
    """The outermost first."""
    always = [
        Middleware(SecurityHeaders, policy=content_policy(), other={"/demo/": DEMO_POLICY}),
        Middleware(AllowedHosts, names=settings.hosts_allowed),
        Middleware(DirectCalls, context=shell_context),
    ]
    return always if settings.plain else [*always, Middleware(Frontend)]


app = st.App(
    "pages/main.py",
    lifespan=lifespan,
    routes=[
        *mlflow_routes(shell_context),
        Mount("/api", build_api(workspace)),
        *serving_mounts(gateway, shell_context),
    ],
    middleware=middleware(Settings()),
    on_script_error=show_error,
)
