"""Runs as programs ask for them: something to begin from, what is to be different, and what they are to be called."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.common.context import Context
from core.common.errors import ConfigError, Problem, StateError
from core.config.edit import Raw, with_values
from core.config.presets import get_preset
from core.runs.kinds import LOGGED, NETWORK, SCRIPT
from core.runs.launching import Draft, check_draft, create
from core.runs.param_names import by_paths
from core.runs.queueing import DEFAULT_EXPERIMENT
from core.runs.script_launching import check_script_draft, create_script
from core.runs.specs import SpecError, need_spec
from core.runs.starting import for_dataset
from core.scripts.projects import allowed
from db.records import RunRecord

SOURCES = ("preset", "dataset", "config", "script", "clone")


@dataclass(frozen=True)
class AskedRuns:
    """One of SOURCES says what to begin from.

    `dataset` is a name, for a network that suits it; `config` a network's, `script` a script's spec; `clone` a run.
    """

    preset: str | None = None
    dataset: str | None = None
    config: Raw | None = None
    script: Raw | None = None
    clone: RunRecord | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)  # by dotted path
    name: str = ""
    experiment: str = ""  # that of the run that is cloned, or the default one, when empty
    tags: tuple[str, ...] | None = None  # those of the run that is cloned when None
    notes: str = ""
    seeds: int = 1
    all_folds: bool = False
    once: str = ""  # as of Draft


def launch(context: Context, asked: AskedRuns) -> list[int]:
    """Queue what is asked for; returns the numbers of the runs.

    Raises:
        ConfigError: with every problem at its field; nothing was queued.
        NotFoundError: no such preset or data set.
        StateError: a run that was not launched from here cannot be cloned.
        ProjectError: a folder that scripts are not launched from.
        ForbiddenError, SnapshotError
    """
    draft, kind = begun(context, asked)
    is_script = kind == SCRIPT.name
    return create_script(context, draft, asked.seeds) if is_script else create(context, draft, asked.seeds)


def problems_of(context: Context, asked: AskedRuns) -> tuple[Raw, list[Problem]]:
    """The config that would be launched, and all for which `launch` would refuse it. Raises as `launch`."""
    draft, kind = begun(context, asked)
    if kind == SCRIPT.name:
        return draft.config, check_script_draft(draft, context, asked.seeds)[1]
    return draft.config, check_draft(draft, context, asked.seeds)[1]


def begun(context: Context, asked: AskedRuns) -> tuple[Draft, str]:
    """The draft of what is asked for, and of which kind its runs are. Raises as `launch`."""
    given = [name for name in SOURCES if getattr(asked, name) is not None]
    if len(given) != 1:
        told = f"received {' and '.join(given)}" if given else "received none"
        raise ConfigError([Problem("", f"give one of {', '.join(SOURCES)}; {told}")])
    clone = asked.clone
    raw, facts = _raw_of(context, asked)
    is_script = asked.script is not None or (clone is not None and clone.kind == SCRIPT.name)
    draft = Draft(
        with_values(raw, asked.changes if is_script else by_paths(raw, asked.changes)),
        asked.name,
        asked.experiment or (clone.experiment if clone else DEFAULT_EXPERIMENT),
        asked.preset or (clone.preset if clone else ""),
        parent_id=clone.id if clone else None,
        tags=asked.tags if asked.tags is not None else clone.tags if clone else (),
        notes=asked.notes,
        all_folds=asked.all_folds,
        once=asked.once,
        facts=facts,
    )
    return (_within_roots(context, draft), SCRIPT.name) if is_script else (draft, NETWORK.name)


def _raw_of(context: Context, asked: AskedRuns) -> tuple[Raw, dict[str, Any]]:
    """The config to begin from, and facts that go with it."""
    if asked.preset is not None:
        return get_preset(asked.preset).raw, {}
    if asked.dataset is not None:
        return for_dataset(context.workspace.settings, asked.dataset), {}
    if asked.clone is None:
        return asked.config or asked.script or {}, {}
    if asked.clone.kind == LOGGED.name:
        raise StateError(
            f"Run {asked.clone.id} was reported by a client, and not launched from here; it cannot be cloned. "
            "Accepted are runs of a network or a script."
        )
    code = asked.clone.facts.get("code")
    if asked.clone.kind == SCRIPT.name:
        return asked.clone.config, {"code": code} if isinstance(code, dict) else {}
    try:
        need_spec(asked.clone)
    except SpecError as error:
        raise StateError(str(error)) from error
    return asked.clone.config, {}


def _within_roots(context: Context, draft: Draft) -> Draft:
    """Programs may launch what the pages may: what was kept before, and what lies in an allowed folder."""
    project = draft.config.get("project")
    if not isinstance(project, dict) or project.get("snapshot") or not isinstance(project.get("folder"), str):
        return draft
    if "\0" in project["folder"]:
        raise ConfigError([Problem("project.folder", "must not contain the character NUL")])
    folder: Path = allowed(context.workspace.settings, project["folder"])
    return replace(draft, config={**draft.config, "project": {**project, "folder": str(folder)}})
