"""/models: trained models, their versions, and the names that point at these."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from core import models
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.text import quoted
from core.models import ModelRecord, Stage, VersionRecord
from core.web.bounds import RunNumber
from core.web.rest.etags import answered
from core.web.rest.idempotency import Key, once
from core.web.rest.run_reference import Notes, run_named

Called = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Alias = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", examples=["champion"])]


class Version(BaseModel):
    number: int
    model: str
    run: int = Field(description="That it was made of, which may be gone.")
    run_uid: str
    run_name: str
    experiment: str
    checkpoint: str
    stage: Stage
    aliases: list[str]
    note: str
    metrics: dict[str, Any]
    size: int
    sha256: str
    host: str
    created_by: str
    created_at: float


class VersionFacts(Version):
    card: str = Field(description="Markdown.")
    config: dict[str, Any]
    facts: dict[str, Any]
    network: str = Field(description="Where the network's file is read.")


class Model(BaseModel):
    name: str
    description: str
    aliases: dict[str, int] = Field(description="Numbers of versions by name.")
    versions: list[Version]
    created_by: str
    created_at: float


class Models(BaseModel):
    models: list[Model]


class NewVersion(BaseModel):
    """A checkpoint of a run at rest becomes a version."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"run": "1", "checkpoint": "best"}]})

    run: Annotated[str, Field(pattern=r"^([1-9][0-9]{0,8}|[0-9a-f]{32})$", description="Its number or uid.")]
    checkpoint: Literal["best", "last"] = "best"
    note: Notes = ""
    description: Notes = Field("", description="Of the model, where it is a new one.")
    aliases: list[Annotated[str, Field(max_length=64)]] = Field([], max_length=20)


class Pointed(BaseModel):
    """What the alias points at from now on; `approval`: why, though the version does not pass the alias's gate."""

    model_config = ConfigDict(extra="forbid")

    version: RunNumber
    approval: Notes = ""


def registry_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Models"])

    @router.get("/models", response_model=Models)
    def list_models() -> Response:
        """All models, the one with the newest version first."""
        return answered(Models(models=list(map(_model, models.listing(context())))))

    @router.get("/models/{name}", response_model=Model)
    def read_model(name: Called) -> Response:
        """One of them, with its versions, the newest first."""
        return answered(_model(models.get(context(), name)))

    @router.get("/models/{name}/versions/{version}", response_model=VersionFacts)
    def read_version(name: Called, version: Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]) -> Response:
        """A version by its number or alias."""
        found = models.named(models.get(context(), name), version)
        network = f"/api/models/{name}/versions/{found.number}/network"
        more = {"card": models.shown_card(found), "config": found.config, "facts": found.facts, "network": network}
        return answered(VersionFacts(**_version(found).model_dump(), **more))

    @router.post("/models/{name}/versions", status_code=201, response_model=Version)
    def register_version(name: Called, new: NewVersion, key: Key = None) -> Response:
        """The next version of a model, which is made where there is none of this name."""
        acting = context()

        def carry_out(_request: str) -> Response:
            run = run_named(acting, new.run)
            words = {"note": new.note, "description": new.description}
            made = models.register(acting, run, name, new.checkpoint, **words, aliases=new.aliases)
            return answered(_version(made), 201, headers={"Location": f"/api/v1/models/{name}/versions/{made.number}"})

        return once(acting, key, f"POST /models/{name}/versions {new.model_dump_json()}", carry_out)

    @router.put("/models/{name}/aliases/{alias}", response_model=Model)
    def point_alias(name: Called, alias: Alias, pointed: Pointed) -> Response:
        """Have a name point at a version."""
        acting = context()
        version = models.named(models.get(acting, name), str(pointed.version))
        models.point(acting, version, alias, pointed.approval)
        return answered(_model(models.get(acting, name)))

    @router.delete("/models/{name}/aliases/{alias}", response_model=Model)
    def drop_alias(name: Called, alias: Alias) -> Response:
        """Have a name point at no version."""
        acting = context()
        if alias not in models.get(acting, name).aliases:
            raise NotFoundError(f"Model {name} has no alias {quoted(alias)}.")
        models.drop_alias(acting, name, alias)
        return answered(_model(models.get(acting, name)))

    return router


_SAME = (
    *("number", "model", "run_uid", "run_name", "experiment", "checkpoint", "stage", "note", "metrics", "size"),
    *("sha256", "host", "created_by", "created_at"),
)


def _version(found: VersionRecord) -> Version:
    known = {name: getattr(found, name) for name in _SAME}
    return Version(**known, run=found.run_id, aliases=list(found.aliases))


def _model(found: ModelRecord) -> Model:
    return Model(
        name=found.name,
        description=found.description,
        aliases={alias: version.number for alias, version in found.aliases.items()},
        versions=list(map(_version, found.versions)),
        created_by=found.created_by,
        created_at=found.created_at,
    )
