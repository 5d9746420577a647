"""Sweeps whose runs end as a test says, without a trainer."""

import time
from collections.abc import Callable
from typing import Any

import pytest

import db.leases
import db.runs
from core.common.context import Context
from core.config.edit import Raw
from core.sweeps import managing
from db.records import TRAINER, Lease, RunState

Begin = Callable[..., int]
End = Callable[..., None]


@pytest.fixture
def begin(context: Context, raw_config: Raw) -> Begin:
    """`begin(fields=["training.batch_size=8,16"], method="random", …)`: a sweep; returns its number."""
    from core.sweeps.asked_sweep import fields_of

    def go(fields: list[str] | None = None, earlier: tuple[int, ...] = (), **definition: Any) -> int:
        texts = fields or ["training.optimizer.learning_rate=1e-4..1e-1:log"]
        varied = [varied.model_dump(mode="json") for varied in fields_of(texts)]
        values = {"base": raw_config, "fields": varied, "method": "random", "budget": {"trials": 5}, **definition}
        return managing.start(context, values, "", earlier)

    return go


@pytest.fixture
def end(context: Context) -> End:
    """`end(run, [0.5, 0.4], state=…)`: the run has recorded these values of val_loss, and is at rest if said so."""

    def go(
        run_id: int,
        values: list[float],
        state: RunState | None = RunState.FINISHED,
        metric: str = "val_loss",
        data: str = "",
        reason: str = "",
    ) -> None:
        from core.tracking.recorder import Recorder

        with context.workspace.write() as session:
            run = db.runs.get(session, run_id)
            assert run is not None
            if run.state is RunState.QUEUED:
                lease = db.leases.grant(session, run, "here", ["cpu:0"], time.time())
                assert lease is not None
                db.leases.begin(session, lease, time.time(), 0, total_steps=100, steps_per_epoch=10)
            else:
                lease = Lease(run.id, run.attempt)
        recorder = Recorder(context.workspace, run_id, lease)
        for step, value in enumerate(values, start=1):
            recorder.log({"val_loss": value}, step * 10)
        recorder.flush()
        if data:  # the fingerprint of what it learned from
            with context.workspace.write() as session:
                db.leases.put_facts(session, lease, {"data_fingerprint": data})
        if state is not None:
            with context.workspace.write() as session:
                db.leases.end(session, lease, state, reason, time.time(), actor=TRAINER)

    return go
