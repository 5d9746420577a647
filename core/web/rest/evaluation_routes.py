"""/runs/…/evaluation: have a network judged on its test set that was not judged at its run's end."""

from collections.abc import Callable
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from core import runs
from core.common.context import Context
from core.common.errors import NotFoundError
from core.evaluation import report_files
from core.jobs import evaluation, prediction
from core.models import making
from core.web.rest.etags import answered
from core.web.rest.run_reference import Label, Reference, run_named
from core.web.rest.run_shapes import Number, finite
from db.records import RunRecord

Pixel = Annotated[float, Field(ge=-1e6, le=1e6)]


class Judging(BaseModel):
    """All of it is about a network that a script or client kept; of one that Traindeck trained, nothing is asked."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"like": "data:digits"}]})

    like: Label = Field(
        "", description="Whose inputs it takes: a run, MODEL@VERSION or data:NAME; when empty, as it said."
    )
    pixels: tuple[Pixel, Pixel] | None = Field(None, description="Least and greatest that it learned from.")
    logits: bool = Field(False, description="What it gives are no probabilities yet.")


class Evaluation(BaseModel):
    """How far it is, and what came of it."""

    run: int
    state: Literal["none", "waiting", "running", "done", "failed"]
    told: str = Field("", description="What is being done, or why there is none.")
    share: float | None = Field(None, description="How much of it is done, 0 to 1, where that is known.")
    metrics: dict[str, Number] = Field({}, description="On the test set, once it is done.")
    step: int = Field(0, description="Of the checkpoint, where that is known.")
    epoch: float | None = None
    report: str = Field("", description="Where the whole report is read, once there is one.")


def evaluation_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Runs"])

    @router.post("/runs/{run}/evaluation", status_code=202, response_model=Evaluation)
    def evaluate_run(run: Reference, judging: Judging | None = None) -> Response:
        """Have a run at rest evaluated by its best checkpoint, or the network that a script kept; again, too.

        It is done by the host's standby, once for all who ask. GET says how far it is.
        """
        acting = context()
        found = run_named(acting, run)
        asked = judging or Judging()
        if asked.like:
            making.check_like(acting, asked.like)
        how: dict[str, Any] = {"pixels": asked.pixels} if asked.pixels else {}
        how |= {"logits": True} if asked.logits else {}
        evaluation.request(acting, found, asked.like, **how)  # which refuses before an older result is forgotten
        evaluation.take(acting, found)
        evaluation.ask(acting, found, asked.like, **how)
        return answered(_now(acting, found), 202, headers={"Location": f"/api/v1/runs/{found.id}/evaluation"})

    @router.get("/runs/{run}/evaluation", response_model=Evaluation)
    def read_evaluation(run: Reference) -> Response:
        """`none` of a run that was not evaluated: `told` says why it cannot be, nothing where it can."""
        acting = context()
        return answered(_now(acting, run_named(acting, run)))

    return router


def _now(context: Context, run: RunRecord) -> Evaluation:
    done = evaluation.look(context, run)
    if done is None and evaluation.is_asked(context, run):
        told, share = evaluation.progress(context, run)
        state: Literal["running", "waiting"] = "running" if told else "waiting"
        return Evaluation(run=run.id, state=state, told=told or prediction.standby_state(context), share=share)
    if done is not None and done.problem:
        return Evaluation(run=run.id, state="failed", told=done.problem)
    settings = context.workspace.settings
    try:
        report = report_files.read_report(settings, run.id)
    except NotFoundError:
        return Evaluation(run=run.id, state="none", told=evaluation.why_not(context, run))
    inside = f"{report_files.folder(settings, run.id).name}/{report_files.REPORT}"
    names = [each.name for each in runs.artifacts(context, run.id) if each.path == inside]
    checkpoint = {"step": done.step, "epoch": done.epoch} if done is not None else {}
    return Evaluation(
        run=run.id,
        state="done",
        **checkpoint,
        told=" ".join(report.notices),
        metrics={name: finite(value) for name, value in report.metrics().items()},
        report=f"/api/v1/runs/{run.id}/artifacts/{quote(names[0])}" if names else "",
    )
