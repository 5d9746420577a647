"""The mode of execution, which may change while a run trains."""

import contextlib
from collections.abc import Callable
from typing import Any

from core.common.errors import StoreError
from core.engine.choice import Choice
from core.engine.engine import Engine
from core.training.callbacks import Callback
from core.training.heartbeat import Heartbeat


class ModeChoice(Callback):
    """Lets the choice look at every call of the engine, and keeps what it has decided."""

    def __init__(
        self, choice: Choice, engine: Engine, heartbeat: Heartbeat, put_facts: Callable[[dict[str, Any]], None]
    ) -> None:
        """`put_facts` stores them, or raises StoreError; it keeps them in any case, for the end of the run."""
        self._choice = choice
        self._engine = engine
        self._heartbeat = heartbeat
        self._put_facts = put_facts
        self._facts: dict[str, Any] = {}  # to be stored

    def on_steps_end(self, step: int, left: int) -> None:
        self._heartbeat.waited = self._engine.waited  # for the telemetry
        if self._choice.consider(self._engine, left):
            self._facts = self._choice.facts(self._engine)
        if self._facts and self._heartbeat.is_storing:  # else the training goes on, and stores them later
            with contextlib.suppress(StoreError):
                self._put_facts(self._facts)
                self._facts = {}
