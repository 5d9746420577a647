"""What a version is made of: a checkpoint of a run, a file, or what a script kept and somebody had judged."""

import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.settings import Settings
from core.evaluation.report import Report
from core.evaluation.report_files import PREDICTIONS, REPORT, EvaluationError, present, read_report
from core.inference.description import MANIFEST
from core.models.origin import UPLOADED
from core.runs.reported_networks import JUDGED, NETWORK_FILE, is_newer, judged
from db.records import RunRecord, RunState
from db.registry_records import VersionRecord


@dataclass(frozen=True)
class Source:
    """What a version is made of."""

    draft: VersionRecord  # with what is known of where it came from
    network: Path
    beside: Sequence[Path]  # files that it keeps, too
    report: Report | None  # of this network on the test set
    seconds: float = 0.0  # that it was trained
    run: RunRecord | None = None  # that must not have changed meanwhile; None of what came of no run


def of_run(run: RunRecord, checkpoint: str, network: Path, beside: Sequence[Path], report: Report | None) -> Source:
    draft = _draft(
        run_id=run.id,
        run_uid=run.uid,
        run_name=run.name,
        experiment=run.experiment,
        checkpoint=checkpoint,
        config=run.config,
        facts=run.facts,
    )
    return Source(draft, network, beside, report, run.trained_seconds, run)


def of_file(
    uid: str, name: str, network: Path, beside: Sequence[Path], report: Report | None, run: int = 0, **known: Any
) -> Source:
    """Of a file that somebody gave, or that a run left: `uid` is its own, `known` are config and facts."""
    draft = _draft(run_id=run, run_uid=uid, run_name=name, experiment="", checkpoint=UPLOADED, **known)
    return Source(draft, network, beside, report)


def is_judged(context: Context, run: RunRecord) -> bool:
    """Whether a version can be made of what a script or client kept last, as it was judged already."""
    known = judged(context.workspace.settings, run)
    return known is not None and run.state.is_finished and not is_newer(context, run, known)


def judged_source(settings: Settings, run: RunRecord) -> Source:
    """Of a run of which `is_judged` says so."""
    known, folder = judged(settings, run), settings.run_dir(run.id) / JUDGED
    assert known is not None
    found = [folder / name for name in (MANIFEST, REPORT, PREDICTIONS, "vocabulary.json")]
    beside = [each for each in found if each.is_file()]
    report = report_of(settings, run, folder / NETWORK_FILE)
    told = {"config": known.config, "facts": known.facts}
    return of_file(run.uid, f"run-{run.id}.keras", folder / NETWORK_FILE, beside, report, run.id, **told)


def _draft(**values: Any) -> VersionRecord:
    return VersionRecord(
        id=0, model_id=0, model="", number=0, sha256="", size=0, host=socket.gethostname(), created_at=time.time(),
        **values,
    )  # fmt: skip


def report_of(settings: Settings, run: RunRecord, checkpoint: Path) -> Report | None:
    """Of this checkpoint: a run that went on and was lost has a best one that its earlier report is not about."""
    try:
        report = read_report(settings, run.id)
        written = present(settings, run.id, REPORT).stat().st_mtime
    except (NotFoundError, EvaluationError, OSError):
        return None
    return report if run.state is RunState.FINISHED or written >= checkpoint.stat().st_mtime else None
