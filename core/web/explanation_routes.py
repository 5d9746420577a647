"""/runs/…/explanations: why a run's best network answers so about one input."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from core import runs
from core.common.context import Context
from core.common.errors import DataError, NotFoundError, StateError
from core.data.base import DataInfo
from core.evaluation.holdout import holdout_example, question
from core.jobs import job_queue, prediction
from core.jobs.explanation import Explain, Method, methods
from core.jobs.explanation_told import checks
from core.jobs.prediction import Input, Picture, PredictionError, Prompt, Row, Text
from core.web.bodies import read_body
from core.web.bounds import Count, Name, RunNumber

Key = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
_BEFORE = "prediction-"  # before a key, in the queue


class Example(BaseModel):
    """An example of the test set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["example"] = "example"
    position: Count  # of pictures, of those that are kept


class Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Annotated[Picture | Text | Row | Prompt | Example, Field(discriminator="kind")]
    method: Method | None = None  # the first that applies
    target: Name = ""  # class or label; the most probable


_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": Asked.model_json_schema()}}}}


def explanation_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter()

    @router.post("/runs/{run_id}/explanations", status_code=202, openapi_extra=_BODY)
    async def explain(run_id: RunNumber, request: Request) -> Response:
        """Why the network answers so about a picture (its file in base64), a text, a row, a prompt, or a test example
        by its position.
        """
        asked = await read_body(request, Asked)
        key = await asyncio.to_thread(_ask, context(), run_id, asked)
        location = f"{request.url.path}/{key}"
        return JSONResponse({"key": key, "location": location}, 202, {"location": location})

    @router.get("/runs/{run_id}/explanations/{key}")
    def explanation(run_id: RunNumber, key: Key) -> dict[str, Any]:
        """`state` is waiting, done or failed. It is kept for some time."""
        acting, name = context(), f"{_BEFORE}{key}"
        asked = job_queue.payload(acting, prediction.KIND, name)
        if asked is None or asked.run != run_id:
            raise NotFoundError(f"Run {run_id} has no explanation {key}; they are kept for some time. Ask again.")
        done = job_queue.look_if_asked(acting, prediction.KIND, name, keep=True)
        if done is None:
            return {"state": "waiting"}
        if problem := done.problem or (done.explanation.problem if done.explanation else ""):
            return {"state": "failed", "error": problem}
        told = done.model_dump(mode="json", exclude={"problem", "received", "process"})
        assert done.explanation is not None
        checked = [asdict(each) for each in checks(prediction.info(acting, runs.get(acting, run_id)), done.explanation)]
        return {"state": "done", **told, "checks": checked}

    return router


def _ask(context: Context, run_id: int, asked: Asked) -> str:
    """Raises NotFoundError, StateError, DataError."""
    run = runs.get(context, run_id)
    info = prediction.info(context, run)
    known = methods(info)
    if asked.method is not None and asked.method not in known:
        raise DataError(f"{asked.method} does not explain data of this kind; {', '.join(known) or 'none'} do.")
    given = _of_example(context, run_id, info, asked.input) if isinstance(asked.input, Example) else asked.input
    wanted = Explain(method=asked.method, target=asked.target)
    try:
        return prediction.ask(context, run, given, wanted).removeprefix(_BEFORE)
    except PredictionError as error:
        raise StateError(str(error)) from error


def _of_example(context: Context, run_id: int, info: DataInfo, asked: Example) -> Input:
    """Raises NotFoundError."""
    example = holdout_example(context.workspace.settings, run_id, info, 0, asked.position)
    if example is None:
        raise NotFoundError(
            f"Run {run_id} kept no test example {asked.position}: it is past the last, it was not evaluated, or of "
            "its pictures only others are kept."
        )
    return question(info, example)
