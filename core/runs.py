"""What people do with runs: the use cases that the pages, the CLI and the API share."""

import shutil
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import db.hosts
import db.listing
import db.metrics
import db.params
import db.runs
import db.tags
from core.config.check import check
from core.config.edit import Raw, dump, flatten
from core.config.run import RunConfig
from core.downsampling import downsample
from core.errors import ConfigError, NotFoundError, Problem, StateError
from core.search import parse_search
from core.workspace import Workspace
from db.listing import RunQuery
from db.records import ACTIVE_STATES, ArtifactRecord, RunPage, RunRecord, RunState, Series, Summary

MAX_NAME = 200  # characters; a longer name is a mistake, and breaks every table it stands in
MAX_SEED = 2**31  # all seeds are below it
DEFAULT_EXPERIMENT = "default"
LAST_CHECKPOINT = "last.keras"
BEST_CHECKPOINT = "best.keras"


@dataclass(frozen=True)
class Draft:
    """A run that somebody is about to launch."""

    config: Raw
    name: str = ""  # made from the preset, or from data and architecture, when empty
    experiment: str = DEFAULT_EXPERIMENT
    preset: str = ""
    parent_id: int | None = None
    tags: tuple[str, ...] = ()
    notes: str = ""
    created_by: str = ""  # who launches it; the workspace's user when empty


def check_draft(draft: Draft, seeds: int = 1) -> tuple[RunConfig | None, list[Problem]]:
    """The config, None when it cannot be read, and everything for which `create` would refuse the draft."""
    config, problems = check(draft.config)
    problems += _label_problems(draft)
    if not 1 <= seeds <= 100:
        problems.append(Problem("seeds", f"must be from 1 to 100; received {seeds}"))
    elif config is not None and config.seed + seeds > MAX_SEED:
        problems.append(
            Problem("seed", f"{seeds} seeds counting up from {config.seed} pass {MAX_SEED - 1}; start lower")
        )
    return config, problems


def create(workspace: Workspace, draft: Draft, seeds: int = 1) -> list[int]:
    """Queue a run, or one per seed counting up from the config's own; returns their numbers.

    Raises:
        ConfigError: with every problem; nothing was queued.
    """
    config, problems = check_draft(draft, seeds)
    if config is None or problems:
        raise ConfigError(problems)
    created: list[int] = []
    with workspace.write() as session:
        experiment = db.runs.experiment_id(session, draft.experiment.strip() or DEFAULT_EXPERIMENT)
        for offset in range(seeds):
            raw = dump(config.model_copy(update={"seed": config.seed + offset}))
            now = time.time()
            values = {
                "uid": uuid.uuid4().hex,
                "name": "",
                "experiment_id": experiment,
                "state": RunState.QUEUED.value,
                "config": raw,
                "preset": draft.preset,
                "parent_id": draft.parent_id,
                "created_by": draft.created_by.strip() or workspace.settings.user,
                "notes": draft.notes,
                "created_at": now,
                "queued_at": now,
            }
            run_id = db.runs.insert(session, values, flatten(raw), _clean_tags(draft.tags))
            base = draft.name.strip() or draft.preset or f"{config.data.source}-{config.architecture.name}"
            name = base if draft.name.strip() and seeds == 1 else f"{base}-{run_id}"
            if seeds > 1:
                name = f"{base} · seed {raw['seed']}"
            db.runs.update(session, run_id, name=name)
            created.append(run_id)
    return created


def _label_problems(draft: Draft) -> list[Problem]:
    labels = {
        "name": [draft.name],
        "experiment": [draft.experiment],
        "tags": draft.tags,
        "created_by": [draft.created_by],
    }
    return [problem for field, texts in labels.items() for text in texts for problem in _too_long(field, text)]


def _too_long(field: str, text: str) -> list[Problem]:
    if len(text) <= MAX_NAME:
        return []
    return [Problem(field, f"must have at most {MAX_NAME} characters; received {len(text):,}")]


def _clean_tags(tags: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))


def get(workspace: Workspace, run_id: int) -> RunRecord:
    """Raises NotFoundError."""
    with workspace.read() as session:
        run = db.runs.get(session, run_id)
    if run is None:
        raise NotFoundError(f"There is no run {run_id}. It may have been deleted; the Runs page lists those there are.")
    return run


def get_many(workspace: Workspace, run_ids: Iterable[int]) -> list[RunRecord]:
    """Those that exist, in the order asked for."""
    with workspace.read() as session:
        return db.runs.get_many(session, run_ids)


def find(workspace: Workspace, reference: str) -> RunRecord:
    """The run with this number, uid (or its first 6 or more characters) or name; the newest of that name.

    Raises:
        NotFoundError
    """
    with workspace.read() as session:
        found = db.runs.find_ids(session, reference)
    if not found:
        raise NotFoundError(
            f"There is no run {reference!r}. Accepted are a run's number, its uid or the start of it, or its name; "
            "`python -m core runs` lists them."
        )
    return get(workspace, found[0])


def listing(workspace: Workspace, query: RunQuery, search: str = "") -> RunPage:
    """One page of the runs that match the query and the search text (see core.search). Raises ConfigError."""
    with workspace.read() as session:
        return db.listing.page(session, replace(query, filter=parse_search(search)))


def matching_ids(workspace: Workspace, query: RunQuery, search: str = "") -> list[int]:
    """Every run that matches, whatever the page."""
    with workspace.read() as session:
        return db.listing.ids(session, replace(query, filter=parse_search(search)))


def active(workspace: Workspace) -> list[RunRecord]:
    """Runs that are queued or have a process, first queued first; a queued run's place is its position among them."""
    with workspace.read() as session:
        return db.runs.in_states(session, ACTIVE_STATES)


def queue_places(runs: Iterable[RunRecord]) -> dict[int, int]:
    """1 for the run that starts next, by run; of runs as `active` returns them."""
    queued = [run.id for run in runs if run.state is RunState.QUEUED]
    return {run_id: place for place, run_id in enumerate(queued, start=1)}


def experiments(workspace: Workspace) -> dict[str, int]:
    """Number of runs by experiment, the one used last first."""
    with workspace.read() as session:
        return db.runs.experiments(session)


def all_tags(workspace: Workspace) -> list[str]:
    with workspace.read() as session:
        return db.tags.every(session)


def column_names(workspace: Workspace) -> tuple[list[str], list[str]]:
    """Every param and every metric that some run has: what a table can show."""
    with workspace.read() as session:
        return db.params.keys(session), db.metrics.names(session)


def params(
    workspace: Workspace, run_ids: Iterable[int], keys: Sequence[str] | None = None
) -> dict[int, dict[str, str]]:
    with workspace.read() as session:
        return db.params.of_runs(session, run_ids, keys)


def summaries(
    workspace: Workspace, run_ids: Sequence[int], metrics: Sequence[str] | None = None
) -> dict[int, dict[str, Summary]]:
    """By run, then by metric."""
    with workspace.read() as session:
        return db.metrics.summaries(session, run_ids, metrics)


def history(workspace: Workspace, run_id: int, metric: str, after: int | None = None) -> Series:
    """The points of a metric, all or those past step `after`; empty when there are none."""
    with workspace.read() as session:
        return db.metrics.series(session, run_id, metric, after)


def histories(
    workspace: Workspace, run_ids: Iterable[int], metrics: Iterable[str], max_points: int = 1000
) -> dict[tuple[int, str], Series]:
    """Curves to draw, by run and metric, at most `max_points` points each; without those that have none."""
    with workspace.read() as session:
        found = db.metrics.series_many(session, run_ids, metrics)
    return {key: downsample(points, max_points) for key, points in found.items()}


def artifacts(workspace: Workspace, run_id: int) -> list[ArtifactRecord]:
    with workspace.read() as session:
        return db.runs.artifacts_of(session, run_id)


def artifact_file(workspace: Workspace, run_id: int, name: str) -> Path:
    """Raises NotFoundError when it was not recorded, or its file is gone."""
    for artifact in artifacts(workspace, run_id):
        if artifact.name == name:
            path = workspace.settings.run_dir(run_id) / artifact.path
            if path.is_file():
                return path
    raise NotFoundError(f"Run {run_id} has no artifact {name!r}, or its file was removed from the workspace.")


def log_tail(workspace: Workspace, run_id: int, lines: int = 30) -> str:
    """The last lines of a run's log, "" when it has none yet."""
    path = workspace.settings.log_file(run_id)
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 400 * lines))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def stop(workspace: Workspace, run_ids: Iterable[int], *, now: bool = False) -> list[int]:
    """Ask runs to stop, and take queued ones off the queue; returns those that this concerned.

    Gracefully: the trainer finishes its step, saves a checkpoint and keeps everything. Now: the supervisor ends the
    process; what was recorded stays.
    """
    stopped = []
    with workspace.write() as session:
        for run in db.runs.get_many(session, run_ids):
            by = f"by {workspace.settings.user}"
            if run.state is RunState.QUEUED:
                db.runs.update(
                    session,
                    run.id,
                    state=RunState.STOPPED.value,
                    reason=f"Taken off the queue {by}.",
                    finished_at=time.time(),
                )
            elif run.state.has_process:
                db.runs.update(session, run.id, stop_requested="now" if now else "graceful")
            else:
                continue
            stopped.append(run.id)
    return stopped


def resume(workspace: Workspace, run_id: int) -> None:
    """Queue a run again, to go on from its last checkpoint under the same number.

    Raises:
        StateError: it is not at rest, or left no checkpoint.
    """
    run = get(workspace, run_id)
    if not run.state.is_finished or run.state is RunState.FINISHED:
        raise StateError(f"Run {run_id} is {run.state}; only a stopped, failed or lost run can be resumed.")
    if not can_resume(workspace, run):
        raise StateError(f"Run {run_id} left no checkpoint to go on from. Relaunch it to start anew.")
    with workspace.write() as session:
        db.runs.transition(
            session,
            run_id,
            [run.state],
            RunState.QUEUED,
            queued_at=time.time(),
            reason="",
            stop_requested="",
            finished_at=None,
            heartbeat_at=None,
            pid=None,
            attempt=0,
        )


def can_resume(workspace: Workspace, run: RunRecord) -> bool:
    at_rest = run.state in (RunState.STOPPED, RunState.FAILED, RunState.LOST)
    return at_rest and (workspace.settings.run_dir(run.id) / "checkpoints" / LAST_CHECKPOINT).is_file()


def relaunch(workspace: Workspace, run_id: int) -> int:
    """A new run with the same config, in the same experiment; its parent is the old one."""
    run = get(workspace, run_id)
    draft = Draft(run.config, "", run.experiment, run.preset, parent_id=run.id, tags=run.tags)
    return create(workspace, draft)[0]


def annotate(
    workspace: Workspace,
    run_id: int,
    *,
    name: str | None = None,
    notes: str | None = None,
    tags: Iterable[str] | None = None,
) -> None:
    """Change name, notes or tags; None leaves as it is. Raises ConfigError for a name that is empty or too long."""
    if name is not None and not name.strip():
        raise ConfigError([Problem("name", "must not be empty")])
    tags = None if tags is None else _clean_tags(tags)
    problems = _too_long("name", name or "") + [p for tag in tags or () for p in _too_long("tags", tag)]
    if problems:
        raise ConfigError(problems)
    with workspace.write() as session:
        if name is not None:
            db.runs.update(session, run_id, name=name.strip())
        if notes is not None:
            db.runs.update(session, run_id, notes=notes)
        if tags is not None:
            db.tags.replace(session, run_id, tags)


def add_tags(workspace: Workspace, run_ids: Iterable[int], tags: Iterable[str]) -> None:
    """Raises ConfigError for a tag that is too long."""
    cleaned = _clean_tags(tags)
    problems = [problem for tag in cleaned for problem in _too_long("tags", tag)]
    if problems:
        raise ConfigError(problems)
    with workspace.write() as session:
        db.tags.add(session, run_ids, cleaned)


def move(workspace: Workspace, run_ids: Iterable[int], experiment: str) -> None:
    """Put runs into an experiment, which is made when there is none of that name. Raises ConfigError."""
    name = experiment.strip()
    problems = _too_long("experiment", name) if name else [Problem("experiment", "must not be empty")]
    if problems:
        raise ConfigError(problems)
    with workspace.write() as session:
        experiment_id = db.runs.experiment_id(session, name)
        for run_id in run_ids:
            db.runs.update(session, run_id, experiment_id=experiment_id)


def trash(workspace: Workspace, run_ids: Iterable[int]) -> tuple[list[int], list[int]]:
    """Put runs into the trash; returns those that went, and those that did not because they are still active."""
    now = time.time()
    with workspace.write() as session:
        runs = db.runs.get_many(session, run_ids)
        gone = [run.id for run in runs if run.state.is_finished]
        for run_id in gone:
            db.runs.update(session, run_id, trashed_at=now)
    return gone, [run.id for run in runs if not run.state.is_finished]


def restore(workspace: Workspace, run_ids: Iterable[int]) -> None:
    """Take runs back out of the trash."""
    with workspace.write() as session:
        for run_id in run_ids:
            db.runs.update(session, run_id, trashed_at=None)


def empty_trash(workspace: Workspace) -> tuple[int, int]:
    """Delete what is in the trash for good; returns how many runs, and how many bytes the disk got back."""
    before = _database_bytes(workspace)
    with workspace.write() as session:
        doomed = db.listing.ids(session, RunQuery(trashed=True))
        db.runs.delete(session, doomed)
    freed = 0
    for run_id in doomed:
        folder = workspace.settings.run_dir(run_id)
        freed += folder_bytes(folder)
        shutil.rmtree(folder, ignore_errors=True)
    workspace.database.compact()
    return len(doomed), freed + max(0, before - _database_bytes(workspace))


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below a folder, 0 when there is none."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _database_bytes(workspace: Workspace) -> int:
    file = workspace.settings.database_file
    files = [] if file is None else [file, file.with_name(f"{file.name}-wal")]
    return sum(path.stat().st_size for path in files if path.exists())
