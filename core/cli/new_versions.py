"""How the command line has a version made of several networks or of a file, and what it says of it."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core import models
from core.cli.model_rows import model_json, version_json
from core.cli.output import print_json
from core.cli.tables import console
from core.common.context import Context
from core.common.errors import StateError
from core.jobs import job_queue, new_version
from core.jobs.job_kind import Progress
from core.jobs.new_version import KIND, Made, Request, Uploaded
from core.models import making, origin
from core.system.hosts import living_supervisor
from db.registry_records import ModelRecord, VersionRecord

_POLL_SECONDS = 0.2  # between two looks for what the supervisor has made


def made(context: Context, request: Request, as_json: bool) -> None:
    """Have it made, and say what came of it. Raises StateError: it could not be made, or may not have an alias yet."""
    from core.cli.jobs_here import done_apart

    def show(now: Progress) -> None:
        console.print(now.text, style="dim", markup=False, highlight=False)

    told = None if as_json else show
    if living_supervisor(context.workspace) is not None:  # which takes turns
        done = _by_supervisor(context, request, told)
    else:
        done = done_apart(context, KIND, request, told)
    if done.problem and not done.passing and isinstance(request.made_of, Uploaded):
        new_version.forget_file(context.workspace.settings, request.made_of)
    if done.problem or done.told:
        raise StateError(done.problem or done.told)
    version = models.find(context, done.reference)
    named = f", {' and '.join(version.aliases)}" if version.aliases else ""
    facts = origin.uploaded(version)
    asked = f" It is asked with {facts['asked']}." if facts.get("asked") else ""
    hint = f"\n{facts['hint']}" if facts.get("hint") else ""
    if facts and not facts.get("like"):
        hint += (
            "\nIt is not measured: nobody said whose inputs it takes. With --like RUN it is, on that run's test set."
        )
    say(version, f"{origin.sentence(version)} is {version.title} now{named}.{asked}{hint}", as_json)


def _by_supervisor(context: Context, request: Request, told: Callable[[Progress], object] | None) -> Made:
    """Raises StateError: the supervisor is gone, and the job waits for the next one."""
    key, last = making.ask(context, request), None
    behind = ""
    with _withdrawn(context, key):
        while (done := job_queue.take(context, KIND, key)) is None:
            if not job_queue.is_asked(context, key):
                raise StateError("It was stopped on the Models page.")
            if living_supervisor(context.workspace) is None:
                raise StateError("The supervisor is gone; the version is made when one is at work again: "
                                 "`python -m core supervise`, or start the dashboard.")  # fmt: skip
            if (now := job_queue.progress(context, key)) != last and now is not None and told is not None:
                told(now)
            if now is None and told is not None and behind != (other := new_version.ahead(context, key)):
                behind = other
                told(Progress(text=f"waits behind {other}" if other else "its turn has come"))
            last = now
            time.sleep(_POLL_SECONDS)
    return done


@contextmanager
def _withdrawn(context: Context, key: str) -> Iterator[None]:
    """A command that is ended, by Ctrl-C, with its terminal or by another process, leaves no job behind."""
    ends = (signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.default_int_handler) for number in ends}
    try:
        yield
    except KeyboardInterrupt:
        new_version.stop(context, key)
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def say(found: VersionRecord | ModelRecord, message: str, as_json: bool) -> None:
    if as_json:
        print_json(version_json(found) if isinstance(found, VersionRecord) else model_json(found))
    else:
        console.print(message, markup=False, highlight=False)
