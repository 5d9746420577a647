"""What is computed of thousands of runs, kept until something is written to the store: shared by all who look at it.

It is the same object for everybody, and nobody changes it.
"""

from typing import Any

import pandas as pd
import streamlit as st

from core.comparison.sweep_frames import trial_frame
from core.comparison.whole_experiment import KeptExperiment, Ranked, WholeExperiment, ranked
from core.runs.store_moments import StoreMoments
from core.sweeps.kept_sweep import kept_view
from core.sweeps.trials import SweepView
from core.verdicts.repeats import Kind
from pages.shared.data import context, workspace


@st.cache_resource
def _moments() -> StoreMoments:
    return StoreMoments(workspace())


def sweep_view(sweep_id: int) -> SweepView:
    """Raises NotFoundError."""
    return _sweep(sweep_id, _moments().now())


@st.cache_resource(max_entries=12, show_spinner=False)
def _sweep(sweep_id: int, moment: int) -> SweepView:
    return kept_view(context(), sweep_id)


def trials_of(sweep: SweepView) -> pd.DataFrame:
    """As `trial_frame` has them; not to be changed."""
    return _trials(id(sweep), sweep)[1]


@st.cache_resource(max_entries=4, show_spinner=False)
def _trials(number: int, _sweep: SweepView) -> tuple[SweepView, pd.DataFrame]:
    """With the view itself, so that no other gets its `number` as long as this is kept."""
    return _sweep, trial_frame(_sweep)


def experiment(name: str) -> WholeExperiment:
    """Its runs by config. Of runs that it had at the last look only those that changed are read again."""
    return _experiment(name, _moments().now())


@st.cache_resource(max_entries=2, show_spinner="Reading the runs")
def _experiment(name: str, moment: int) -> WholeExperiment:
    return _rows(name).read(context())


@st.cache_resource(max_entries=2, show_spinner=False)
def _rows(name: str) -> KeptExperiment:
    return KeptExperiment(name)


def on_data_set(found: WholeExperiment, data: str) -> WholeExperiment:
    """Of its configs those on this data set."""
    return _on(id(found), data, found)[1]


@st.cache_resource(max_entries=4, show_spinner=False)
def _on(number: int, data: str, _found: WholeExperiment) -> tuple[Any, WholeExperiment]:
    """With the experiment itself, as `_trials`."""
    return _found, _found.on(data)


def ranked_by(found: WholeExperiment, metric: str, kind: Kind) -> Ranked:
    """Its configs, the best first."""
    return _ranked(id(found), metric, kind, found)[1]


@st.cache_resource(max_entries=4, show_spinner=False)
def _ranked(number: int, metric: str, kind: Kind, _found: WholeExperiment) -> tuple[Any, Ranked]:
    """With the experiment itself, as `_trials`."""
    return _found, ranked(_found, metric, kind)
