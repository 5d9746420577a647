"""The runs of a cross-validation: those of one config that differ in fold and seed alone, and the folds that lack."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.common.context import Context
from core.common.errors import ConfigError, Problem
from core.config.edit import with_values
from core.runs.data_names import is_repeat, without_repeat
from core.runs.highlights import may_count
from core.runs.kinds import NETWORK
from core.runs.launching import Draft, create
from core.runs.reading import get, listing
from core.runs.results import params
from core.runs.specs import need_spec
from db.listing import RunQuery
from db.records import RunRecord

MOST_SIBLINGS = 2_000  # runs of an experiment that are looked at, the newest
_FOLDS = "data.folds"


def siblings(context: Context, run: RunRecord) -> list[RunRecord]:
    """The run and those of its experiment that differ from it in seed and fold alone, oldest first."""
    query = RunQuery(experiments=(run.experiment,), limit=MOST_SIBLINGS)
    found = listing(context, query, search_for(params(context, [run.id], [_FOLDS]).get(run.id, {}))).runs
    return alike(run, found, params(context, [run.id, *(each.id for each in found)]))


def search_for(told: Mapping[str, str]) -> str:
    """What finds runs with as many folds, among others."""
    return f"{_FOLDS} = {told.get(_FOLDS) or 0}"


def alike(run: RunRecord, among: Sequence[RunRecord], told: Mapping[int, Mapping[str, str]]) -> list[RunRecord]:
    """The run and those of one experiment that differ from it in seed and fold alone, oldest first.

    Args:
        told: the params of all of them.
    """

    def shared(number: int) -> dict[str, str]:
        return {key: value for key, value in told.get(number, {}).items() if not is_repeat(key)}

    own = shared(run.id)
    found = {run.id: run} | {
        each.id: each
        for each in among
        if (each.experiment, each.kind) == (run.experiment, run.kind) and shared(each.id) == own
    }
    return [found[number] for number in sorted(found)]


def with_folds(context: Context, runs: Sequence[RunRecord], wanted: Sequence[tuple[int, int]]) -> list[int]:
    """The runs of these folds, which none of `runs`, of one config, is: others of their experiment that are under way
    or ended with a result, and of the rest new ones, queued. Raises as `launch_folds`.
    """
    known, run = {each.id for each in runs}, runs[0]
    others = [each for each in siblings(context, run) if each.id not in known]
    able = [each.id for each in others if may_count(each)]
    told = params(context, able, ["seed", "data.fold"])
    there = {(told.get(each, {}).get("seed"), told.get(each, {}).get("data.fold")): each for each in able}
    found = [there[str(seed), str(fold)] for seed, fold in wanted if (str(seed), str(fold)) in there]
    lacking = [(seed, fold) for seed, fold in wanted if (str(seed), str(fold)) not in there]
    return [*found, *(launch_folds(context, run, lacking) if lacking else ())]


def launch_folds(context: Context, run: RunRecord, wanted: Sequence[tuple[int, int]]) -> list[int]:
    """Queue these folds of the run's cross-validation, given as seed and fold; returns the numbers of the runs.

    Raises:
        ForbiddenError
        SpecError: this version cannot read the config, or the run is of a kind without one.
        ConfigError: the config has no folds, or this version, or this host, does not accept it.
    """
    if run.kind != NETWORK.name or not (folds := need_spec(run).data.folds):
        raise ConfigError(
            [Problem("data.folds", "none are there; accepted is a run of a config with at least 2 folds")]
        )
    run = get(context, run.id)
    base = Draft(
        run.config, "", run.experiment, run.preset, parent_id=run.parent_id, tags=run.tags
    )  # fmt: skip
    name, seeds = without_repeat(run.name), {seed for seed, _ in wanted} != {need_spec(run).seed}
    made: list[int] = []
    for seed, fold in wanted:
        named = f"{name} · fold {fold + 1} of {folds}" + (f" · seed {seed}" if seeds else "")
        config = with_values(run.config, {"seed": seed, "data.fold": fold})
        made += create(context, replace(base, config=config, name=named))
    return made
