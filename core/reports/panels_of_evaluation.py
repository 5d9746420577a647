"""A panel that says how good a run is on its test set, with the picture that its task has."""

from collections.abc import Iterator, Mapping

from core.charts import evaluations, series_charts
from core.common.context import Context
from core.common.digits import number
from core.common.errors import DataError
from core.common.text import percentage, quantity
from core.evaluation import report_files
from core.evaluation.browse import worst_classes
from core.evaluation.report import Report
from core.reports.blocks import Block, Chart, Table, Words
from core.reports.panel_specs import EvaluationPanel
from core.runs.reading import get

_MOST_CLASSES = 40


def of_evaluation(context: Context, panel: EvaluationPanel) -> list[Block]:
    """Raises NotFoundError, EvaluationError, and DataError where nothing of it could be computed."""
    run = get(context, panel.run)
    report = report_files.read_report(context.workspace.settings, run.id)
    scores = {name: text for name, text in _scores(report).items() if text}
    if not scores:
        raise DataError(" ".join(report.notices) or f"The evaluation of run {run.id} has no figures.")
    table = Table(tuple(scores), (tuple(scores.values()),), "Scores on the test set", tuple(range(len(scores))))
    notices = [Words(each, "small") for each in report.notices]
    return [Words(f"#{run.id} {run.name} on its test set", "heading"), table, *_pictures(report), *notices]


def _scores(report: Report) -> Mapping[str, str]:
    """By the names that the Evaluation tab has for them."""
    if (found := report.classification) is not None:
        return {
            "Accuracy": percentage(found.accuracy, 2),
            "Balanced accuracy": _share(found.balanced_accuracy),
            "ROC AUC": _number(found.roc_auc),
        }
    if (labels := report.multilabel) is not None:
        return {
            "F1, micro": _number(labels.chosen.f1_micro),
            "F1, macro": _number(labels.chosen.f1_macro),
            "All labels right": percentage(labels.chosen.subset_accuracy, 2),
            "Average precision": _number(labels.average_precision),
        }
    if (errors := report.regression) is not None:
        return {"MAE": quantity(errors.mae, 4), "RMSE": quantity(errors.rmse, 4), "R²": _number(errors.r2)}
    if (made := report.forecast) is not None:
        return {
            "MAE": quantity(made.network.mae, 4),
            "RMSE": quantity(made.network.rmse, 4),
            "MASE": _number(made.network.mase),
            "sMAPE, %": _number(made.network.smape),
        }
    if (written := report.generation) is not None:
        return {
            "Perplexity": _number(written.perplexity),
            "Loss, nats per token": number(written.loss),
            "Accuracy": _share(written.accuracy),
        }
    return {}


def _share(value: float | None) -> str:
    return "" if value is None else percentage(value, 2)


def _number(value: float | None) -> str:
    return "" if value is None else number(value)


def _pictures(report: Report) -> Iterator[Block]:
    if (found := report.classification) is not None:
        names = [each.name for each in found.classes]
        drawn = worst_classes(found.confusion, _MOST_CLASSES)
        counts = found.confusion[drawn][:, drawn]
        figure = evaluations.confusion(counts, [names[each] for each in drawn])
        yield Chart(figure, "Confusion matrix: true classes by row")
    if report.regression is not None and report.regression.points:
        figure = evaluations.predicted_against_true(report.regression, report.target)
        yield Chart(figure, "Predicted against true values")
    if (made := report.forecast) is not None:
        steps = {"network": made.network.step_mae} | {each.name: each.step_mae for each in report.baselines}
        yield Chart(series_charts.by_step(steps, report.target), "Mean absolute error by step ahead")
    if (written := report.generation) is not None:
        figure = evaluations.loss_by_position(written.by_position, written.length)
        yield Chart(figure, "Loss by the number of tokens read")
