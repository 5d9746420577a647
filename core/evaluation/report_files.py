"""The files of an evaluation in a run's folder, and how they are read: by the server, so without TensorFlow."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from core.common.errors import NotFoundError, TraindeckError
from core.common.safe_files import file_inside
from core.common.settings import Settings
from core.common.text import first_line
from core.data.base import Array
from core.evaluation.report import VERSION, Report
from core.evaluation.samples import load_samples
from core.runs.reported_networks import JUDGED

if TYPE_CHECKING:  # the command line starts without pandas
    import pandas as pd

FOLDER = "artifacts"  # in a run's folder
REPORT, PREDICTIONS, SAMPLES, GENERATED = "evaluation.json", "predictions.parquet", "samples.npz", "samples.jsonl"


class EvaluationError(TraindeckError):
    """A file of an evaluation that cannot be read."""


def folder(settings: Settings, run_id: int) -> Path:
    """Of a network that a script or client left, where it was judged: among its artifacts are files of its own."""
    own = settings.run_dir(run_id)
    return own / (JUDGED if (own / JUDGED).is_dir() else FOLDER)


def file(settings: Settings, run_id: int, name: str) -> Path:
    return folder(settings, run_id) / name


def present(settings: Settings, run_id: int, name: str) -> Path:
    """The file to read. Raises FileNotFoundError when it is not there, or a link that leads out of the run's folder."""
    path = file_inside(settings.run_dir(run_id), f"{folder(settings, run_id).name}/{name}")
    if path is None:
        raise FileNotFoundError(2, "No such file", str(file(settings, run_id, name)))
    return path


def stamp(settings: Settings, run_id: int) -> tuple[int, int]:
    """Changes when the run is evaluated anew; (0, 0) when it was not."""
    try:
        status = present(settings, run_id, REPORT).stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def read_report(settings: Settings, run_id: int) -> Report:
    """Raises NotFoundError when the run has none, EvaluationError when it cannot be read."""
    try:
        report = Report.model_validate_json(present(settings, run_id, REPORT).read_text())
    except FileNotFoundError as error:
        raise NotFoundError(f"Run {run_id} has no evaluation.") from error
    except (OSError, ValidationError) as error:
        raise EvaluationError(_unreadable(run_id, REPORT, error)) from error
    if report.version > VERSION:
        raise EvaluationError(
            f"{REPORT} of run {run_id} was written by a newer version of Traindeck (version {report.version} of the "
            f"file, at most {VERSION} is known). Update Traindeck."
        )
    return report


def read_predictions(settings: Settings, run_id: int, columns: Sequence[str] | None = None) -> "pd.DataFrame":
    """A row per test example, see core.evaluation.predictions. Raises NotFoundError, EvaluationError."""
    import pandas as pd

    try:
        found = present(settings, run_id, PREDICTIONS)
        return pd.read_parquet(found, columns=None if columns is None else list(columns))
    except FileNotFoundError as error:
        raise NotFoundError(f"Run {run_id} has no predictions for a test set. {_AGAIN}") from error
    except (OSError, ValueError, KeyError) as error:
        raise EvaluationError(_unreadable(run_id, PREDICTIONS, error)) from error


def read_pictures(settings: Settings, run_id: int, positions: Sequence[int]) -> dict[int, Array]:
    """Pictures of those of these test examples that were kept; none when there is no file. Raises EvaluationError."""
    try:
        return load_samples(present(settings, run_id, SAMPLES), positions)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise EvaluationError(_unreadable(run_id, SAMPLES, error)) from error


def _unreadable(run_id: int, name: str, error: Exception) -> str:
    """Without the folder, which is nothing for the readers of a report."""
    why = error.strerror if isinstance(error, OSError) and error.strerror else first_line(error)
    return f"{name} of run {run_id} cannot be read ({why}). {_AGAIN}"


_AGAIN = "Evaluate the run anew: on its page where its network was kept, otherwise by launching it again."
