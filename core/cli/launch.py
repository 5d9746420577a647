"""`launch`: a preset, a config file or what suits a data set into the queue, and if asked, wait for the result."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core import runs
from core.cli import checking
from core.cli.known_runs import KnownRuns, RunsHere
from core.cli.output import interrupted, print_runs
from core.cli.tables import console
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.settings import Settings
from core.common.text import quoted
from core.config.assignments import parse_settings as parse_settings
from core.config.check import parse
from core.config.edit import Raw, with_values
from core.config.files import from_text
from core.config.presets import PRESETS, get_preset
from core.runs.param_names import by_paths
from core.runs.starting import for_dataset
from db.records import RunRecord

if TYPE_CHECKING:
    from core.launch.supervisor import Supervisor


def read_config(settings: Settings, source: str) -> tuple[Raw, str]:
    """The config of a preset, of a file or that a data set begins with, and the preset's name, "" for the others.

    Raises:
        NotFoundError: none of them.
        ConfigError: the file is no config.
    """
    if source in PRESETS:
        return get_preset(source).raw, source
    path = Path(source)
    if path.is_file():
        return from_text(path.read_bytes()), ""
    try:
        return for_dataset(settings, source), ""
    except NotFoundError:
        raise NotFoundError(
            f"{quoted(source)} is neither a preset, nor a file, nor a data set. Presets are {', '.join(PRESETS)}; a "
            "file is a config in JSON or YAML, as the Launch page downloads it; `python -m core datasets` lists the "
            "data sets that were added."
        ) from None


def changed(raw: Raw, assignments: list[str]) -> Raw:
    """Raises ConfigError."""
    return with_values(raw, by_paths(raw, parse_settings(assignments)))


def launch(
    context: Context,
    draft: runs.Draft,
    seeds: int,
    *,
    preflight: bool,
    wait: bool,
    as_json: bool,
    then: Callable[[RunRecord], object] | None = None,
    next_step: Callable[[int], str] | None = None,
) -> int:
    """Queue, and with `wait` see the runs through, and do `then` with each; returns the process's exit code.

    `next_step`: what is said of each run, by its number, that is not waited for.
    """
    config = parse(draft.config, context.workspace.settings)  # every problem before anything is started
    check = checking.try_batch if preflight else checking.inspect

    def queue(supervisor: "Supervisor | None") -> list[int]:
        check(context, config, supervisor)
        return runs.create(context, draft, seeds)

    if wait:
        from core.cli.following import see_through  # who does not wait need not wait for its imports

        return see_through(context, queue, as_json=as_json, then=then)
    try:
        created = queue(None)
    except KeyboardInterrupt:
        return interrupted()
    say_queued(RunsHere(context), created, as_json)
    if next_step is not None and not as_json:
        for run_id in created:
            console.print(next_step(run_id), markup=False, highlight=False)
    return 0


def say_queued(known: KnownRuns, created: list[int], as_json: bool) -> None:
    records = known.get_many(created)
    if as_json:
        print_runs(known, records)
        return
    for run in records:
        console.print(f"Queued run {run.id}: {run.name}", markup=False, highlight=False)
    if not known.is_supervised():
        console.print("No supervisor is at work: start the dashboard, or `python -m core supervise`.")
