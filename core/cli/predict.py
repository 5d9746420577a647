"""`predict`: what a run's best network says of one input."""

from pathlib import Path

from core.cli.output import print_json
from core.cli.tables import console, print_table
from core.common.context import Context
from core.common.text import quantity, quoted
from core.data.base import DataInfo
from core.data.picture_input import check_bytes
from core.jobs import prediction
from core.jobs.explanation import TITLES, Explain, Explanation
from core.jobs.explanation_told import checks, compared, named
from core.jobs.prediction import Ahead, Input, Picture, Prediction, PredictionError, Prompt, Row, Text
from core.system.hosts import living_supervisor
from db.records import RunRecord

_SHOWN = 10  # classes in the table


def read_input(
    text: str | None,
    image: Path | None,
    row: list[str],
    prompt: Prompt | None,
    ahead: Ahead | None = None,
    *,
    inverted: bool = False,
) -> Input:
    """The one input that was given. Raises PredictionError, DataError."""
    given: list[Input] = []
    if text is not None:
        given.append(Text(text=text))
    if image is not None:
        given.append(Picture.of_file(_bytes(image), str(image), inverted=inverted))
    if row:
        given.append(Row(values=_values(row)))
    if prompt is not None:
        given.append(prompt)
    if ahead is not None:
        given.append(ahead)
    if len(given) != 1:
        raise PredictionError(
            f"Give one input; received {len(given)}. Accepted are --text, --image, --row feature=value (once for each "
            "feature), --prompt, --file, and of series --forecast, with --series and --rows."
        )
    return given[0]


def refuse_others(*inputs: object) -> None:
    """Raises PredictionError where another input than a file was given, too."""
    if any(each not in (None, []) for each in inputs):
        raise PredictionError("Give --file alone, or one of --text, --image, --row, --prompt and --forecast.")


def _bytes(path: Path) -> bytes:
    """Raises PredictionError, DataError."""
    try:
        check_bytes(path.stat().st_size, str(path))
        return path.read_bytes()
    except OSError as error:
        raise PredictionError(f"{path} cannot be read ({error.strerror}). Give the path of a file.") from error


def ahead(series: str, rows: Path | None) -> Ahead:
    """Raises PredictionError, DataError."""
    return Ahead(series=series) if rows is None else Ahead.of_file(_bytes(rows), rows.name, series)


def _values(row: list[str]) -> dict[str, float | str | None]:
    values: dict[str, float | str | None] = {}
    for text in row:
        name, equals, value = text.rpartition("=")
        if not equals:
            raise PredictionError(
                f"--row must look like feature=value, with nothing after = for missing; got {quoted(text)}."
            )
        values[name.strip()] = value.strip() or None
    return values


def explain_as(method: str, target: str) -> Explain:
    """Raises PredictionError: there is no such method."""
    if method and method not in TITLES:
        raise PredictionError(f"There is no method {quoted(method)} of explaining. There are {', '.join(TITLES)}.")
    return Explain.model_validate({"method": method or None, "target": target})


def predict(
    context: Context,
    run: RunRecord,
    question: Input,
    *,
    as_json: bool,
    as_csv: bool = False,
    explain: Explain | None = None,
) -> None:
    answer = _answer(context, run, question, explain)
    if as_json:
        left_out = {"problem", "seen", "received", "process", *(() if explain else ("explanation",))}
        print_json({"run": run.id, **answer.model_dump(mode="json", exclude=left_out)})
        return
    if answer.explanation is None or not as_csv:
        _show(question, answer, as_csv)
    if answer.explanation is not None:
        _explain(prediction.info(context, run), answer.explanation, as_csv=as_csv)
    if as_csv:
        return
    for note in answer.notes:
        console.print(note, style="dim", markup=False, highlight=False)
    where = f"epoch {answer.epoch:.4g}" if answer.epoch else f"step {answer.step:,}"
    console.print(f"{answer.milliseconds:.0f} ms, best checkpoint, {where}", style="dim", highlight=False)


def _explain(info: DataInfo, found: Explanation, *, as_csv: bool) -> None:
    """What each part says, a row each; of a picture, a row for each of its rows where it is for a program."""
    if found.problem:
        raise PredictionError(found.problem)
    if found.heat and as_csv:
        print_table([str(column) for column in range(len(found.heat[0]))], found.heat, as_csv=True)
        return
    if found.parts:
        _parts(found, as_csv=as_csv)
    if as_csv:
        return
    if found.heat:
        told = f"{TITLES[found.method]} for {found.target}: --json and --csv have the map, row by row."
        console.print(told, markup=False, highlight=False)
    console.print(compared(info, found), markup=False, highlight=False)
    for each in checks(info, found):
        console.print(each.text, style="" if each.is_good else "red", markup=False, highlight=False)


def _parts(found: Explanation, *, as_csv: bool) -> None:
    """Values of features have a column, which tokens do not need."""
    is_next, is_row = found.method == "next_tokens", any(part.given for part in found.parts)
    speaks = "probability" if is_next else f"speaks for {found.target or 'it'}"
    form = "{:.4f}" if is_next else "{:+.4f}"
    rows = [
        [named(each.name), *([each.given] if is_row else []), each.value if as_csv else form.format(each.value)]
        for each in found.parts
    ]
    print_table(["part", *(["value"] if is_row else []), speaks], rows, as_csv=as_csv)


def _answer(context: Context, run: RunRecord, question: Input, explain: Explain | None) -> Prediction:
    """By the warm process of a supervisor, or in this one where there is none. Raises PredictionError."""
    if living_supervisor(context.workspace) is not None:
        return prediction.predict(context, run, question, explain=explain)
    if problem := prediction.not_ready(context, run):
        raise PredictionError(problem)
    from core.cli.jobs_here import done_here

    asked = prediction.Question(run=run.id, input=question, explain=explain)
    answer = done_here(context, prediction.KIND, asked, process=str(run.id))
    if answer.problem:
        raise PredictionError(answer.problem)
    return answer


def _show(question: Input, answer: Prediction, as_csv: bool) -> None:
    if answer.task == "generation":
        prompt = question.text if isinstance(question, Prompt) else ""
        console.print(prompt + answer.text, markup=False, highlight=False)
    elif answer.task == "forecast":
        name = answer.target or "forecast"
        rows = [[time, value if as_csv else quantity(value)] for time, value in answer.forecast]
        print_table(["time", name], rows, as_csv=as_csv)
    elif answer.task == "regression" and as_csv:
        print_table([answer.target or "predicted"], [[answer.number]], as_csv=True)
    elif answer.task == "regression":
        console.print(
            f"{answer.target or 'predicted'}: {quantity(answer.number or 0.0)}", markup=False, highlight=False
        )
    elif answer.task == "multilabel":
        chosen = [share.name for share in answer.classes if share.chosen]
        if not as_csv:
            console.print(f"Labels: {', '.join(chosen) or 'none'}", markup=False, highlight=False)
        shown = answer.classes if as_csv else answer.classes[: max(_SHOWN, len(chosen))]
        labels = [[each.name, each.probability, each.threshold, "yes" if each.chosen else ""] for each in shown]
        print_table(["label", "probability", "threshold", "given"], labels, as_csv=as_csv)
    else:
        shown = answer.classes if as_csv else answer.classes[:_SHOWN]
        rows = [[share.name, share.probability if as_csv else f"{share.probability:.4f}"] for share in shown]
        print_table(["class", "probability"], rows, as_csv=as_csv)
