"""The server on one screen: the user interface's script, /api, and the supervisor's start and end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.routing import Mount

from core.api import build_api
from core.errors import TraindeckError
from core.launch.keeper import Keeper
from core.settings import Settings
from core.workspace import Workspace


@cache
def workspace() -> Workspace:
    """Opened when it is first needed, and tried again while it cannot be. Raises StoreError."""
    return Workspace.open(Settings())


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    keeper = Keeper(workspace)
    keeper.start()
    yield
    going_on = await run_in_threadpool(keeper.stop)
    if going_on:
        runs = "1 training goes" if going_on == 1 else f"{going_on} trainings go"
        print(f"{runs} on without the dashboard; the next start picks up.", flush=True)  # noqa: T201


def show_error(error: Exception) -> bool:
    """Errors written for people are shown as they are; anything else is a bug and shows its traceback."""
    if isinstance(error, TraindeckError):
        st.error(str(error))
    return isinstance(error, TraindeckError)


app = st.App(
    "pages/main.py",
    lifespan=lifespan,
    routes=[Mount("/api", build_api(workspace))],
    on_script_error=show_error,
)
