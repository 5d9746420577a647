"""/api/v1: runs and all that belongs to them for programs, described by /api/v1/openapi.json."""

from collections.abc import Callable
from typing import Any

from fastapi import Depends, FastAPI

from core.common.context import Context
from core.web.report_routes import report_routes
from core.web.rest.acting_routes import acting_routes
from core.web.rest.change_routes import change_routes
from core.web.rest.data_set_routes import data_set_routes
from core.web.rest.etags import NotModified
from core.web.rest.evaluation_routes import evaluation_routes
from core.web.rest.experiment_routes import experiment_routes
from core.web.rest.host_routes import host_routes
from core.web.rest.known_query import refuse_unknown
from core.web.rest.launching_routes import launching_routes
from core.web.rest.listing_routes import listing_routes
from core.web.rest.metric_routes import metric_routes
from core.web.rest.problem_answers import MEDIA_TYPE, TITLES, TYPES, Problem, answer_problems
from core.web.rest.registry_routes import registry_routes
from core.web.rest.run_file_routes import run_file_routes
from core.web.rest.run_routes import run_routes
from core.web.rest.sweep_routes import sweep_routes
from core.web.rest.written_report_routes import written_report_routes

_ABOUT = """Everything that the pages do. Times are seconds since 1970 in UTC. Errors are `application/problem+json`.

Answers have an ETag: send it as `If-None-Match` to be told 304 where nothing changed, as `If-Match` with a change that
is to hold for what you read only. What is begun by a POST with an `Idempotency-Key` is begun once."""
_REFUSED = {"description": "Refused", "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
_ROUTES = (
    *(listing_routes, launching_routes, acting_routes, run_routes, metric_routes, run_file_routes),
    *(sweep_routes, experiment_routes, data_set_routes, host_routes, registry_routes, change_routes, report_routes),
    *(written_report_routes, evaluation_routes),
)


class _Rest(FastAPI):
    def openapi(self) -> dict[str, Any]:
        if not self.openapi_schema:
            document = super().openapi()
            _name_runs_alike(document["paths"])
            schemas = document["components"]["schemas"]
            own = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= own.pop("$defs", {}) | {"Problem": own}
            document["x-problems"] = {f"{TYPES}{kind}": title for kind, title in TITLES.items()}
        assert self.openapi_schema is not None
        return self.openapi_schema


def _name_runs_alike(paths: dict[str, Any]) -> None:
    """Reports name a run by its uid alone; two templates of one path would be two paths for nobody."""
    for path in [each for each in paths if "{uid}" in each]:
        operations = paths.pop(path)
        for operation in operations.values():
            for parameter in operation["parameters"]:
                parameter["name"] = {"uid": "run"}.get(parameter["name"], parameter["name"])
        paths.setdefault(path.replace("{uid}", "{run}"), {}).update(operations)


def build_rest(context: Callable[[], Context]) -> FastAPI:
    """To be mounted at /api/v1. `context` raises StoreError while there is no store."""
    rest = _Rest(
        title="Traindeck",
        version="1",
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        servers=[{"url": "/api/v1"}],
        root_path_in_servers=False,
        separate_input_output_schemas=False,
        strict_content_type=False,  # curl calls every body a form
        redirect_slashes=False,
        responses={"4XX": _REFUSED, "5XX": _REFUSED},
        generate_unique_id_function=lambda route: route.name,
        dependencies=[Depends(refuse_unknown)],
    )
    rest.add_middleware(NotModified)
    routers = [routes(context) for routes in _ROUTES]
    answer_problems(rest, [route for router in routers for route in router.routes])
    for router in routers:
        rest.include_router(router)
    return rest
