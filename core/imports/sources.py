"""Where runs can come from: command line and page read this table."""

from dataclasses import dataclass

from core.common.errors import NotFoundError
from core.common.text import quoted, suggestion
from core.imports.found_run import Read
from core.imports.from_bundle import read_bundle
from core.imports.from_csv import read_csv
from core.imports.from_mlflow import read_mlflow
from core.imports.from_tensorboard import read_tensorboard
from core.imports.from_wandb import read_wandb


@dataclass(frozen=True)
class Source:
    name: str
    title: str
    accepts: str  # what has to be given, in a few words
    read: Read


SOURCES = {
    source.name: source
    for source in (
        Source("tensorboard", "TensorBoard", "a folder below which event files lie", read_tensorboard),
        Source(
            "mlflow",
            "MLflow",
            "its database mlflow.db, the folder mlruns, or its server, http://host:5000",
            read_mlflow,
        ),
        Source("wandb", "Weights & Biases", "the folder wandb of runs that were logged offline", read_wandb),
        Source("csv", "CSV", "a file for each run, or a folder of them", read_csv),
        Source("traindeck", "Traindeck", "a bundle that another Traindeck exported", read_bundle),
    )
}


def source_named(name: str) -> Source:
    """Raises NotFoundError."""
    if name not in SOURCES:
        known = f"{suggestion(name, SOURCES)}; accepted are {', '.join(SOURCES)}"
        raise NotFoundError(f"Runs of {quoted(name)} cannot be read{known}.")
    return SOURCES[name]
