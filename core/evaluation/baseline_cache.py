"""Plain models are computed once for a training part and a test set, however many runs learn from them."""

import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from core.common.settings import Settings
from core.common.whole_files import write_whole
from core.data.base import Dataset
from core.evaluation.baseline_scores import Baseline
from core.evaluation.baselines import baselines
from core.evaluation.report import Report
from core.tracking.run_log import log_error, log_line

_RULES = 1  # of how they are computed; another number makes what was kept out of date
_FILES = TypeAdapter(tuple[Baseline, ...])


def with_baselines(
    report: Report, data: Dataset, source: Mapping[str, Any], seed: int, settings: Settings, heed: Callable[[], object]
) -> Report:
    """The report with the plain models beside it, or a notice why there are none; nothing is raised.

    Args:
        data: as the network takes them.
        source: the options of its data set, which decide with the seed what is trained on.
        heed: called again and again; what it raises leaves the plain models out, and not the report.
    """
    path = settings.cache_dir / "baselines" / f"{_key(data, source, seed)}.json"
    with contextlib.suppress(OSError, ValidationError):
        return report.model_copy(update={"baselines": _FILES.validate_json(path.read_bytes())})
    log_line("Plain models are fitted on the training part, to have them beside the network.")
    try:
        found = baselines(data, heed)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with them, the network's own result is there
        log_error(error)
        text = str(error).partition("\n")[0]
        notice = f"There is no plain model beside this result: {type(error).__name__}: {text}"
        return report.model_copy(update={"notices": (*report.notices, notice)})
    with contextlib.suppress(OSError):
        _keep(path, found)
    return report.model_copy(update={"baselines": found})


def _key(data: Dataset, source: Mapping[str, Any], seed: int) -> str:
    parts = [_RULES, version("scikit-learn"), data.fingerprint, dict(source), seed]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def _keep(path: Path, found: tuple[Baseline, ...]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, lambda temporary: temporary.write_bytes(_FILES.dump_json(found)))
