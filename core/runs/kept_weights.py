"""Of which of its last epochs a run has kept the weights, as core.training.kept_epochs writes them."""

import zipfile
from pathlib import Path

import numpy as np

from core.common.settings import Settings
from db.records import RunRecord

EPOCH, RUN = "epoch", "run"  # entries beside the weights


def file_of(place: int) -> str:
    return f"epoch-{place}.npz"


def kept_weights(settings: Settings, run: RunRecord) -> dict[int, Path]:
    """By the epoch, the first one first; without what belongs to another run or is damaged."""
    found: dict[int, Path] = {}
    for path in (settings.run_dir(run.id) / "checkpoints").glob("epoch-*.npz"):
        try:
            with np.load(path) as stored:
                if str(stored[RUN]) == run.uid:
                    found[int(stored[EPOCH])] = path
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            continue
    last = run.step // run.steps_per_epoch if run.steps_per_epoch else 0
    return {epoch: found[epoch] for epoch in sorted(found) if epoch <= max(last, 1)}
