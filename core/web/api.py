"""The HTTP interface under /api: what lives, how curves grow, files that runs leave and files that browsers send."""

import re
from collections.abc import Callable

from fastapi import FastAPI

from core.common.context import Context
from core.common.workspace import Workspace
from core.web.answers import answer_errors
from core.web.docs_routes import docs_routes
from core.web.explanation_routes import explanation_routes
from core.web.file_routes import file_routes
from core.web.growth_routes import growth_routes
from core.web.health_routes import health_routes
from core.web.importance_routes import importance_routes
from core.web.leaving_routes import leaving_routes
from core.web.limits import BodyLimit
from core.web.model_routes import model_routes
from core.web.palette_routes import palette_routes
from core.web.prediction_routes import prediction_routes
from core.web.rest.rest_app import build_rest
from core.web.upload_routes import upload_routes

# Paths that take whole files, of a size of their own.
_FILES = re.compile(r"/uploads/.*|/runs/[^/]*/predictions|/v1/runs/[^/]*/artifacts/.*|/v1/data-sets/.*", re.DOTALL)


def build_api(workspace: Callable[[], Workspace]) -> FastAPI:
    """`workspace` gives the open workspace, or raises StoreError while there is none."""
    # Without pages of documentation: they would load their scripts from another host.
    api = FastAPI(title="Traindeck", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    api.add_middleware(BodyLimit, unlimited=_FILES)
    answer_errors(api)

    def context() -> Context:
        """What every use case takes; made here alone. Who sends a request acts as the server's user."""
        return Context.of_shell(workspace())

    answers = (prediction_routes, explanation_routes, importance_routes)
    files = (file_routes, upload_routes, leaving_routes)
    for routes in (health_routes, growth_routes, palette_routes, model_routes, docs_routes, *files, *answers):
        api.include_router(routes(context))
    api.mount("/v1", build_rest(context))
    return api
