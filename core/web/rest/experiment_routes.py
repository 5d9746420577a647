"""/experiments: named groups of runs."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core import runs
from core.common.context import Context
from core.runs import experiment_changes
from core.runs.labels import MAX_NAME, label_problems
from core.web.rest.etags import IfMatch, answered, require_match
from core.web.rest.run_reference import Label
from db.experiments import ExperimentRecord

Key = Annotated[int, Path(ge=1, lt=2**31)]


def _one_line(text: str) -> str:
    if problems := label_problems("name", text):
        raise ValueError(problems[0].message)
    if not text.strip():
        raise ValueError("must not be empty")
    return text.strip()


Title = Annotated[Label, Field(min_length=1, max_length=MAX_NAME), AfterValidator(_one_line)]
Tags = Annotated[dict[Label, Annotated[Label, Field(max_length=5000)]], Field(max_length=100)]


class Experiment(BaseModel):
    id: int
    name: str
    runs: int = Field(description="Outside the trash.")
    created_at: float
    updated_at: float | None
    trashed_at: float | None
    tags: dict[str, str]


class Experiments(BaseModel):
    experiments: list[Experiment]


class NewExperiment(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "digits"}]})

    name: Title
    tags: Tags = {}


class ExperimentChange(BaseModel):
    """What is left out stays as it is; a tag that is null is removed."""

    model_config = ConfigDict(extra="forbid")

    name: Title | None = None
    tags: Annotated[dict[Label, Label | None], Field(max_length=100)] = {}


def experiment_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Experiments"])

    @router.get("/experiments", response_model=Experiments)
    def list_experiments() -> Response:
        """All of them, also those in the trash."""
        acting = context()
        counts = runs.experiments(acting)
        found = [_shape(each, counts) for each in experiment_changes.every(acting)]
        return answered(Experiments(experiments=found))

    @router.post("/experiments", status_code=201, response_model=Experiment)
    def create_experiment(new: NewExperiment) -> Response:
        """An empty one, which stays though nothing runs in it; 409 where there is one of this name."""
        acting = context()
        made = experiment_changes.create(acting, new.name, tags=new.tags)
        return _answer(acting, made.id, 201)

    @router.get("/experiments/{key}", response_model=Experiment)
    def read_experiment(key: Key) -> Response:
        """One of them, by its number."""
        return _answer(context(), key)

    @router.patch("/experiments/{key}", response_model=Experiment)
    def change_experiment(key: Key, change: ExperimentChange, if_match: IfMatch = None) -> Response:
        """Another name, other tags."""
        acting = context()
        require_match(if_match, _answer(acting, key))
        if change.name is not None:
            experiment_changes.rename(acting, key, change.name)
        if change.tags:
            kept = {name: value for name, value in change.tags.items() if value is not None}
            experiment_changes.put_tags(acting, key, kept, set(change.tags) - set(kept))
        return _answer(acting, key)

    @router.delete("/experiments/{key}", response_model=Experiment)
    def trash_experiment(key: Key, if_match: IfMatch = None) -> Response:
        """Into the trash, with its runs; 409 where some are active."""
        acting = context()
        require_match(if_match, _answer(acting, key))
        experiment_changes.trash(acting, key)
        return _answer(acting, key)

    @router.post("/experiments/{key}/restore", response_model=Experiment)
    def restore_experiment(key: Key) -> Response:
        """Out of the trash, with the runs that went there with it."""
        acting = context()
        experiment_changes.restore(acting, key)
        return _answer(acting, key)

    return router


def _answer(context: Context, key: int, status: int = 200) -> Response:
    found = experiment_changes.get(context, key)
    return answered(_shape(found, runs.experiments(context)), status)


def _shape(found: ExperimentRecord, counts: dict[str, int]) -> Experiment:
    return Experiment(
        id=found.id,
        name=found.name,
        runs=counts.get(found.name, 0),
        created_at=found.created_at,
        updated_at=found.updated_at,
        trashed_at=found.deleted_at,
        tags=found.tags,
    )
