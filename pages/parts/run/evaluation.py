"""The Evaluation tab: how good the best checkpoint is on the test set, or why that is not known."""

import streamlit as st

from core import runs
from core.common.errors import NotFoundError
from core.data.source_options import CorpusSource
from core.evaluation.report_files import EvaluationError, stamp
from core.reports.panel_specs import EvaluationPanel
from core.runs import NETWORK, highlights
from core.runs.records import RunRecord, RunState
from core.runs.reported_networks import judged
from pages.parts.evaluation import baselines, classes, forecast, generator, importance, labels, numbers, worst
from pages.parts.run import evaluate_now
from pages.shared.add_to_report import add_to_report
from pages.shared.data import context, evaluation_report, workspace
from pages.shared.format import literal


def generates(run: RunRecord) -> bool:
    """Whether the run learns to write text, which is shown while it learns."""
    config = runs.spec(run)
    return config is not None and isinstance(config.data, CorpusSource)


def show(run: RunRecord) -> None:
    if away := runs.elsewhere(workspace().settings, run):
        st.info(literal(away), icon=":material/dns:")
        return
    version = stamp(workspace().settings, run.id)
    try:
        report = evaluation_report(run.id, version)
    except NotFoundError:
        st.info(_why_none(run), icon=":material/info:")
        if run.kind == NETWORK.name and run.state.is_finished:
            evaluate_now.offer(run)
        return
    except EvaluationError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    for note in filter(None, (report.made_of, report.views_note)):
        st.caption(literal(note))
    for notice in report.notices:
        st.warning(literal(notice), icon=":material/info:")
    baselines.show(report)
    if report.classification is not None:
        classes.show(run, report, report.classification, version)
    elif report.multilabel is not None:
        labels.show(run, report, report.multilabel, version)
    elif report.regression is not None:
        numbers.show(run, report, report.regression, version)
    elif report.forecast is not None:
        forecast.show(run, report, report.forecast, version)
    elif report.generation is not None:
        generator.show(run, report.generation, version)
    else:  # a notice above says why
        return
    add_to_report(EvaluationPanel(run=run.id), "evaluation")
    worst.show(run, report, version)
    importance.show(run)


def _why_none(run: RunRecord) -> str:
    if (known := judged(workspace().settings, run)) is not None:
        return f"Its network can be tried, and is not measured: {literal(known.facts['uploaded']['unmeasured'])}."
    if not run.state.is_finished:
        return "When training ends, the best checkpoint is evaluated on the test set, and the result is shown here."
    if run.state is RunState.STOPPED:
        return "The run was stopped before its end, where it would have been evaluated. Resume it to have that done."
    if run.state in (RunState.FAILED, RunState.LOST):
        return "The run ended before it could be evaluated on the test set."
    if (config := runs.spec(run)) is not None and not config.evaluation.test:
        return "Its config asks for no test at the end. Clone and edit it, with Test at the end switched on."
    if told := highlights.no_best(context(), run):
        return f"{told}, so nothing was evaluated. {highlights.CHANGE}"
    if run.facts.get("examples", {}).get("test") == 0:
        return "Its data set has no test examples to evaluate it on."
    if run.reason:
        return "The run has no evaluation. What it said at its end is shown above, and its log has more."
    return "The run has no evaluation: it is from before they were kept. Relaunch it to get one."
