"""New runs: drafts, checked and queued."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from core.common.context import Context
from core.common.errors import ConfigError, Problem
from core.config.check import check
from core.config.edit import Raw, dump
from core.config.run import RunConfig
from core.runs.compressing import in_words
from core.runs.control import has_checkpoint
from core.runs.data_names import default_name
from core.runs.kinds import NETWORK
from core.runs.labels import MAX_NAME, label_problems, notes_problems
from core.runs.permissions import Action, require
from core.runs.placement import placement_problems
from core.runs.queueing import DEFAULT_EXPERIMENT, Copy, Within, queue
from core.runs.reading import get_many
from core.runs.specs import spec
from core.runs.teachers import SAME, other_examples, version_problem

MAX_SEED = 2**31  # all seeds are below it
MAX_SEEDS = 100


@dataclass(frozen=True)
class Draft:
    """A run that somebody is about to launch."""

    config: Raw
    name: str = ""  # when empty, see core.runs.data_names.default_name, and of what makes another smaller, in_words
    experiment: str = DEFAULT_EXPERIMENT
    preset: str = ""
    parent_id: int | None = None  # the run it was cloned from, if that is still there; else that it fine-tunes
    tags: tuple[str, ...] = ()
    notes: str = ""
    created_by: str = ""  # who launches it; the workspace's user when empty
    all_folds: bool = False  # cross-validation: one run for each of the config's folds
    once: str = ""  # the request that launches it: the same again launches nothing more; "" for no such
    facts: dict[str, Any] = field(default_factory=dict)  # known before it starts: of a script, where its code is from


def check_draft(draft: Draft, context: Context, seeds: int = 1) -> tuple[RunConfig | None, list[Problem]]:
    """The config, None when it cannot be read, and everything for which `create` would refuse the draft."""
    config, problems = check(draft.config, context.workspace.settings)
    problems += label_problems_of(draft)
    if config is not None:
        some = min(max(1, seeds), MAX_SEEDS)
        copies = [copy for _, copy in _copies(config, "", some, draft.all_folds)]
        problems += _start_problems(copies or [config], context)
        problems += placement_problems(context, config.resources)
    if not 1 <= seeds <= MAX_SEEDS:
        problems.append(Problem("seeds", f"must be from 1 to {MAX_SEEDS}; received {seeds}"))
    elif config is not None and config.seed + seeds > MAX_SEED:
        problems.append(
            Problem("seed", f"{seeds} seeds counting up from {config.seed} pass {MAX_SEED - 1}; start lower")
        )
    if draft.all_folds and config is not None and not config.data.folds:
        problems.append(Problem("data.folds", "all folds are to be run, and there are none; set at least 2"))
    return config, problems


def label_problems_of(draft: Draft) -> list[Problem]:
    """What is wrong with a draft's labels, whatever kind of run it is of."""
    labels = [("name", draft.name), ("experiment", draft.experiment), ("preset", draft.preset)]
    labels += [("created_by", draft.created_by), *(("tags", tag) for tag in draft.tags)]
    found = [problem for field, text in labels for problem in label_problems(field, text.strip())]
    return found + notes_problems(draft.notes)


def _start_problems(configs: list[RunConfig], context: Context) -> Iterator[Problem]:
    """Not part of the config's own check: a run that has begun goes on without the run that it began from.

    Args:
        configs: of all runs of a launch, which differ in seed and fold.
    """
    asked = ("fine_tune", configs[0].fine_tune, "begin"), ("distillation", configs[0].distillation, "learn")
    for section, chosen, what in asked:
        if chosen is None or chosen.run is None:
            continue
        begun = next(iter(get_many(context, [chosen.run])), None)
        if begun is None or not has_checkpoint(context, begun):
            there = f"run {chosen.run} has no checkpoint to {what} from on this host"
            yield Problem(f"{section}.run", f"{there}; accepted is the number of a run that has one")
        elif begun is not None and what == "learn" and (teacher := spec(begun)) is not None:
            apart = next(filter(None, (other_examples(each, teacher) for each in configs)), "")
            if apart:
                yield Problem(f"{section}.run", f"run {begun.id} learned from other examples ({apart}). {SAME}")
    if (taught := configs[0].distillation) is not None and taught.model:
        with context.workspace.read() as session:
            problem = version_problem(session, context.workspace.settings, taught.model, configs)
        if problem:
            yield Problem("distillation.model", problem)


def create(context: Context, draft: Draft, seeds: int = 1, within: Within | None = None) -> list[int]:
    """Queue a run, or one per fold and per seed counting up from the config's own; returns their numbers.

    `within` is as in `queue`.

    Raises:
        ForbiddenError, ConfigError: with every problem; nothing was queued.
    """
    require(context, Action.LAUNCH)
    config, problems = check_draft(draft, context, seeds)
    if config is None or problems:
        raise ConfigError(problems)
    begun = config.fine_tune or config.distillation
    if not draft.name.strip():
        draft = replace(draft, name=_smaller_name(context, config, draft.parent_id))
    base = draft.name.strip() or default_name(config, draft.preset)
    draft = replace(draft, parent_id=draft.parent_id or (begun.run if begun else None))
    copies = [Copy(name, dump(copy)) for name, copy in _copies(config, base, seeds, draft.all_folds)]
    return queue(context, draft, NETWORK.name, config.resources, copies, draft.facts, within)


def _smaller_name(context: Context, config: RunConfig, parent: int | None) -> str:
    """Of a run that makes another's network smaller: that one's name, and how; "" of others.

    Args:
        parent: of one that learns from a version, the run that it is to be smaller than.
    """
    begun = config.distillation or config.fine_tune
    number = (begun.run or parent) if begun else None
    found = next(iter(get_many(context, [number])), None) if number else None
    how = in_words(dump(config), found.config) if found else ""
    model = config.distillation.model if config.distillation else ""
    return f"{(model or found.name)[: MAX_NAME // 2]} {how}" if found and how else ""


def _copies(config: RunConfig, base: str, seeds: int, all_folds: bool) -> list[tuple[str, RunConfig]]:
    """Names and configs of the runs of one launch."""
    copies = []
    for fold in range(config.data.folds) if all_folds else [config.data.fold]:
        data = config.data.model_copy(update={"fold": fold})
        for seed in range(config.seed, config.seed + seeds):
            name = f"{base} · fold {fold + 1} of {config.data.folds}" if all_folds else base
            name = f"{name} · seed {seed}" if seeds > 1 else name
            copies.append((name, config.model_copy(update={"seed": seed, "data": data})))
    return copies
