"""/v1/runs/…: what the package `traindeck` sends of the runs that scripts report."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

import db.runs
from core.common.context import Context
from core.common.errors import StateError
from core.runs import logged, reported_lines
from core.runs.kinds import LISTENS, LOGGED
from core.runs.reported_files import receive_piece
from core.web.bodies import read_body

Uid = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Source = Annotated[str, Query(pattern=r"^[0-9a-f]{1,32}$")]
Position = Annotated[int, Query(ge=0, lt=2**63)]
Key = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Sum = Annotated[str, Query(pattern=r"^([0-9a-f]{64})?$", description="SHA-256 of the piece.")]
_PIECE = {"requestBody": {"required": True, "content": {"application/octet-stream": {}}}}
_LINES = {"requestBody": {"required": True, "content": {"application/jsonl": {}}}}


class Begun(BaseModel):
    """What a run is called, and begins with."""

    model_config = ConfigDict(frozen=True)

    name: str = ""
    experiment: str = ""
    params: dict[str, str | bool | int | float | list[str | bool | int | float] | None] = Field({}, max_length=10_000)
    tags: list[str] = Field([], max_length=100)
    notes: str = ""
    began_at: float | None = Field(None, gt=0, lt=1e11, description="UTC seconds; now when null.")


def report_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Reporting"])

    @router.put("/runs/{uid}")
    async def begin(uid: Uid, request: Request) -> dict[str, Any]:
        """Begin a run of this uid; the same again changes nothing. Answers its number."""
        body = await read_body(request, Begun)
        return await run_in_threadpool(_begin, context(), uid, body)

    @router.post("/runs/{uid}/lines", openapi_extra=_LINES)
    async def lines(uid: Uid, source: Source, position: Position, request: Request) -> dict[str, Any]:
        """Lines of a spool from a byte on; `position` in the answer says up to where they are stored."""
        body = await request.body()
        taken = await run_in_threadpool(reported_lines.take, context(), uid, source, position, body)
        return {
            "position": taken.position,
            "state": taken.state.value,
            "stop_requested": taken.stop_requested,
            "problems": taken.problems,
        }

    @router.post("/runs/{uid}/files/{key}", openapi_extra=_PIECE)
    async def piece(uid: Uid, key: Key, position: Position, request: Request, sha256: Sum = "") -> dict[str, int]:
        """A piece of a file that a line will name, from a byte on; `position` in the answer is how far it is here."""
        body = await request.body()
        return {"position": await run_in_threadpool(_receive, context(), uid, key, position, body, sha256)}

    return router


def _receive(context: Context, uid: str, key: str, position: int, body: bytes, sha256: str) -> int:
    return receive_piece(context, reported_lines.by_uid(context, uid), key, position, body, sha256)


def _begin(context: Context, uid: str, body: Begun) -> dict[str, Any]:
    with context.workspace.read() as session:
        known = [run for run in db.runs.get_many(session, db.runs.find_ids(session, uid)) if run.uid == uid]
    if known and known[0].kind != LOGGED.name:
        raise StateError(f"Run {known[0].id} has the uid {uid}, and is trained by Traindeck itself.")
    told = logged.Logged(
        body.name,
        body.experiment,
        body.params,
        tuple(body.tags),
        notes=body.notes,
        uid=uid,
        began_at=body.began_at,
        facts={LISTENS: True},
    )
    run = known[0] if known else logged.begin(context, told)
    return {"number": run.id, "uid": run.uid, "name": run.name}
