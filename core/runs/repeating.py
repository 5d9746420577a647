"""The same config with further seeds: what it takes to be surer of a difference."""

import statistics
from collections.abc import Sequence

from core.common.context import Context
from core.common.errors import ConfigError, Problem
from core.config.edit import with_values
from core.runs.data_names import without_repeat
from core.runs.highlights import WITH_RESULT
from core.runs.kinds import NETWORK, SCRIPT
from core.runs.launching import Draft, create
from core.runs.script_launching import create_script, script_spec
from core.runs.specs import need_spec
from core.scripts.check_script import look_up
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
    if runs[0].kind == SCRIPT.name:
        return _of_script(context, runs, count)
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


def can_repeat(runs: Sequence[RunRecord]) -> bool:
    """Whether Traindeck can launch them again: not what a client reports, or what came from elsewhere."""
    return {run.kind for run in runs} <= {NETWORK.name} or {run.kind for run in runs} <= {SCRIPT.name}


def usual_seconds(runs: Sequence[RunRecord]) -> float | None:
    """How long one of them took, from its start to its end: the median; None where none has ended with a result."""
    found = [
        max(run.trained_seconds, run.finished_at - run.starting_at)
        for run in runs
        if run.state in WITH_RESULT and run.starting_at is not None and run.finished_at is not None
    ]
    return statistics.median(found) if found else None


def _of_script(context: Context, runs: Sequence[RunRecord], count: int) -> list[int]:
    first, specs = runs[0], [spec for run in runs if (spec := script_spec(run)) is not None]
    name = look_up(specs[0], context.workspace.settings).reading.seed if specs else ""
    if not name:
        raise ConfigError([Problem("seeds", "the script has no parameter that seeds it, such as --seed")])
    seed = max(int(spec.arguments.get(name) or 0) for spec in specs) + 1
    code = first.facts.get("code")
    draft = Draft(
        {**first.config, "arguments": {**specs[0].arguments, name: seed}},
        without_repeat(first.name) + (f" · seed {seed}" if count == 1 else ""), first.experiment,
        parent_id=first.parent_id, tags=first.tags, facts={"code": code} if isinstance(code, dict) else {},
    )  # fmt: skip
    return create_script(context, draft, count)
