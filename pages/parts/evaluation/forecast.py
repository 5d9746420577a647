"""The evaluation of a network of time series: its errors beside those of plain forecasts, and how both look."""

import pandas as pd
import streamlit as st

from core.charts import series_charts as charts
from core.evaluation import forecast_browse as browse
from core.evaluation.forecast_report import Forecast
from core.evaluation.forecasts import TIME
from core.evaluation.report import Report
from core.runs.highlights import loss_note
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.parts.evaluation.tiles import Tile, tiles
from pages.shared.data import Stamp, predictions
from pages.shared.format import literal, plural

_FIRST = 400  # forecasts of which the time is drawn at first
_PLACES = 200  # that a stretch may begin and end at


def show(run: RunRecord, report: Report, made: Forecast, version: Stamp) -> None:
    network, unit = made.network, report.target or "the target's unit"
    season = f"season {made.season}" if made.season > 1 else "no season"
    tiles(
        Tile("MAE", network.mae, f"Mean absolute error, in {unit}", plural(made.windows, "forecast")),
        Tile("RMSE", network.rmse, f"Root mean squared error: large errors weigh more; in {unit}"),
        Tile("MASE", network.mase, "Mean absolute scaled error: 1 is the error of the seasonal naive forecast over the "
             "training part; below is better (Hyndman and Koehler, 2006)", season),
        Tile("sMAPE", network.smape, "Symmetric mean absolute percentage error, 0 to 200", "%"),
        Tile("Loss", report.loss, loss_note(run.facts) or "As while training, a share of the target's variance"),
    )  # fmt: skip
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, key="run_forecast_steps"):
        st.markdown("**Error by steps ahead**")
        errors = {"network": network.step_mae} | {each.name: each.step_mae for each in report.baselines}
        chart(charts.by_step(errors, report.target), key=f"run_steps_{run.id}", alt="Mean absolute error by step ahead")
    with right, st.container(border=True, height="stretch", key="run_forecast_baselines"):
        _baselines(report, made)
    frame = predictions(run.id, version)
    if frame is not None and not frame.empty:
        with st.container(border=True, key="run_forecast_chart"):
            st.fragment(_drawn)(run, report, made, frame)


def _baselines(report: Report, made: Forecast) -> None:
    st.markdown(f"**Beside plain forecasts** :gray[· {made.frequency}, the next {plural(made.horizon, 'step')}]")
    all_ = {"network": report.metrics()} | {each.name: each.metrics for each in report.baselines}
    shown = {"MAE": "test_mae", "RMSE": "test_rmse", "MASE": "test_mase", "sMAPE %": "test_smape"}
    frame = pd.DataFrame(
        {title: [values.get(name) for values in all_.values()] for title, name in shown.items()}, dtype=float
    )
    frame.insert(0, "Forecast", list(all_))
    columns = {name: st.column_config.NumberColumn(format="%.4g") for name in shown}
    st.dataframe(frame, hide_index=True, key="run_baselines", alt="Errors of the network and of baselines",
                 column_config=columns)  # fmt: skip
    if not report.baselines:
        return
    repeated = f"the value {made.season} steps before" if made.season > 1 else "no season is known, so the last value"
    st.caption(
        f"naive: the last value goes on. seasonal naive: {repeated}. linear (ridge): a linear function of the same "
        "windows, its penalty chosen in validation. MASE is measured over the training part. "
        f"The last of them: {literal(report.baselines[-1].told)}"
    )


def _drawn(run: RunRecord, report: Report, made: Forecast, frame: pd.DataFrame) -> None:
    st.markdown("**Forecasts against the truth** :gray[· of the test part]")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = list(dict.fromkeys(frame["series"]))
        name = names[0]
        if len(names) > 1:
            name = st.selectbox("Series", names, key="run_forecast_series", width=240)
        step = st.selectbox(
            "Shown", range(browse.steps_of(frame) + 1), format_func=_label, key="run_forecast_step", width=320,
            help="Whole forecasts, each where the one before ends; or of every forecast the value so many steps ahead.",
        )  # fmt: skip
        of = _stretch(frame[frame["series"] == name].reset_index(drop=True), made)
    drawn = browse.ahead(of, step) if step else browse.whole(of)
    chart(
        charts.against_truth([browse.truth(of), *drawn], made.dated, report.target),
        key=f"run_forecasts_{run.id}",
        alt=f"Forecasts of {report.target or 'the target'} against the truth",
    )


def _label(step: int) -> str:
    return f"{plural(step, 'step')} ahead" if step else "Whole forecasts, one after another"


def _stretch(frame: pd.DataFrame, made: Forecast) -> pd.DataFrame:
    """Asks for a stretch of the time; by default the whole of it, unless it is long."""
    if len(frame) <= 2 * made.horizon:
        return frame
    times = frame[f"{TIME}1"].to_numpy()
    places = list(range(0, len(frame), -(-len(frame) // _PLACES)))
    if places[-1] != len(frame) - 1:
        places.append(len(frame) - 1)
    labels = {place: _moment(int(times[place]), made.dated) for place in places}
    first = max(0, len(places) - 1 - _FIRST * len(places) // len(frame)) if len(frame) > _FIRST else 0
    low, high = st.select_slider(
        "Stretch", places, (places[first], places[-1]), format_func=lambda place: labels[place],
        key="run_forecast_stretch", width=420,
    )  # fmt: skip
    return frame.iloc[low : high + 1]


def _moment(time: int, dated: bool) -> str:
    return str(pd.Timestamp(time, unit="s")).removesuffix(" 00:00:00") if dated else f"{time:,}"
