"""`predict --file`: a run's best network asked about a whole file, in this process; the answers as CSV or Parquet."""

import shutil
import sys
from itertools import chain, count
from pathlib import Path

from core.cli.jobs_here import done_here
from core.cli.output import print_json
from core.cli.tables import console, print_table
from core.common.context import Context
from core.jobs import batch_prediction
from core.jobs.batch_prediction import Format
from core.jobs.prediction import PredictionError, not_ready
from db.records import RunRecord

_FORMATS: dict[str, Format] = {".csv": "csv", ".parquet": "parquet", ".pq": "parquet"}


def free_name(path: Path) -> Path:
    """It, or its name with the first number with which there is no such file: nothing that is there is written over."""
    others = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(each for each in chain((path,), others) if not each.exists())


def predict_file(
    context: Context, run: RunRecord, file: Path, out: Path | None, column: str, *, as_json: bool, as_csv: bool = False
) -> None:
    """Raises PredictionError, OSError."""
    target = out or free_name(Path("predictions.csv"))
    form = _FORMATS.get(target.suffix.lower())
    if form is None:
        raise PredictionError(f"--out must end in .csv or .parquet; received {target}.")
    if not file.is_file():
        raise PredictionError(f"There is no file {file}. Give a table, or a zip of pictures.")
    if problem := not_ready(context, run):
        raise PredictionError(problem)
    settings = context.workspace.settings
    asked, place = batch_prediction.placed(settings, run, file.name, format=form, text_column=column)
    try:
        place.symlink_to(file.resolve())
        done = done_here(context, batch_prediction.KIND, asked)
        if done.problem:
            raise PredictionError(done.problem)
        try:
            shutil.copyfile(batch_prediction.answers(settings, asked), target)
        except OSError as error:
            raise PredictionError(f"{target} cannot be written: {error.strerror}. Give another --out.") from error
    finally:
        shutil.rmtree(place.parent, ignore_errors=True)
    if as_json:
        kept = done.model_dump(mode="json", exclude={"problem", "first"})
        print_json({"run": run.id, "out": str(target), **kept})
        return
    for note in (*done.notes, f"Written to {target.absolute()}."):
        sys.stderr.write(f"{note}\n")
    print_table(list(done.columns[:8]), [list(row[:8]) for row in done.first[:5]], as_csv=as_csv)
    if as_csv:
        return
    where = f"epoch {done.epoch:.4g}" if done.epoch else f"step {done.step:,}"
    console.print(
        f"{done.rows:,} rows in {target}, by the best checkpoint, {where}.", style="dim", markup=False, highlight=False
    )
