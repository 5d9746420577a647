"""The config of a run that trains a network, read: the only place that reads it, for its runner, form and views."""

from core.common.errors import ConfigError, TraindeckError
from core.common.settings import Settings
from core.config.check import check, read
from core.config.run import RunConfig
from core.runs.kinds import NETWORK
from db.records import RunRecord

_TOLD = 5  # problems in the sentence


class SpecError(TraindeckError):
    """The run is of another kind, or its config is of another version, and what is asked for needs to read it."""


def spec(run: RunRecord) -> RunConfig | None:
    """What the run is to do; None where it trains no network, or its config is none that this version can read."""
    return read(run.config)[0] if run.kind == NETWORK.name else None


def spec_problem(run: RunRecord) -> str:
    """Why `spec` gives None, in words for people; "" when it does not."""
    if run.kind != NETWORK.name:
        return f"Run {run.id} is of kind {run.kind[:60]!r}, which has no config of a network."
    config, problems = read(run.config)
    if config is not None:
        return ""
    told = "; ".join(map(str, problems[:_TOLD]))
    more = f"; and {len(problems) - _TOLD} more" if len(problems) > _TOLD else ""
    return (
        f"The config of run {run.id} is of another version of Traindeck: {told}{more}. Download it from the run's "
        "page, put it right, and launch it."
    )


def need_spec(run: RunRecord) -> RunConfig:
    """Raises SpecError where `spec` gives None."""
    config = spec(run)
    if config is None:
        raise SpecError(spec_problem(run))
    return config


def checked_spec(run: RunRecord, settings: Settings) -> RunConfig:
    """For the one who is about to train it.

    Raises:
        SpecError: it cannot be read.
        ConfigError: it cannot be trained on this host, with everything that is wrong.
    """
    config = need_spec(run)
    _, problems = check(run.config, settings)
    if problems:
        raise ConfigError(problems)
    return config
