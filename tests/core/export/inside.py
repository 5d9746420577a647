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
