"""The best network on the test set, with baselines beside it: at the end of a run, or later when somebody asks."""

from collections.abc import Callable, Mapping
from typing import Any

import keras
import pandas as pd

from core.common.settings import Settings
from core.config.run import RunConfig
from core.data.base import Dataset
from core.engine import setup
from core.engine.loss_functions import is_cross_entropy
from core.engine.picture_views import views_note, with_views
from core.evaluation.baseline_cache import with_baselines
from core.evaluation.baseline_scores import FACT, verdict
from core.evaluation.evaluate import judge
from core.evaluation.report import Report
from core.runs.highlights import loss_note
from core.tracking.run_log import log_line, told


def final_evaluation(
    model: keras.Model,
    data: Dataset,
    config: RunConfig,
    facts: Mapping[str, Any],
    settings: Settings,
    heed: Callable[[], object],
) -> tuple[Report, pd.DataFrame]:
    """The report and all predictions of a compiled model with the weights it has; both are told in the log.

    Args:
        data: as the network takes them; its test set is not empty.
        facts: of the run, by which its loss is named.
        heed: called again and again; what it raises ends the evaluation, or leaves out the baselines.
    """
    targets = setup.targets(model, data.y_test)
    entropies = is_cross_entropy(model.loss)
    asked = with_views(model, config.evaluation)
    report, predictions = judge(asked, data, targets, heed, config.evaluation.threshold, entropies=entropies)
    notes = {"loss_note": loss_note(facts), "views_note": views_note(config.evaluation)}
    report = report.model_copy(update=notes)
    log_line(told(report.metrics()) or "No test metrics")
    if report.metrics():
        report = with_baselines(report, data, config, settings, heed)
    for notice in filter(None, (report.views_note, *report.notices)):
        log_line(notice)
    if found := verdict(report.metrics(), report.baselines, report.examples):
        log_line(found.text)
    return report, predictions


def baseline_facts(report: Report) -> dict[str, Any]:
    """The baselines, for the run's facts."""
    found = [each.model_dump(mode="json", exclude={"step_mae"}) for each in report.baselines]
    return {FACT: found} if found else {}
