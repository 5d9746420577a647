"""The fields of a run that a search knows by itself, beside the params and metrics that runs have."""

from dataclasses import dataclass
from typing import Literal

from core.common.text import quoted, suggestion
from db.records import ACTIVE_STATES, RunState

Shape = Literal["text", "set", "state", "number", "duration", "time"]


@dataclass(frozen=True)
class Field:
    """One field. Of a "set" a run has any number, or a name that is compared as a whole."""

    name: str
    shape: Shape
    about: str
    others: tuple[str, ...] = ()  # what else it is called, there or elsewhere

    @property
    def operators(self) -> tuple[str, ...]:
        if self.shape in ("text", "set"):
            return ("=", "!=", "~", "!~")
        return ("=", "!=") if self.shape == "state" else ("=", "!=", "<", "<=", ">", ">=")

    @property
    def offered(self) -> tuple[str, ...]:
        """Operators that may come behind it, sets of values among them where they make sense."""
        return (*self.operators, *(("in",) if self.shape in ("set", "state", "number") else ()), "is missing")

    @property
    def is_ordered(self) -> bool:
        return self.shape in ("number", "duration", "time")


FIELDS = (
    Field("name", "text", "the run's name", ("run_name", "display_name", "title")),
    Field("id", "number", "its number", ("run", "run_id", "number")),
    Field("state", "state", "queued, running, finished, failed, …", ("status",)),
    Field("experiment", "set", "the experiment it is in", ("exp", "project", "experiment_name")),
    Field("dataset", "set", "the data set it learned from", ("data", "data_set", "data.dataset")),
    Field("tag", "set", "any of its tags", ("tags", "label", "labels")),
    Field("notes", "text", "its notes", ("note", "description")),
    Field("preset", "set", "what its config started from"),
    Field("user", "set", "who launched it", ("who", "by", "author", "created_by", "owner", "username")),
    Field("duration", "duration", "how long it trained", ("runtime", "trained")),
    Field("created", "time", "when it was launched", ("created_at", "date", "launched")),
    Field("started", "time", "when its process began", ("start_time", "starting_at", "started_at")),
    Field("ended", "time", "when it came to rest", ("end_time", "finished_at", "ended_at")),
    Field("host", "set", "the machine it ran on", ("machine",)),
    Field("reason", "text", "why it ended so", ("error",)),
    Field("parent", "number", "the number of the run it came from"),
)
_BY_NAME = {name: field for field in FIELDS for name in (field.name, *field.others)}
_BEFORE = ("attributes.", "attribute.", "attr.", "run.")  # as MLflow has it

_SEVERAL: dict[str, tuple[RunState, ...]] = {
    "active": ACTIVE_STATES,
    "ended": tuple(state for state in RunState if state.is_finished),
}
_STATES = {
    **{state.value: (state,) for state in RunState},
    **_SEVERAL,
    **dict.fromkeys(("pending", "scheduled", "waiting"), (RunState.QUEUED,)),
    **dict.fromkeys(("completed", "complete", "done", "success", "succeeded"), (RunState.FINISHED,)),
    **dict.fromkeys(("killed", "cancelled", "canceled", "aborted"), (RunState.STOPPED,)),
    **dict.fromkeys(("error", "crashed", "errored"), (RunState.FAILED, RunState.LOST)),
}


def field_named(key: str) -> Field | None:
    """By its name or another, letter case ignored; None where it has to be a param or a metric."""
    wanted = key.lower()
    for prefix in _BEFORE:
        wanted = wanted.removeprefix(prefix)
    return _BY_NAME.get(wanted)


def states_named(text: str) -> tuple[RunState, ...]:
    """All that are meant, by our word or another tool's. Raises ValueError, with those that there are."""
    found = _STATES.get(text.strip().lower())
    if found is None:
        known = [state.value for state in RunState]
        raise ValueError(
            f"no state is called {quoted(text, 40)}{suggestion(text, known)}; states are {', '.join(known)}, "
            "and active and ended for several of them"
        )
    return found
