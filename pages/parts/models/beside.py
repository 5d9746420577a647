"""A version beside others, and beside runs, on a data set that is chosen now."""

import streamlit as st

from core import models, runs
from core.jobs import prediction
from core.jobs.comparison import Chosen
from core.models import CHAMPION, ModelRecord, VersionRecord
from core.runs.records import RunQuery
from pages.parts.compare.on_other import choose
from pages.shared.data import context

_MOST_RUNS = 50  # that are offered, the newest
_MOST_VERSIONS = 100


def beside(model: ModelRecord, version: VersionRecord) -> None:
    """The champion is chosen first, or the version before this one."""
    others = [each for each in model.versions if each.id != version.id]
    champion = model.aliases.get(CHAMPION)
    before = next((each for each in others if each.number < version.number), others[0] if others else None)
    first = champion if champion is not None and champion.id != version.id else before
    rest = [each for one in models.listing(context()) if one.name != model.name for each in one.versions]
    newest = runs.listing(context(), RunQuery(limit=_MOST_RUNS)).runs
    able = [run for run in newest if prediction.is_ready(context(), run)]
    offered: list[Chosen] = [version, *others, *rest[:_MOST_VERSIONS], *able]
    if len(offered) < 2:
        st.caption("There is nothing to compare it with yet: register another version, or train a run.")
        return
    choose(offered, [version, first] if first else [version], f"version_{version.id}")
