"""`launch`: a preset or a config file into the queue, and if asked, wait for the result."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from core import inspection, preflight, runs
from core.cli.output import console, print_json, run_json
from core.config.check import parse
from core.config.edit import Raw, with_values
from core.config.files import from_text, value_from_text
from core.config.presets import PRESETS, get_preset
from core.config.run import RunConfig
from core.errors import ConfigError, NotFoundError, Problem, StateError
from core.launch.keeper import living_supervisor
from core.launch.supervisor import TICK_SECONDS, Supervisor
from core.workspace import Workspace
from db.records import RunRecord, RunState

T = TypeVar("T")
INSPECTION_SECONDS = 90.0  # a cold standby needs its import first


def read_config(source: str) -> tuple[Raw, str]:
    """The config of a preset or a file, and the preset's name, "" for a file.

    Raises:
        NotFoundError: neither a preset nor a file.
        ConfigError: the file is no config.
    """
    if source in PRESETS:
        return get_preset(source).raw, source
    path = Path(source)
    if not path.is_file():
        raise NotFoundError(
            f"{source!r} is neither a preset nor a file. Presets are {', '.join(PRESETS)}; a file is a config in JSON "
            "or YAML, as the Launch page downloads it."
        )
    return from_text(path.read_bytes()), ""


def parse_settings(assignments: list[str]) -> dict[str, Any]:
    """{"training.epochs": 3} from ["training.epochs=3"]; values are YAML. Raises ConfigError with every problem."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for text in assignments:
        path, equals, value = text.partition("=")
        if not path.strip() or not equals:
            problems.append(Problem("--set", f"must look like training.epochs=3; received {text!r}"))
            continue
        try:
            values[path.strip()] = value_from_text(value)
        except ConfigError as error:
            problems += [Problem(path.strip(), problem.message) for problem in error.problems]
    if problems:
        raise ConfigError(problems)
    return values


def changed(raw: Raw, assignments: list[str]) -> Raw:
    return with_values(raw, parse_settings(assignments))


def launch(workspace: Workspace, draft: runs.Draft, seeds: int, *, wait: bool, as_json: bool) -> int:
    """Queue, and with `wait` see the runs through; returns the process's exit code."""
    parse(draft.config, workspace.settings)  # every problem before anything is started
    supervisor = _own_supervisor(workspace) if wait else None
    try:
        _check_with_standby(workspace, draft, supervisor)
        created = runs.create(workspace, draft, seeds)
        if not wait:
            _say_queued(workspace, created, as_json)
            return 0
        finished = _follow(workspace, created, supervisor, quiet=as_json)
    except KeyboardInterrupt:
        sys.stderr.write("No longer waiting. What has started goes on; `python -m core runs` shows it.\n")
        return 130
    finally:
        if supervisor is not None:
            supervisor.close()
    if as_json:
        values = [run_json(workspace, run) for run in finished]
        print_json(values[0] if len(values) == 1 else values)
    return 0 if all(run.state is RunState.FINISHED for run in finished) else 1


def _own_supervisor(workspace: Workspace) -> Supervisor | None:
    """This process becomes the supervisor when there is none."""
    try:
        return Supervisor(workspace)
    except StateError:
        return None


def _check_with_standby(workspace: Workspace, draft: runs.Draft, supervisor: Supervisor | None) -> None:
    """Build the network and try a batch before it is queued, where there is somebody to ask. Raises ConfigError."""
    host = None if supervisor else living_supervisor(workspace)
    if supervisor is None and (host is None or host.standby.get("state") != "ready"):
        return  # nobody to ask soon: the trainer says the same thing when it starts
    config = parse(draft.config, workspace.settings)
    deadline = time.monotonic() + INSPECTION_SECONDS
    answer = _awaited(lambda: inspection.ask(workspace, config), deadline, supervisor)
    if answer is not None and answer.problems:
        raise ConfigError(answer.found())
    trial = _awaited(lambda: preflight.ask(workspace, config), deadline, supervisor) if answer else None
    if trial is None:
        return
    if trial.problems:
        raise ConfigError(trial.found())
    for line in [_trial_line(trial, config, workspace), *trial.warnings]:
        sys.stderr.write(f"{line}\n")  # standard output is for the runs


def _awaited(ask: Callable[[], T | None], deadline: float, supervisor: Supervisor | None) -> T | None:
    """The standby's answer, None when it does not come in time or not at all."""
    while (answer := ask()) is None:
        if time.monotonic() > deadline or (supervisor is not None and supervisor.nursery.deaths):
            return None
        if supervisor is not None:
            supervisor.tick()
        time.sleep(TICK_SECONDS)
    return answer


def _trial_line(trial: preflight.Preflight, config: RunConfig, workspace: Workspace) -> str:
    """What a batch showed: about how long, how much memory, how the loss begins."""
    told = []
    info = config.data.info(workspace.settings)
    total, epoch = trial.total_seconds(config, info), trial.epoch_seconds(config, info)
    if total is not None and epoch is not None:
        cpu = " on the CPU, less on the GPU" if trial.device == "gpu" else ""
        told.append(f"about {total:,.1f} s in all, {epoch:,.2f} s per epoch{cpu}")
    if trial.memory is not None:
        told.append(f"{trial.memory.needed / 1e6:,.1f} MB of {trial.memory.free / 1e9:,.1f} GB of memory")
    if trial.loss is not None and trial.expected is not None:
        told.append(f"first loss {trial.loss:.3f} ({trial.rule} = {trial.expected:.3f})")
    if trial.checkpoint is not None:
        told.append(f"checkpoint {trial.checkpoint / 1e6:,.1f} MB")
    return f"Tried a batch: {', '.join(told) or 'nothing is known'}."


def _say_queued(workspace: Workspace, created: list[int], as_json: bool) -> None:
    records = runs.get_many(workspace, created)
    if as_json:
        values = [run_json(workspace, run) for run in records]
        print_json(values[0] if len(values) == 1 else values)
        return
    for run in records:
        console.print(f"Queued run {run.id}: {run.name}", markup=False, highlight=False)
    if living_supervisor(workspace) is None:
        console.print("No supervisor is at work: start the dashboard, or `python -m core supervise`.")


def _follow(workspace: Workspace, run_ids: list[int], supervisor: Supervisor | None, *, quiet: bool) -> list[RunRecord]:
    """Until all have ended, with a progress bar on a terminal."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    show_bar = console.is_terminal and not quiet
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not show_bar) as progress:
        tasks = {run_id: progress.add_task(f"run {run_id}", total=1.0, note="queued") for run_id in run_ids}
        while True:
            if supervisor is not None:
                supervisor.tick()
            records = runs.get_many(workspace, run_ids)
            for run in records:
                progress.update(tasks[run.id], completed=run.progress, note=_note(workspace, run, 1))
            if all(run.state.is_finished for run in records):
                break
            time.sleep(TICK_SECONDS)
    if not quiet:
        for run in records:
            console.print(f"Run {run.id} {_note(workspace, run, 4)}", markup=False, highlight=False)
    return records


def _note(workspace: Workspace, run: RunRecord, most: int) -> str:
    """State, reason and the metrics that matter most, in a line."""
    values = runs.summaries(workspace, [run.id]).get(run.id, {})
    names = [name for name in ("test_accuracy", "val_accuracy", "val_loss", "loss") if name in values]
    shown = [f"{name} {values[name].last:.4f}" for name in names[:most]]
    return " ".join([run.state.value, *([run.reason] if run.reason else []), *shown])
