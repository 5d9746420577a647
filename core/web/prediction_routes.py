"""/runs/…/predictions: a run's best network asked about a whole file; see core.jobs.batch_prediction."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from core import runs
from core.common.context import Context
from core.common.errors import DataError, NotFoundError, StateError
from core.data.library import inbox
from core.data.library.folders import writing
from core.jobs import batch_prediction, job_queue
from core.jobs.batch_prediction import File, Format
from core.jobs.prediction import PredictionError, host_for
from core.web.bounds import FileName, Name, RunNumber
from core.web.limits import promised_bytes

Key = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
AnswersAs = Annotated[Format, Query(alias="format")]
_TYPES: dict[Format, str] = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
_BODY = {"requestBody": {"required": True, "content": {"application/octet-stream": {}}}}
_NOT_A_FORM = (
    "A form was received; accepted is the file itself as the body, with its name in the address. With curl: "
    "--data-binary @test.csv in place of -F, and ?name=test.csv."
)


def prediction_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter()

    @router.post("/runs/{run_id}/predictions", status_code=202, openapi_extra=_BODY)
    async def predict(
        run_id: RunNumber, name: FileName, request: Request, form: AnswersAs = "csv", text_column: Name = ""
    ) -> Response:
        """The body is the file: a table of rows or texts, or a zip of pictures; `name` says by its ending which."""
        if request.headers.get("content-type", "").lower().startswith("multipart/"):
            raise HTTPException(415, _NOT_A_FORM)
        acting = context()
        asked, place = await asyncio.to_thread(_placed, acting, run_id, name, format=form, text_column=text_column)
        try:
            await inbox.store(acting.workspace.settings, asked.name, place, promised_bytes(request), request.stream())
            await asyncio.to_thread(_ask, acting, asked)
        except BaseException:  # whatever it is, such as a client that is gone
            shutil.rmtree(place.parent, ignore_errors=True)
            raise
        location = f"{request.url.path}/{asked.folder}"
        return JSONResponse({"key": asked.folder, "location": location}, 202, {"location": location})

    @router.get("/runs/{run_id}/predictions/{key}")
    def prediction(run_id: RunNumber, key: Key, request: Request) -> dict[str, Any]:
        """`state` is waiting, running, done or failed."""
        acting = context()
        _asked(acting, run_id, key)
        try:
            done = batch_prediction.take(acting, batch_prediction.key_of(key))
        except PredictionError as error:
            return {"state": "failed", "error": str(error)}
        if done is not None:
            told = done.model_dump(mode="json", exclude={"problem"})
            return {"state": "done", "file": f"{request.url.path}/file", **told}
        progress = job_queue.progress(acting, batch_prediction.key_of(key))
        if progress is None:
            return {"state": "waiting"}
        return {"state": "running", "progress": progress.model_dump(mode="json")}

    @router.get("/runs/{run_id}/predictions/{key}/file")
    def answers(run_id: RunNumber, key: Key) -> FileResponse:
        acting = context()
        asked = _asked(acting, run_id, key)
        try:
            done = batch_prediction.take(acting, batch_prediction.key_of(key))
        except PredictionError as error:
            raise DataError(str(error)) from error
        if done is None:
            raise StateError("The file is not answered yet. Ask for the prediction's state until it is done.")
        path = batch_prediction.answers(acting.workspace.settings, asked)
        if not path.is_file():
            raise NotFoundError("The answers are no longer there; they are kept for a day. Give the file again.")
        return FileResponse(path, filename=f"predictions-run-{run_id}{path.suffix}", media_type=_TYPES[asked.format])

    return router


def _placed(context: Context, run_id: int, name: str, **how: str) -> tuple[File, FilePath]:
    """What can only be refused is refused before the file is sent. Raises NotFoundError, StateError, DataError."""
    run = runs.get(context, run_id)
    try:
        host_for(context, run)
    except PredictionError as error:
        raise StateError(str(error)) from error
    with writing(f"The upload of {name}"):
        return batch_prediction.placed(context.workspace.settings, run, inbox.file_name(name), **how)


def _ask(context: Context, asked: File) -> None:
    """Raises NotFoundError, StateError."""
    try:
        batch_prediction.ask(context, runs.get(context, asked.run), asked)
    except PredictionError as error:
        raise StateError(str(error)) from error


def _asked(context: Context, run_id: int, key: str) -> File:
    """Raises NotFoundError."""
    asked = batch_prediction.asked(context, key)
    if asked is None or asked.run != run_id:
        raise NotFoundError(f"Run {run_id} has no prediction {key}; they are kept for a day. Give the file again.")
    return asked
