"""Run by the warm process: exports, as the worker makes them."""

import os
from typing import Any

from core.common.settings import Settings


def export(environment: dict[str, str], raws: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What came of each, one after the other."""
    from core.common.workspace import Workspace
    from core.jobs.export import Request
    from core.workers.export import answer
    from core.workers.work import Work

    os.environ.update(environment)
    work = Work(Workspace.open(Settings()))
    return [answer(work, Request.model_validate(raw)).model_dump(mode="json") for raw in raws]


def export_of_a_deleted(environment: dict[str, str], raw: dict[str, Any]) -> str:
    """What is told where the version is deleted while it is exported."""
    from core import models
    from core.common.context import Actor, Context
    from core.common.workspace import Workspace
    from core.jobs.export import Request
    from core.workers.export import answer
    from core.workers.work import Work

    os.environ.update(environment)
    workspace, asked = Workspace.open(Settings()), Request.model_validate(raw)
    name, _, number = asked.reference.partition("@")

    def delete(_: object) -> None:
        if models.get(context, name).versions:
            models.delete_version(context, name, int(number))

    context = Context(workspace, Actor(asked.actor, asked.actor_kind))
    return answer(Work(workspace, delete), asked).problem
