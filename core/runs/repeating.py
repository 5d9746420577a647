"""The same config with further seeds: what it takes to be surer of a difference."""

import itertools
import statistics
from collections.abc import Collection, Iterator, Sequence

from core.common.context import Context
from core.common.errors import ConfigError, Problem
from core.config.edit import with_values
from core.runs.data_names import without_repeat
from core.runs.highlights import WITH_RESULT
from core.runs.kinds import NETWORK, SCRIPT
from core.runs.launching import Draft, create
from core.runs.same_config import others_of
from core.runs.script_launching import create_script, script_spec
from core.runs.specs import need_spec
from core.scripts.check_script import look_up
from db.records import RunRecord, RunState
from db.sweep_records import RunNow

_WITHOUT = (RunState.FAILED, RunState.LOST)  # states of runs that have not made use of their seed


def more_seeds(context: Context, runs: Sequence[RunRecord], count: int) -> list[int]:
    """Queue the config of these runs, which differ in seed and fold alone, with so many seeds more.

    As `more_of_each`, of one.
    """
    return more_of_each(context, [(runs, count)])


def more_of_each(context: Context, sides: Sequence[tuple[Sequence[RunRecord], int]]) -> list[int]:
    """Queue several configs with so many seeds more of each: the same seeds, so that they are pairs.

    Seeds that one of them has are run with the others first. Further ones count up from the highest, and pass over
    those of any run of these configs that the store has. Of a cross-validation all folds are run with each.

    Args:
        sides: of each config its runs, with their configs, and how many seeds.

    Raises:
        ForbiddenError
        SpecError: this version cannot read the config, or the runs are of a kind without one.
        ConfigError: this version, or this host, does not accept it.
    """
    if not all(runs for runs, _ in sides):
        raise ConfigError([Problem("runs", "none was named; accepted are runs of one config")])
    names = [_script_seed(context, runs) if runs[0].kind == SCRIPT.name else "" for runs, _ in sides]
    shown = [{_seed(run, name) for run in runs} for (runs, _), name in zip(sides, names, strict=True)]
    used = [
        {_seed(run, name) for run in others_of(context, runs) if run.state not in _WITHOUT}
        for (runs, _), name in zip(sides, names, strict=True)
    ]
    wanted = further(shown, used, [count for _, count in sides])
    made: list[int] = []
    for (runs, _), name, seeds in zip(sides, names, wanted, strict=True):
        for begin, count in _stretches(seeds):
            made += _of_script(context, runs, name, begin, count) if name else _of_network(context, runs, begin, count)
    return made


def further(
    shown: Sequence[Collection[int]], used: Sequence[Collection[int]], counts: Sequence[int]
) -> list[list[int]]:
    """So many seeds for each of several configs, given those that their runs have and that others of theirs have."""
    every = {seed for known in (*shown, *used) for seed in known}
    found = []
    for own, elsewhere, count in zip(shown, used, counts, strict=True):
        pairs = sorted({seed for known in shown for seed in known} - set(own) - set(elsewhere))
        free = (seed for seed in itertools.count(max(itertools.chain(*shown), default=-1) + 1) if seed not in every)
        found.append(list(itertools.islice(itertools.chain(pairs, free), count)))
    return found


def can_repeat(runs: Sequence[RunRecord]) -> bool:
    """Whether Traindeck can launch them again: not what a client reports, or what came from elsewhere."""
    return {run.kind for run in runs} <= {NETWORK.name} or {run.kind for run in runs} <= {SCRIPT.name}


def usual_seconds(runs: Sequence[RunRecord | RunNow]) -> float | None:
    """How long one of them took, from its start to its end: the median; None where none has ended with a result."""
    found = [
        max(run.trained_seconds, run.finished_at - run.starting_at)
        for run in runs
        if run.state in WITH_RESULT and run.starting_at is not None and run.finished_at is not None
    ]
    return statistics.median(found) if found else None


def _stretches(seeds: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Seeds that count up without a gap: the first, and how many."""
    for _, members in itertools.groupby(enumerate(sorted(seeds)), key=lambda item: item[1] - item[0]):
        together = [seed for _, seed in members]
        yield together[0], len(together)


def _seed(run: RunRecord, name: str) -> int:
    """Of a script by the `name` of its parameter."""
    if run.kind != SCRIPT.name:
        return int(need_spec(run).seed)
    spec = script_spec(run)
    return int(spec.arguments.get(name) or 0) if spec else 0


def _script_seed(context: Context, runs: Sequence[RunRecord]) -> str:
    """What its script calls the seed."""
    spec = next((spec for run in runs if (spec := script_spec(run)) is not None), None)
    name = look_up(spec, context.workspace.settings).reading.seed if spec else ""
    if not name:
        raise ConfigError([Problem("seeds", "the script has no parameter that seeds it, such as --seed")])
    return name


def _of_network(context: Context, runs: Sequence[RunRecord], seed: int, count: int) -> list[int]:
    first, all_folds = runs[0], len({need_spec(run).data.fold for run in runs}) > 1
    changes = {"seed": seed} | ({"data.fold": 0} if all_folds else {})
    name = without_repeat(first.name) + (f" · seed {seed}" if count == 1 and not all_folds else "")
    draft = Draft(
        with_values(first.config, changes), name, first.experiment, first.preset,
        parent_id=first.parent_id, tags=first.tags, all_folds=all_folds,
    )  # fmt: skip
    return create(context, draft, count)


def _of_script(context: Context, runs: Sequence[RunRecord], name: str, seed: int, count: int) -> list[int]:
    first = runs[0]
    spec = next(spec for run in runs if (spec := script_spec(run)) is not None)
    code = first.facts.get("code")
    draft = Draft(
        {**first.config, "arguments": {**spec.arguments, name: seed}},
        without_repeat(first.name) + (f" · seed {seed}" if count == 1 else ""), first.experiment,
        parent_id=first.parent_id, tags=first.tags, facts={"code": code} if isinstance(code, dict) else {},
    )  # fmt: skip
    return create_script(context, draft, count)
