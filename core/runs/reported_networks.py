"""Networks that scripts and clients left: which file it is, and as what it was judged, by which it can be asked.

Such a run has no config of a network. Once somebody says whose inputs it takes, `judged/` of its folder has what a run
that trained here has among its artifacts, and by which config.
"""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

import db.logged_models
from core.common.context import Context
from core.common.errors import DataError, NotFoundError
from core.common.safe_files import file_inside
from core.common.settings import Settings
from core.common.text import quoted
from core.config.check import read
from core.config.run import RunConfig
from core.data.library.known import known, source_of
from core.runs.control import BEST_CHECKPOINT, has_checkpoint
from core.runs.data_names import data_set
from core.runs.kinds import NETWORK
from core.runs.location import is_here
from core.runs.reading import listing
from core.runs.sent_files import FOLDER, OTHERS
from core.runs.specs import SpecError, need_spec
from db.listing import RunQuery
from db.records import RunRecord

JUDGED, RECORD, NETWORK_FILE = "judged", "judged.json", "model.keras"  # the folder, and what is in it beside others
DATA = "data:"  # before a data set's name, where it stands for a run: inputs as the data set has them
_LOOKED_AT = 500  # runs, the newest


class Judged(BaseModel):
    """As what the network was judged."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    like: str  # a run, a version, or data:NAME
    title: str  # of that, in words
    network: tuple[int, int]  # time and size of the file that was judged
    config: dict[str, Any]  # that describes its data
    facts: dict[str, Any] = {}  # for a version that is made of it
    metrics: tuple[str, ...] = ()  # that were added to the run's own


def kept_network(context: Context, run: RunRecord) -> Path | None:
    """The best network that a script or client kept, on this host: KerasCallback's, a logged model's, or an artifact.

    None of runs that trained here, whose checkpoints are their own.
    """
    settings = context.workspace.settings
    if run.kind == NETWORK.name or run.deleting_at is not None or not is_here(settings, run):
        return None
    folder = settings.run_dir(run.id)
    if best := file_inside(folder, f"checkpoints/{BEST_CHECKPOINT}"):
        return best
    with context.workspace.read() as session:
        models = db.logged_models.of_run(session, run.uid)
    others = settings.home / OTHERS
    found = [each for model in models for each in others.glob(f"*/models/{model.id}/artifacts/data/*.keras")]
    found = found or sorted(folder.glob(f"{FOLDER}/*.keras")) + sorted(folder.glob(f"{FOLDER}/*/data/*.keras"))
    return next((each for each in found if each.is_file() and not each.is_symlink()), None)


def judged(settings: Settings, run: RunRecord) -> Judged | None:
    """None where nobody had it judged yet, or another version of Traindeck wrote that."""
    path = file_inside(settings.run_dir(run.id), f"{JUDGED}/{RECORD}") if run.kind != NETWORK.name else None
    try:
        return Judged.model_validate_json(path.read_bytes()) if path is not None else None
    except (OSError, ValidationError):
        return None


def is_newer(context: Context, run: RunRecord, before: Judged) -> bool:
    """Whether the run has kept another network than the one that was judged."""
    path = kept_network(context, run)
    return path is not None and stamp_of(path) != before.network


def stamp_of(path: Path) -> tuple[int, int]:
    """Raises OSError."""
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def asked_spec(settings: Settings, run: RunRecord) -> RunConfig:
    """The run's config, or the one by which its network was judged. Raises SpecError."""
    found = judged(settings, run)
    if found is None:
        return need_spec(run)
    config, problems = read(found.config)
    if config is None:
        told = "; ".join(map(str, problems[:3]))
        raise SpecError(f"Another version of Traindeck judged the network of run {run.id} ({told}). Do it again.")
    return config


def like_data(context: Context, run: RunRecord) -> str:
    """Whose inputs its network takes, as the client said by naming a data set; "" where it named none.

    That is the newest run that was trained on it here; else the data set itself.

    Raises:
        NotFoundError: there is neither.
    """
    name = str((run.facts.get("checkpoint") or {}).get("data") or "")
    if not name:
        return ""
    for each in listing(context, RunQuery(limit=_LOOKED_AT)).runs:
        is_of_data = each.kind == NETWORK.name and data_set(each) == name
        if is_of_data and each.state.is_finished and has_checkpoint(context, each):
            return str(each.id)
    if name in data_sets(context.workspace.settings):
        return f"{DATA}{name}"
    raise NotFoundError(
        f"No run here was trained on {quoted(name)}, by which the network could be judged, and no data set of pictures "
        "or rows is called so. Launch one on it, or say whose inputs it takes: --like RUN, MODEL@VERSION or data:NAME."
    )


def data_sets(settings: Settings) -> list[str]:
    """Those that a network can take as they are: pictures and rows. What is on this host."""
    found = [each for each in known(settings) if each.place != "missing"]
    return [each.name for each in found if each.info.is_image or each.info.kind in ("table", "rows")]


def config_of_data(settings: Settings, name: str) -> dict[str, Any]:
    """A config of this data set with its usual options. Raises DataError, NotFoundError."""
    source = source_of(settings, name)
    if name not in data_sets(settings):
        raise DataError(
            f"The data set {quoted(name)} is not on this host, or of texts or series, which are prepared as a run "
            "keeps it. Say which run: --like RUN."
        )
    raw = {"data": source.model_dump(mode="json"), "architecture": {"name": "mlp"}}
    return RunConfig.model_validate(raw).model_dump(mode="json")
