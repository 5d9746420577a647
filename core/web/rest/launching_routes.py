"""POST /runs: new runs, from a preset, a config, a data set, a script or another run."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from core import runs
from core.common.context import Context
from core.runs.asked_runs import AskedRuns, launch, problems_of
from core.web.rest.etags import answered
from core.web.rest.idempotency import Key, once
from core.web.rest.problem_answers import ProblemField
from core.web.rest.run_reference import Data, Label, Notes, Reference, Whole, run_named
from core.web.rest.run_shapes import RunList, run_shape

_EXAMPLE: JsonDict = {"preset": "digits-mlp", "set": {"training.epochs": 3}, "experiment": "first steps", "seeds": 2}


class NewRuns(BaseModel):
    """What to begin from (one of preset, dataset, config, script and clone), what is different, what it is called."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    preset: Label | None = Field(None, description="The name of one of /presets.")
    dataset: Label | None = Field(None, description="A data set's name: a network that suits it.")
    config: Data | None = Field(None, description="Of a network, as the Launch page downloads it.")
    script: Data | None = Field(
        None,
        description='Of a script, in an allowed folder: {"project": {"folder": …}, "entry": "a.py", "arguments": {}}.',
    )
    clone: Annotated[str, Field(pattern=r"^([1-9][0-9]{0,8}|[0-9a-f]{32})$")] | None = Field(
        None, description="A run's number or uid, whose config, experiment and tags are taken."
    )
    set: Data = Field({}, description='By dotted path: {"training.epochs": 3}.')
    name: Label = ""
    experiment: Label = ""
    tags: list[Label] | None = Field(None, max_length=100)
    notes: Notes = ""
    seeds: Whole = Field(1, description="So many runs, each with the next seed.")
    all_folds: bool = Field(False, description="Cross-validation: a run for each fold.")


class Checked(BaseModel):
    """Whether it could be launched, and if not, everything that is wrong, at its field."""

    accepted: bool
    config: dict[str, Any]
    problems: list[ProblemField]


def launching_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Launching"])

    @router.post("/runs", status_code=201, response_model=RunList)
    def launch_runs(asked: NewRuns, key: Key = None) -> Response:
        """Queue a run, or one for each seed and fold; 422 tells every problem at its field."""
        acting = context()

        def carry_out(request: str) -> Response:
            created = launch(acting, _asked(acting, asked, request))
            return _launched(acting, created)

        return once(acting, key, f"POST /runs {asked.model_dump_json()}", carry_out)

    @router.post("/runs/check", response_model=Checked)
    def check_runs(asked: NewRuns) -> Response:
        """What POST /runs would say, without launching anything."""
        acting = context()
        config, problems = problems_of(acting, _asked(acting, asked, ""))
        told = [ProblemField(field=each.field, message=each.message) for each in problems]
        return answered(Checked(accepted=not problems, config=config, problems=told))

    @router.post("/runs/{run}/relaunch", status_code=201, response_model=RunList)
    def relaunch_run(run: Reference, key: Key = None) -> Response:
        """The same again, in the same experiment."""
        acting = context()

        def carry_out(request: str) -> Response:
            asked = AskedRuns(clone=run_named(acting, run), once=request)
            return _launched(acting, launch(acting, asked))

        return once(acting, key, f"POST /runs/{run}/relaunch", carry_out)

    return router


def _asked(context: Context, body: NewRuns, request: str) -> AskedRuns:
    return AskedRuns(
        preset=body.preset,
        dataset=body.dataset,
        config=body.config,
        script=body.script,
        clone=None if body.clone is None else run_named(context, body.clone),
        changes=body.set,
        name=body.name,
        experiment=body.experiment,
        tags=None if body.tags is None else tuple(body.tags),
        notes=body.notes,
        seeds=body.seeds,
        all_folds=body.all_folds,
        once=request,
    )


def _launched(context: Context, created: list[int]) -> Response:
    found = runs.get_many(context, created)
    headers = {"Location": f"/api/v1/runs/{created[0]}"}
    return answered(RunList(runs=[run_shape(run) for run in found]), 201, headers=headers)
