"""/sweeps: searches over configs, whose trials are runs."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

from core.common.context import Context
from core.common.errors import ConfigError, Problem
from core.runs.asked_runs import AskedRuns, begun
from core.sweeps import managing
from core.sweeps.asked_sweep import AskedSweep, definition_of
from core.sweeps.described import sweep_facts
from core.sweeps.sweep_goals import kinds_of
from core.sweeps.trials import view
from core.web.rest.etags import answered
from core.web.rest.idempotency import Key, once
from core.web.rest.run_reference import Amount, Data, Label, Whole, Words, run_named
from db.sweep_records import SweepRecord, SweepState

Number = Annotated[int, Path(ge=1, lt=2**31)]
_EXAMPLE: JsonDict = {
    "preset": "digits-mlp",
    "vary": ["training.optimizer.learning_rate=1e-4..1e-1:log"],
    "pruning": "asha",
    "trials": 20,
}


def _as_text(number: Any) -> Any:
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else number


_RunName = Annotated[str, BeforeValidator(_as_text), Field(pattern=r"^([1-9][0-9]{0,8}|[0-9a-f]{32})$")]


class SweepHead(BaseModel):
    id: int
    name: str
    state: str = Field(description="running, paused, finished or stopped.")
    reason: str
    created_by: str
    created_at: float
    finished_at: float | None
    method: str
    goals: list[str]
    kinds: list[str] = Field(description="Of each goal which value counts: best, of the best epoch, or last.")
    experiment: str = Field(description="Where its trials are; its first goal is what that is judged by.")


class SweepList(BaseModel):
    sweeps: list[SweepHead]


class Trial(BaseModel):
    number: int
    state: str = Field(description="queued, running, finished, pruned or failed.")
    params: dict[str, Any]
    values: list[float] | None = Field(description="Of each goal, the mean over its repeats.")
    runs: list[int]
    origin: str
    seconds: float
    note: str


class Sweep(BaseModel):
    """With its trials, and the configs that were confirmed on fresh seeds."""

    id: int
    name: str
    state: str
    reason: str
    created_by: str
    definition: dict[str, Any]
    seconds: float = Field(description="Of training, of all trials together.")
    best: int | None = Field(description="Number of the best trial by the first goal.")
    forecast: dict[str, Any] | None
    importance: Any
    confirmed: list[dict[str, Any]]
    trials: list[Trial]


class NewSweep(BaseModel):
    """A config to begin from (one of preset, dataset, config, script and clone), and what is searched."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    preset: Label | None = None
    dataset: Label | None = None
    config: Data | None = None
    script: Data | None = None
    clone: _RunName | None = Field(None, description="A run's number or uid: of a network, or of a script.")
    set: Data = Field({}, description="What is different in all trials, by dotted path.")
    vary: list[Words] = Field(
        min_length=1,
        max_length=100,
        description="FIELD=1e-4..1e-1:log, FIELD=32,64, of a list FIELD=1..3 of 16..256; @OTHER=VALUE may follow. "
        'A choice with a comma, an @ or .. in it stands in quotes: FIELD="a@b",c.',
    )
    goals: list[Label] = Field(["val_loss"], min_length=1, max_length=3, description="METRIC, METRIC:max, METRIC:last.")
    method: Label = "tpe"
    pruning: Label = Field("none", description="none, median, asha, hyperband or wilcoxon; asha:first=2,factor=4.")
    trials: Whole | None = None
    hours: Amount | None = None
    no_gain: Whole | None = None
    repeats: Whole = 1
    at_once: Whole = 1
    seed: Whole = 0
    name: Label = ""
    experiment: Label = ""
    tags: list[Label] = Field([], max_length=100)
    earlier: list[_RunName] = Field([], max_length=1000, description="Runs that count as trials.")


class SweepChange(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["running", "paused", "stopped"] | None = None
    trials: Whole | None = None
    hours: Amount | None = None
    no_gain: Whole | None = None
    at_once: Whole | None = None


class NewTrial(BaseModel):
    model_config = ConfigDict(extra="forbid")

    params: Data = Field({}, description="Of the fields that are varied; others are as in the base config.")


class Confirmation(BaseModel):
    model_config = ConfigDict(extra="forbid")

    best: Whole = Field(3, ge=1, le=20, description="So many of the best configs.")
    seeds: Whole = Field(5, ge=1, le=50, description="Seeds for each that the search has not seen.")


def sweep_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Sweeps"])

    @router.get("/sweeps", response_model=SweepList)
    def list_sweeps() -> Response:
        """All of them, the newest first."""
        return answered(SweepList(sweeps=[_head(each) for each in managing.listing(context())]))

    @router.post("/sweeps", status_code=201, response_model=Sweep)
    def start_sweep(asked: NewSweep, key: Key = None) -> Response:
        """Begin one; 422 tells every problem at its field, and then nothing was begun."""
        acting = context()

        def carry_out(_request: str) -> Response:
            earlier = [run_named(acting, each).id for each in asked.earlier]
            number = managing.start(acting, definition_of(_asked(acting, asked)), asked.name, earlier)
            return _answer(acting, number, 201, {"Location": f"/api/v1/sweeps/{number}"})

        return once(acting, key, f"POST /sweeps {asked.model_dump_json()}", carry_out)

    @router.get("/sweeps/{key}", response_model=Sweep)
    def read_sweep(key: Number) -> Response:
        """One of them, with its trials."""
        return _answer(context(), key)

    @router.patch("/sweeps/{key}", response_model=Sweep)
    def change_sweep(key: Number, change: SweepChange) -> Response:
        """Pause it, let it go on, stop it; give it more trials or hours, or more runs at once: all of it or nothing."""
        acting = context()
        _change(acting, key, change)
        return _answer(acting, key)

    @router.delete("/sweeps/{key}", status_code=204)
    def forget_sweep(key: Number) -> Response:
        """Forget one that is over; its runs stay."""
        managing.remove(context(), key)
        return Response(status_code=204)

    @router.post("/sweeps/{key}/trials", status_code=201, response_model=Sweep)
    def add_trial(key: Number, new: NewTrial) -> Response:
        """A trial by hand, queued at once."""
        acting = context()
        managing.add_trial(acting, key, new.params)
        return _answer(acting, key, 201)

    @router.post("/sweeps/{key}/confirm", status_code=201, response_model=Sweep)
    def confirm_sweep(key: Number, asked: Confirmation) -> Response:
        """Launch the best configs again on fresh seeds."""
        acting = context()
        managing.confirm(acting, key, asked.best, asked.seeds)
        return _answer(acting, key, 201)

    return router


def _change(acting: Context, key: int, change: SweepChange) -> None:
    given = change.model_dump(exclude_unset=True)
    state = given.pop("state", None)
    if nothing := [name for name, value in given.items() if value is None and name == "at_once"]:
        raise ConfigError([Problem(nothing[0], "must be a number")])
    managing.change(acting, key, None if state is None else SweepState(state), **given)


def _asked(context: Context, body: NewSweep) -> AskedSweep:
    sources = AskedRuns(
        preset=body.preset,
        dataset=body.dataset,
        config=body.config,
        script=body.script,
        clone=None if body.clone is None else run_named(context, body.clone),
        changes=body.set,
        experiment=body.experiment,
    )
    draft, kind = begun(context, sources)
    return AskedSweep(
        base=draft.config,
        vary=body.vary,
        kind=kind,
        preset=draft.preset,
        experiment=draft.experiment,
        goals=body.goals,
        method=body.method,
        pruning=body.pruning,
        trials=body.trials,
        hours=body.hours,
        no_gain=body.no_gain,
        repeats=body.repeats,
        at_once=body.at_once,
        seed=body.seed,
        tags=body.tags,
        facts=draft.facts,
    )


def _head(sweep: SweepRecord) -> SweepHead:
    told, kinds = sweep.definition, kinds_of(sweep)
    return SweepHead(
        id=sweep.id,
        name=sweep.name,
        state=sweep.state.value,
        reason=sweep.reason,
        created_by=sweep.created_by,
        created_at=sweep.created_at,
        finished_at=sweep.finished_at,
        method=str(told.get("method", "")),
        goals=[*kinds],
        kinds=[*kinds.values()],
        experiment=str(told.get("experiment", "")),
    )


def _answer(context: Context, key: int, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return answered(Sweep.model_validate(sweep_facts(view(context, key))), status, headers=headers)
