"""The evaluation of a regression."""

import pandas as pd
import streamlit as st

from core.charts import evaluations as charts
from core.evaluation.browse import largest_errors
from core.evaluation.report import Regression, Report
from core.runs.highlights import loss_note
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.parts.evaluation.examples import examples
from pages.parts.evaluation.tiles import Tile, tiles
from pages.shared.data import Stamp, predictions
from pages.shared.format import literal, number, plural

_LARGEST = 20


def _reached(run: RunRecord, errors: Regression) -> list[Tile]:
    """Of a run that learned a quantile, how many values lie below what it says."""
    loss = run.facts.get("loss") or {}
    if loss.get("name") != "quantile":
        return []
    meaning = "Share of the true values that are at most as large as predicted"
    return [Tile("Below", errors.below, meaning, f"to be {loss['quantile']:g}")]


def show(run: RunRecord, report: Report, errors: Regression, version: Stamp) -> None:
    target = f" of {report.target}" if report.target else ""
    tiles(
        Tile("MAE", errors.mae, "Mean absolute error, in the target's unit", plural(report.examples, "example")),
        Tile("RMSE", errors.rmse, "Root mean squared error: large errors weigh more; in the target's unit"),
        Tile("R²", errors.r2, "1 is perfect, 0 as good as always guessing the mean"),
        Tile("Loss", report.loss, loss_note(run.facts) or "As while training, a share of the target's variance"),
        *_reached(run, errors),
        Tile("Median error", errors.median_error, "Half of the absolute errors are smaller"),
    )
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True):
        st.markdown(f"**Predicted against true values** :gray[{literal(target)}]")
        chart(
            charts.predicted_against_true(errors, report.target),
            key=f"run_predicted_chart_{run.id}",
            alt=f"Predicted against true values{target}",
        )
    with right, st.container(border=True):
        st.markdown("**Residuals** :gray[true minus predicted]")
        chart(charts.residuals(errors), key=f"run_residuals_chart_{run.id}", alt="Histogram of the residuals")
    spread = pd.DataFrame({share: [number(value)] for share, value in errors.quantiles.items()})
    st.caption("Quantiles of the residuals")
    st.dataframe(spread, hide_index=True, key="run_quantiles", alt="Quantiles of the residuals", width="content")
    frame = predictions(run.id, version)
    if frame is not None:
        st.subheader("Largest errors", anchor=False)
        examples(
            run.id, largest_errors(frame).head(_LARGEST), [], key="run_errors", alt="Test examples, largest errors"
        )
