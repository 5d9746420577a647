"""A run's network exported straight away: as a version of a model, which is made where it is none yet."""

from core.common.context import Context
from core.jobs import export
from core.models import registered, version_files
from core.models.registering import register, source_of
from core.models.version_source import is_judged
from core.runs import NETWORK
from db.records import RunRecord
from db.registry_records import VersionRecord


def why_not_exported(context: Context, run: RunRecord) -> str:
    """Why that cannot be done at once with what a script or client kept; "" of others, and where it can."""
    if run.kind == NETWORK.name or is_judged(context, run):
        return ""
    return "First say whose inputs its network takes: then it can be evaluated, tried and exported."


def version_of(context: Context, run: RunRecord) -> VersionRecord | None:
    """The newest version that is the run's best network as it is now. Raises as `source_of`."""
    network = source_of(context, run, "best").network
    sum_of = version_files.sha256(network)
    found = [each for each in registered.of_runs(context, [run.id]) if each.sha256 == sum_of]
    return max(found, key=lambda each: each.created_at, default=None)


def export_run(context: Context, run: RunRecord, name: str, form: str) -> VersionRecord:
    """Ask for an export of its best network; `name` is the model's, where it is no version yet.

    Raises:
        StateError: it cannot be registered, or there is no such format.
        ModelError, GateError, ForbiddenError
    """
    version = version_of(context, run) or register(context, run, name)
    export.ask(context, version, form)
    return version
