"""How the inputs of a file's network are prepared: as those of a run, a version, or of a data set as it is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.common.context import Context
from core.data.number_scaling import Columns, Numbers, Target, restored
from core.models import making, version_files, version_manifest
from core.runs import BEST_CHECKPOINT
from core.runs.reported_networks import DATA, config_of_data
from core.training.checkpoints import read_position
from core.training.uploaded_network import UploadError
from db.records import RunRecord
from db.registry_records import VersionRecord


@dataclass(frozen=True)
class Like:
    """How the inputs are prepared: as those of a run or a version."""

    title: str
    config: dict[str, Any]
    facts: dict[str, Any]
    numbers: Numbers  # as its network takes them; what the file gives is in the target's own unit
    target: Target | None  # as its own network learned it
    words: Path | None  # its vocabulary
    version: VersionRecord | None


def like_of(context: Context, text: str) -> Like:
    """Raises TraindeckError: no such run, version or data set, or none whose preparation is known."""
    settings = context.workspace.settings
    if text.startswith(DATA):
        name = text.removeprefix(DATA)
        return Like(f"data set {name}", config_of_data(settings, name), {}, Numbers(), None, None, None)
    found = making.find_like(context, text)
    if isinstance(found, RunRecord):
        folder = settings.run_dir(found.id)
        position = read_position(folder / "checkpoints" / BEST_CHECKPOINT, found.uid)
        if position is None:
            raise UploadError(f"Run {found.id} has no best checkpoint, which says how its inputs are prepared.")
        words, raw, title, version = folder / "artifacts" / "vocabulary.json", position.numbers, f"run {found.id}", None
    else:
        words = version_files.folder(settings, found.model_id, found.number) / "vocabulary.json"
        raw, title, version = version_manifest.of_version(context, found).numbers, found.title, found
        if not found.config:
            raise UploadError(f"{title} takes numbers as they are, and so nothing is prepared. Leave it away.")
    before = restored(raw) if raw else Numbers()
    numbers, kept = _own_unit(before, title), words if words.is_file() else None
    return Like(title, found.config, found.facts, numbers, before.target, kept, version)


def _own_unit(numbers: Numbers, title: str) -> Numbers:
    """Inputs as before; outputs as the file gives them."""
    target, inputs = numbers.target, numbers.inputs
    if target is None:
        return numbers
    if numbers.lagged and inputs is not None and target.kind != "none":
        if target.kind == "log":
            raise UploadError(f"The series of {title} are seen as logarithms, which a file is not asked by. Take a run "
                              "with another target scaling.")  # fmt: skip
        inputs = Columns((target.offset, *inputs.offset[1:]), (target.scale, *inputs.scale[1:]))
    return Numbers(inputs, Target("none"))
