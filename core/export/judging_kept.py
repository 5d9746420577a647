"""The network that a script or client kept is judged as a file that somebody gives, in its run's own folder."""

import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

import db.leases
from core.common.context import Context
from core.common.errors import NotFoundError
from core.evaluation.report import Report
from core.export.uploading import uploaded
from core.jobs.evaluation import Request
from core.jobs.new_version import Uploaded
from core.models.version_files import swapped
from core.runs.reported_networks import JUDGED, NETWORK_FILE, RECORD, Judged, judged, kept_network, stamp_of
from core.training.joined_networks import Progress
from db.records import Lease, RunRecord


def judge_kept(
    progress: Progress, context: Context, run: RunRecord, asked: Request, names: frozenset[str]
) -> tuple[Report | None, Judged]:
    """Puts `judged/` in its place, with the network, its report, and what both need; None where it cannot be measured.

    Args:
        names: of the run's metrics, to which those of the report are added that are none of its own.

    Raises:
        TraindeckError, LeaseLostError, OSError: what was judged before is still there.
    """
    settings = context.workspace.settings
    network = kept_network(context, run)
    if network is None:
        raise NotFoundError(f"The network of run {run.id} is gone. Have it kept again.")
    folder = settings.run_dir(run.id)
    stamp, before = stamp_of(network), judged(settings, run)
    made, aside = (folder / f".{JUDGED}-{uuid.uuid4().hex[:8]}" for _ in range(2))
    made.mkdir()
    try:
        given = Uploaded(
            folder=uuid.uuid4().hex, name=f"run-{run.id}.keras", like=asked.like, pixels=asked.pixels,
            logits=asked.logits, run=run.id,
        )  # fmt: skip
        source = uploaded(progress, context, given, made, network, run.uid)
        _gathered(made, source.network, source.beside)
        metrics = source.report.metrics() if source.report else {}
        ours = set(before.metrics if before else ())
        told = source.draft.facts["uploaded"]
        record = Judged(
            like=asked.like, title=told["like"], network=stamp, config=source.draft.config, facts=source.draft.facts,
            metrics=tuple(name for name in metrics if name not in names or name in ours),
        )  # fmt: skip
        (made / RECORD).write_text(record.model_dump_json(indent=1), encoding="utf-8")
        with context.workspace.write() as session:
            db.leases.at_rest(session, Lease(run.id, run.attempt))
            with swapped(made, folder / JUDGED, aside):
                pass
    finally:
        for each in (made, aside):
            shutil.rmtree(each, ignore_errors=True)
    return source.report, record


def _gathered(made: Path, network: Path, beside: Sequence[Path]) -> None:
    """All under the names by which a run's files are read."""
    for each in beside:
        if each.parent != made:
            shutil.copyfile(each, made / each.name)
    if network != made / NETWORK_FILE:
        network.rename(made / NETWORK_FILE)
    for left in made.glob("given.*"):
        left.unlink()
