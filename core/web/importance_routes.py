"""/runs/…/importance and …/worst: what a run's best network goes by over its test set, and where it errs most."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from core import runs
from core.common.context import Context
from core.common.errors import DataError, NotFoundError, StateError
from core.evaluation.slices import slices_of_run
from core.jobs import importance, job_queue, prediction
from core.jobs.prediction import PredictionError
from core.web.bounds import RunNumber


def importance_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter()

    @router.post("/runs/{run_id}/importance", status_code=202)
    def find(run_id: RunNumber, request: Request) -> Response:
        """What the network goes by over its test set: features, words, or places of pictures, and of each class."""
        acting = context()
        run = runs.get(acting, run_id)
        if not importance.applies(prediction.info(acting, run)):
            raise DataError("Of series and of generated text it is not found out what a network goes by.")
        try:
            importance.ask(acting, run)
        except PredictionError as error:
            raise StateError(str(error)) from error
        return JSONResponse({"location": request.url.path}, 202, {"location": request.url.path})

    @router.get("/runs/{run_id}/importance")
    def found(run_id: RunNumber) -> dict[str, Any]:
        """`state` is waiting, running, done or failed; DELETE forgets what failed, to ask anew."""
        acting = context()
        run = runs.get(acting, run_id)
        done = job_queue.look_if_asked(acting, importance.KIND, importance.key(acting, run), keep=True)
        if done is not None:
            told = done.model_dump(mode="json", exclude={"problem"})
            return {"state": "failed", "error": done.problem} if done.problem else {"state": "done", **told}
        if not importance.is_asked(acting, run):
            raise NotFoundError(f"Nobody asked what run {run_id} goes by. POST to this address asks.")
        progress = importance.progress(acting, run)
        if progress is None:
            return {"state": "waiting"}
        return {"state": "running", "progress": progress.model_dump(mode="json")}

    @router.delete("/runs/{run_id}/importance", status_code=204)
    def stop(run_id: RunNumber) -> None:
        """Ends it where it is at work, and forgets what was found."""
        acting = context()
        importance.stop(acting, runs.get(acting, run_id))

    @router.get("/runs/{run_id}/worst")
    def worst(run_id: RunNumber) -> dict[str, Any]:
        """The groups of test examples with more errors than chance explains, the surest first."""
        acting = context()
        done = slices_of_run(acting.workspace.settings, runs.get(acting, run_id).id)
        return asdict(done) if done is not None else {"rows": []}

    return router
