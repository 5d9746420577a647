"""What has to be there where a run goes on, its checkpoint and its data, and what may differ, and is told: versions."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from core.common.errors import DataError
from core.config.run import RunConfig
from core.data.base import Dataset
from core.data.vocabulary import OLDEST_RULES, WORD_RULES
from core.runs import LAST_CHECKPOINT
from core.runs.attempts import version_changes
from core.tracking.full_disk import wait_out
from core.training.heartbeat import Heartbeat
from core.training.run_folder import RunFolderError
from db.records import AttemptRecord, RunRecord

FINGERPRINT = "data_fingerprint"


class DataChangedError(DataError):
    """The data are not those that the run has learned from so far."""


def check_data(config: RunConfig, data: Dataset, earlier: Sequence[AttemptRecord]) -> None:
    """Raises DataChangedError where an earlier attempt at the run had other data."""
    known = next((each for each in reversed(earlier) if each.facts.get(FINGERPRINT)), None)
    if known is None or known.facts[FINGERPRINT] == data.fingerprint:
        _check_words(known, data)
        return
    name = getattr(config.data, "dataset", "") or config.data.source
    raise DataChangedError(
        f"The data set {name!r} has changed since attempt {known.number} at this run: its fingerprint is "
        f"{data.fingerprint}, and was {known.facts[FINGERPRINT]}. A run goes on only with the data that it has learned "
        "from: put those back under this name and resume it again, or relaunch it to learn from the present ones."
    )


def check_checkpoint(run: RunRecord, folder: Path) -> None:
    """Raises RunFolderError where it was trained, and what it would go on from is gone: it would begin anew unasked."""
    last = folder / "checkpoints" / LAST_CHECKPOINT
    if run.training_at is not None and not last.is_file():
        raise RunFolderError(
            f"The run was to go on from its last checkpoint, and {last} is gone. What it had recorded is kept. Put the "
            "file back and resume it again, or relaunch it to start anew."
        )


def keep_last(save: Callable[[], None], heartbeat: Heartbeat) -> None:
    """Write the last checkpoint, also where the run was asked to stop. Raises LeaseLostError, RunFolderError."""

    def heed() -> None:
        heartbeat.check()
        heartbeat.heed_folder()

    try:
        wait_out(save, heed)
    except OSError as error:
        raise RunFolderError(
            f"The last checkpoint cannot be written: {error}. What the run had recorded is kept. Make its folder "
            f"{heartbeat.folder.path} one that this user may write, and resume the run from the checkpoint before."
        ) from error


def told_changes(facts: dict[str, Any], earlier: Sequence[AttemptRecord]) -> list[str]:
    """Versions that are not those of the attempt before, a line each."""
    before = next((each.facts for each in reversed(earlier) if each.facts.get("versions")), {})
    return [f"{name} {new}, before {old}" for name, (old, new) in version_changes(before, facts).items()]


def _check_words(known: AttemptRecord | None, data: Dataset) -> None:
    """The same texts, added again, may be cut by other rules, and its tokens then have other numbers."""
    if known is None or data.vocabulary is None:
        return
    before, now = known.facts.get(WORD_RULES, OLDEST_RULES), data.vocabulary.rules
    if before != now:
        raise DataChangedError(
            f"The texts are cut into words by rules {now}, and were by rules {before} in attempt {known.number}: the "
            "data set was added again since. A run goes on only with the tokens that it has learned; relaunch it to "
            "learn from the present ones."
        )
