"""Where the disk goes: what Traindeck takes, by experiment, and what is left."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field

import db.health
from core.common.context import Context
from core.runs import folder_bytes


@dataclass(frozen=True)
class Disk:
    """Bytes."""

    free: int
    total: int
    runs: int  # files of runs that are not in the trash
    trash: int
    models: int  # what they keep of runs that are gone; what a run has, too, is counted there
    datasets: int
    cache: int  # what XLA compiled, and how fast each engine was
    database: int  # with its write-ahead log
    by_experiment: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # number of runs and their bytes

    @property
    def used(self) -> int:
        """By Traindeck, in all."""
        return self.runs + self.trash + self.models + self.datasets + self.cache + self.database


def measure(context: Context) -> Disk:
    """Looks at every file of every run: call it seldom."""
    with context.workspace.read() as session:
        owners = list(db.health.run_experiments(session))
        database = db.health.size(session)
    by_experiment: dict[str, tuple[int, int]] = {}
    trash = 0
    for run_id, experiment, trashed in owners:
        size = folder_bytes(context.workspace.settings.run_dir(run_id))
        if trashed:
            trash += size
            continue
        runs, before = by_experiment.get(experiment, (0, 0))
        by_experiment[experiment] = (runs + 1, before + size)
    file = context.workspace.settings.database_file
    log = file.with_name(f"{file.name}-wal") if file else None
    usage = shutil.disk_usage(context.workspace.settings.home)
    return Disk(
        free=usage.free,
        total=usage.total,
        runs=sum(size for _, size in by_experiment.values()),
        trash=trash,
        models=folder_bytes(context.workspace.settings.models_dir, unshared=True),
        datasets=folder_bytes(context.workspace.settings.datasets_dir),
        cache=folder_bytes(context.workspace.settings.cache_dir),
        database=database + (log.stat().st_size if log and log.exists() else 0),
        by_experiment=dict(sorted(by_experiment.items(), key=lambda item: -item[1][1])),
    )
