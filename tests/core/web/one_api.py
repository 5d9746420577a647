"""The application of /api, made once for all tests: each asks it about its own workspace."""

from functools import cache

from fastapi import FastAPI

from core.common.workspace import Workspace
from core.web.api import build_api

_asked_about: list[Workspace] = []


@cache
def _made() -> FastAPI:
    return build_api(lambda: _asked_about[-1])


def api_of(workspace: Workspace) -> FastAPI:
    _asked_about[:] = [workspace]
    return _made()
