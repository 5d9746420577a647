"""Baselines are computed once for a training part and a test set, however many runs learn from them."""

import contextlib
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from core.common.settings import Settings
from core.common.text import first_line
from core.common.whole_files import write_whole
from core.config.edit import dump
from core.config.run import RunConfig
from core.data.base import Dataset
from core.evaluation.baseline_scores import Baseline
from core.evaluation.baselines import baselines
from core.evaluation.report import Report
from core.tracking.run_log import log_error, log_line

_RULES = 2  # of how they are computed; another number makes what was kept out of date
_FILES = TypeAdapter(tuple[Baseline, ...])


def with_baselines(
    report: Report, data: Dataset, config: RunConfig, settings: Settings, heed: Callable[[], object]
) -> Report:
    """The report with the baselines beside it, or a notice why there are none; nothing is raised.

    Args:
        data: as the network takes them.
        config: its data options and seed decide what is trained on, its evaluation which threshold is taken.
        heed: called again and again; what it raises leaves the baselines out, and not the report.
    """
    path = settings.cache_dir / "baselines" / f"{_key(data, config)}.json"
    with contextlib.suppress(OSError, ValidationError):
        return report.model_copy(update={"baselines": _FILES.validate_json(path.read_bytes())})
    log_line("Baselines are fitted on the training part, to have them beside the network.")
    try:
        found = baselines(data, heed, config.evaluation.threshold)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with them, the network's own result is there
        log_error(error)
        notice = f"There is no baseline beside this result: {type(error).__name__}: {first_line(error)}"
        return report.model_copy(update={"notices": (*report.notices, notice)})
    with contextlib.suppress(OSError):
        _keep(path, found)
    return report.model_copy(update={"baselines": found})


def _key(data: Dataset, config: RunConfig) -> str:
    raw = dump(config)
    parts = [
        _RULES,
        version("scikit-learn"),
        data.fingerprint,
        raw["data"],
        raw["seed"],
        raw["evaluation"]["threshold"],
    ]
    if data.info.task == "forecast" and data.numbers is not None:  # a linear forecast is of the target as it is scaled
        parts.append(asdict(data.numbers.target) if data.numbers.target else None)
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def _keep(path: Path, found: tuple[Baseline, ...]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, lambda temporary: temporary.write_bytes(_FILES.dump_json(found)))
