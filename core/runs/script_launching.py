"""New runs of people's own scripts."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.common.context import Context
from core.common.errors import ConfigError, Problem
from core.config.edit import Raw
from core.runs.kinds import SCRIPT
from core.runs.launching import MAX_SEEDS, Draft, label_problems_of
from core.runs.permissions import Action, require
from core.runs.placement import placement_problems
from core.runs.queueing import Copy, Within, queue
from core.scripts import snapshots
from core.scripts.check_script import Script, check_script, look_up
from core.scripts.config_files import read_config
from core.scripts.spec import ScriptSpec, read_spec
from db.records import RunRecord


def script_spec(run: RunRecord) -> ScriptSpec | None:
    """What a run of a script is to do; None of other runs, and where this version cannot read it."""
    return read_spec(run.config)[0] if run.kind == SCRIPT.name else None


def check_script_draft(draft: Draft, context: Context, seeds: int = 1) -> tuple[ScriptSpec | None, list[Problem]]:
    """The spec, None when it cannot be read, and everything for which `create_script` would refuse the draft."""
    spec, problems = check_script(draft.config, context.workspace.settings)
    problems += label_problems_of(draft)
    if not 1 <= seeds <= MAX_SEEDS:
        problems.append(Problem("seeds", f"must be from 1 to {MAX_SEEDS}; received {seeds}"))
    if spec is None:
        return None, problems
    problems += placement_problems(context, spec.resources)
    if seeds > 1 and not problems and not look_up(spec, context.workspace.settings).reading.seed:
        problems.append(Problem("seeds", "the script has no parameter that seeds it, such as --seed; launch one run"))
    return spec, problems


def create_script(context: Context, draft: Draft, seeds: int = 1, within: Within | None = None) -> list[int]:
    """Queue a run of a script, or one per seed counting up from its own; returns their numbers.

    The code is kept with it, as it is now, where the draft names no snapshot. `draft.config` is the spec;
    `within` is as in `queue`.

    Raises:
        ForbiddenError, ConfigError: with every problem; nothing was queued.
        SnapshotError: the code cannot be kept.
    """
    require(context, Action.LAUNCH)
    spec, problems = check_script_draft(draft, context, seeds)
    if spec is None or problems:
        raise ConfigError(problems)
    settings = context.workspace.settings
    spec, facts = with_code(context, spec, draft.facts)
    script = look_up(spec, settings)
    base = draft.name.strip() or _default_name(spec, facts)
    copies = [Copy(name, raw) for name, raw in _copies(spec, script, base, seeds)]
    labelled = replace(draft, name=draft.name.strip())
    return queue(context, labelled, SCRIPT.name, spec.resources, copies, facts, within)


def with_code(context: Context, spec: ScriptSpec, facts: Mapping[str, Any]) -> tuple[ScriptSpec, dict[str, Any]]:
    """With the code as it is now, where no snapshot is named yet, and the facts of it. Raises SnapshotError."""
    if spec.project.snapshot:
        return spec, dict(facts)
    taken = snapshots.take(context.workspace.settings, Path(spec.project.folder).expanduser())
    project = spec.project.model_copy(update={"snapshot": taken.snapshot.id})
    return spec.model_copy(update={"project": project}), {"code": taken.facts}


def _default_name(spec: ScriptSpec, facts: dict[str, Any]) -> str:
    """Of the entry, and of the folder, zip or repository that it is in: the entry alone says little."""
    code = facts.get("code", {})
    home = str(code.get("zip") or spec.project.folder or spec.project.address or "script").rstrip("/")
    home = home.replace(":", "/").rpartition("/")[2].removesuffix(".zip").removesuffix(".git")
    stem = Path(spec.entry.removeprefix("-m ").partition(":")[0]).stem
    return f"{home}-{stem}" if home else stem


def with_defaults(spec: ScriptSpec, script: Script) -> Raw:
    """The spec with all of its parameters, also those that were left as they are: so that runs can be searched and
    compared by them, and the seeds of repeats count up from the one that is in use.
    """
    raw = spec.model_dump(mode="json")
    known = {each.name: each.default for each in script.reading.of(spec.command)}
    raw["arguments"] = {name: value for name, value in (known | spec.arguments).items() if value is not None}
    if spec.config_file:
        own = {each.name: each.default for each in read_config(script.folder, spec.config_file).parameters}
        raw["config"] = {path: value for path, value in (own | spec.config).items() if value is not None}
    return raw


def _copies(spec: ScriptSpec, script: Script, base: str, seeds: int) -> list[tuple[str, Raw]]:
    raw, seed = with_defaults(spec, script), script.reading.seed
    if seeds == 1 or not seed:
        return [(base, raw)]
    first = int(raw["arguments"].get(seed) or 0)
    several = range(first, first + seeds)
    return [(f"{base} · seed {each}", {**raw, "arguments": {**raw["arguments"], seed: each}}) for each in several]


def relaunch_script(context: Context, run: RunRecord) -> int:
    """A new run of the same code with the same values, whether or not its folder is still there.

    Raises:
        ForbiddenError, ConfigError: as `create_script`.
    """
    code = run.facts.get("code")
    facts = {"code": code} if isinstance(code, dict) else {}
    draft = Draft(run.config, "", run.experiment, "", parent_id=run.id, tags=run.tags, facts=facts)
    return create_script(context, draft)[0]
