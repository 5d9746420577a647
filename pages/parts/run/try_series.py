"""Try it on series: from the end of the data, or of newer rows, what follows."""

import pandas as pd
import streamlit as st

from core.charts import series_charts as charts
from core.common.errors import DataError
from core.data.base import DataInfo
from core.data.picture_input import MOST_BYTES
from core.data.series_times import told
from core.jobs.prediction import Ahead, Input, Prediction
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.shared.format import literal, plural

END, ROWS = "The end of the data", "Newer rows"


def form(run: RunRecord, info: DataInfo) -> Input | None:
    """What the forecast is to follow; None while that is not given."""
    facts = info.series
    assert facts is not None
    way = st.segmented_control("Forecast from", [END, ROWS], default=END, required=True, key=f"run_try_from_{run.id}")
    steps = "step" if facts.horizon == 1 else "steps"
    st.caption(f"The next {facts.horizon:,} {steps} ({told(facts.frequency)}), from the {info.shape[0]:,} before.")
    if way == END:
        return Ahead(series=_series(run, facts.ids))
    columns = ", ".join([facts.time, info.target, *facts.id, *(feature.name for feature in info.features)][:12])
    file = st.file_uploader(
        "File of rows", key=f"run_try_rows_{run.id}", max_upload_size=MOST_BYTES // 2**20,
        help=f"A table with the columns of the data set ({columns}); at least {plural(info.shape[0], 'row')}. Rows "
        f"with an empty {info.target} say what is known ahead.",
    )  # fmt: skip
    name = ""
    if facts.id:
        name = st.text_input("Series", key=f"run_try_of_{run.id}", help=f"Its {', '.join(facts.id)} in the file.")
    if file is None or (facts.id and not name):
        return None
    try:
        return Ahead.of_file(file.getvalue(), file.name, name.strip())
    except DataError as error:
        st.error(literal(str(error)))
        return None


def _series(run: RunRecord, ids: tuple[str, ...]) -> str:
    if len(ids) == 1:
        return ids[0]
    return st.selectbox("Series", ids, key=f"run_try_series_{run.id}")


def show(run: RunRecord, answer: Prediction) -> None:
    target = answer.target or "Forecast"
    figure = charts.ahead(answer.before, answer.forecast, target)
    chart(figure, key=f"run_try_ahead_{run.id}", alt=f"{target}: known, and forecast to follow")
    frame = pd.DataFrame(answer.forecast, columns=["Time", target])
    st.dataframe(frame, hide_index=True, key=f"run_try_values_{run.id}", alt="The forecast", width="content",
                 column_config={target: st.column_config.NumberColumn(format="%.6g")})  # fmt: skip
