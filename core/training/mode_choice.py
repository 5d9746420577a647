"""The mode of execution, which may change while a run trains."""

from collections.abc import Callable
from typing import Any

from core.engine.choice import Choice
from core.engine.engine import Engine
from core.training.callbacks import Callback
from core.training.heartbeat import Heartbeat


class ModeChoice(Callback):
    """Lets the choice look at every call of the engine, and keeps what it has decided."""

    def __init__(
        self, choice: Choice, engine: Engine, heartbeat: Heartbeat, put_facts: Callable[[dict[str, Any]], None]
    ) -> None:
        self._choice = choice
        self._engine = engine
        self._heartbeat = heartbeat
        self._put_facts = put_facts

    def on_steps_end(self, step: int, left: int) -> None:
        self._heartbeat.waited = self._engine.waited  # for the telemetry
        if self._choice.consider(self._engine, left):
            self._put_facts(self._choice.facts(self._engine))
