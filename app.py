"""The server on one screen: the user interface's script, /api, and the supervisor's start and end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.routing import Mount

from core.api import build_api
from core.errors import StoreError, TraindeckError
from core.launch.keeper import Keeper
from pages.shared.data import workspace


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    try:
        keeper = Keeper(await run_in_threadpool(workspace))
    except StoreError as error:  # the server stays up to say so on every page and in /api/health
        print(error, flush=True)  # noqa: T201
        yield
        return
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
