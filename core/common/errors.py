"""Errors that a user is meant to read. Each says what was received, what is accepted and what to do next."""

from dataclasses import dataclass


class TraindeckError(Exception):
    """Base of every error whose text is written for the user; anything else is a bug."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a config: `field` is a dotted path ("training.epochs"), "" for the config as a whole."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class ConfigError(TraindeckError):
    """A config that cannot be run, with every problem found, not only the first; the text tells the first SHOWN."""

    SHOWN = 50

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in the config"
        left_out = [f"  and {len(problems) - self.SHOWN} more"] if len(problems) > self.SHOWN else []
        super().__init__("\n".join([count, *(f"  {problem}" for problem in problems[: self.SHOWN]), *left_out]))


class NotFoundError(TraindeckError):
    """A run, experiment, preset, metric or file that was asked for by name does not exist."""


class DataError(TraindeckError):
    """A data set that cannot be read: missing, corrupt, or of a shape that does not fit."""


class TooLargeError(DataError):
    """A file with more bytes than are taken."""


class StoreError(TraindeckError):
    """The workspace or its database cannot be used: read-only, full, broken, or newer than this code."""


class StoreFullError(StoreError):
    """The database cannot grow because its disk is full, which passes."""


class ForbiddenError(TraindeckError):
    """The one who asked for it may not do it; the text says whom to ask."""


class StateError(TraindeckError):
    """The action does not fit the state a run is in, such as resuming a run that is still training."""
