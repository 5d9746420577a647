"""What there is to launch with: presets, hosts with their slots, and the queue."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, Field

from core import runs
from core.common.context import Context
from core.config.presets import PRESETS, Preset, get_preset
from core.system.hosts import Host, hosts, schema_version, versions
from core.web.bounds import Name
from core.web.rest.etags import answered
from core.web.rest.run_shapes import RunList, run_shape


class PresetShape(BaseModel):
    name: str
    summary: str
    config: dict[str, Any]


class Presets(BaseModel):
    presets: list[PresetShape]


class Card(BaseModel):
    """A GPU; memory in bytes, utilisation in percent, power in watts, temperature in degrees Celsius."""

    name: str
    memory_used: int
    memory_total: int
    utilisation: float | None
    power: float | None
    temperature: float | None


class Slot(BaseModel):
    """A place where one run can execute, and the run that does."""

    name: str
    run: int | None
    card: Card | None = Field(description="Of a GPU of the host that answers.")


class HostShape(BaseModel):
    name: str
    is_here: bool
    is_alive: bool
    trouble: str = Field(description='What is wrong and what to do, "" if nothing is.')
    standby: str = Field(description="off, warming or ready.")
    heartbeat_at: float | None
    slots: list[Slot]


class Hosts(BaseModel):
    hosts: list[HostShape]


class Server(BaseModel):
    """What answers here."""

    user: str
    schema_version: str
    versions: dict[str, str]


def host_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Presets and hosts"])

    @router.get("/presets", response_model=Presets)
    def list_presets() -> Response:
        """The configs to start from."""
        return answered(Presets(presets=list(map(_preset, PRESETS.values()))))

    @router.get("/presets/{name}", response_model=PresetShape)
    def read_preset(name: Annotated[Name, Path(examples=["digits-mlp"])]) -> Response:
        """One of them."""
        return answered(_preset(get_preset(name)))

    @router.get("/hosts", response_model=Hosts)
    def list_hosts() -> Response:
        """Hosts that a supervisor reported from, and this one; which runs are at which slots."""
        return answered(Hosts(hosts=list(map(_host, hosts(context().workspace)))))

    @router.get("/queue", response_model=RunList)
    def read_queue() -> Response:
        """Runs that are queued or have a process, first queued first."""
        return answered(RunList(runs=[run_shape(run) for run in runs.active(context())]))

    @router.get("/server", response_model=Server)
    def read_server() -> Response:
        """Who acts by what is sent to it, and its versions."""
        acting = context()
        schema = schema_version(acting.workspace)
        return answered(Server(user=acting.actor.name, schema_version=schema, versions=versions()))

    return router


def _preset(preset: Preset) -> PresetShape:
    return PresetShape(name=preset.name, summary=preset.summary, config=preset.raw)


def _host(host: Host) -> HostShape:
    slots = [
        Slot(
            name=slot.name,
            run=slot.run.id if slot.run else None,
            card=Card(**{name: getattr(slot.card, name) for name in Card.model_fields}) if slot.card else None,
        )
        for slot in host.slots
    ]
    return HostShape(
        name=host.name,
        is_here=host.is_here,
        is_alive=host.is_alive,
        trouble=host.trouble,
        standby=host.standby,
        heartbeat_at=host.record.heartbeat_at if host.record else None,
        slots=slots,
    )
