"""The same config with further seeds: what it takes to be surer of a difference."""

from collections.abc import Sequence

from core.common.context import Context
from core.common.errors import ConfigError, Problem
from core.config.edit import with_values
from core.runs.data_names import without_repeat
from core.runs.launching import Draft, create
from core.runs.specs import need_spec
from db.records import RunRecord


def more_seeds(context: Context, runs: Sequence[RunRecord], count: int) -> list[int]:
    """Queue the config of these runs, which differ in seed and fold alone, with so many seeds more.

    They count up from the highest seed there is; of a cross-validation all folds are run with each.

    Raises:
        ForbiddenError
        SpecError: this version cannot read the config, or the runs are of a kind without one.
        ConfigError: this version, or this host, does not accept it.
    """
    if not runs:
        raise ConfigError([Problem("runs", "none was named; accepted are runs of one config")])
    configs = [need_spec(run) for run in runs]
    first, all_folds = runs[0], len({config.data.fold for config in configs}) > 1
    seed = max(config.seed for config in configs) + 1
    changes = {"seed": seed} | ({"data.fold": 0} if all_folds else {})
    name = without_repeat(first.name) + (f" · seed {seed}" if count == 1 and not all_folds else "")
    draft = Draft(
        with_values(first.config, changes), name, first.experiment, first.preset,
        parent_id=first.parent_id, tags=first.tags, all_folds=all_folds,
    )  # fmt: skip
    return create(context, draft, count)
