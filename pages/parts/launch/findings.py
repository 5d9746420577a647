"""What is known of the draft of a launch: what is wrong with it, and what the standby says it builds."""

from dataclasses import dataclass

import streamlit as st

from core import runs
from core.common.context import Context
from core.common.errors import DataError, Problem
from core.config.run import RunConfig
from core.data.base import DataInfo
from core.jobs import inspection, preflight
from core.jobs.inspection import Inspection
from core.jobs.preflight import Preflight
from pages.parts.launch import draft, labels
from pages.shared import state


@dataclass(frozen=True)
class Findings:
    """`config` is None when it cannot be read; `problems` are all there are, whoever found them."""

    config: RunConfig | None
    problems: list[Problem]
    answer: Inspection | None
    waiting: bool  # for the standby's answer
    trial: Preflight | None = None  # asked for once the answer is there and has no problem
    trying: bool = False


def findings(context: Context) -> Findings:
    entered = labels.entered()
    config, problems = runs.check_draft(entered.draft(), context, entered.seeds)
    problems = [draft.readable(problem) for problem in problems]
    # The labels do not matter to what is built.
    sound = not any(problem.field.partition(".")[0] in RunConfig.model_fields for problem in problems)
    if config is None or not sound:
        return Findings(config, problems, None, waiting=False)
    answer = look(context, config)
    if answer is None or answer.problems:
        found = answer.found() if answer else _known_of(config)
        return Findings(config, problems + found, answer, waiting=answer is None)
    trial = tried(context, config)
    found = trial.found() if trial else []
    return Findings(config, problems + found, answer, waiting=False, trial=trial, trying=trial is None)


def look(context: Context, config: RunConfig) -> Inspection | None:
    """The standby's answer, remembered by the session so that only a changed question costs a query."""
    question = (config.data, config.architecture, config.training.precision)
    known = st.session_state.get(state.LAUNCH_SEEN)
    if known and known[0] == question:
        remembered: Inspection = known[1]
        return remembered
    answer = inspection.ask(context, config)
    if answer is not None:
        st.session_state[state.LAUNCH_SEEN] = (question, answer)
        st.session_state.pop(state.LAUNCH_ASKED, None)
    return answer


def tried(context: Context, config: RunConfig) -> Preflight | None:
    """What came of the trial, remembered as in `look`. Only the newest trial goes on; one that was left behind ends."""
    asked = preflight.key(config)
    known = st.session_state.get(state.LAUNCH_TRIED)
    if known and known[0] == asked:
        remembered: Preflight = known[1]
        return remembered
    trial = preflight.ask(context, config, given_up=st.session_state.get(state.LAUNCH_TRYING, ""))
    if trial is None:
        st.session_state[state.LAUNCH_TRYING] = asked
    else:
        st.session_state[state.LAUNCH_TRIED] = (asked, trial)
        st.session_state.pop(state.LAUNCH_TRYING, None)
    return trial


def last_tried() -> Preflight | None:
    known = st.session_state.get(state.LAUNCH_TRIED)
    return known[1] if known else None


def _known_of(config: RunConfig) -> list[Problem]:
    """What the standby last said was wrong with the same data, while its answer about the rest is awaited."""
    seen = st.session_state.get(state.LAUNCH_SEEN)
    if not seen or seen[0][0] != config.data:
        return []
    return [problem for problem in seen[1].found() if problem.field.partition(".")[0] == "data"]


def look_again(context: Context, config: RunConfig) -> None:
    """Have the questions answered anew."""
    inspection.forget(context, config)
    preflight.forget(context, config)
    st.session_state.pop(state.LAUNCH_SEEN, None)
    st.session_state.pop(state.LAUNCH_TRIED, None)


def earlier(found: Findings) -> Inspection | None:
    """The answer to an earlier question: better to look at than nothing while the next one is on its way, or while a
    field is wrong; not beside a config of other data that cannot be built.
    """
    known = st.session_state.get(state.LAUNCH_SEEN)
    if not known:
        return None
    same_data = found.config is None or known[0][0] == found.config.data
    seen: Inspection = known[1]
    return seen if found.waiting or same_data else None


def info_of(context: Context, config: RunConfig | None) -> DataInfo | None:
    """None where the config or its data set cannot be read."""
    try:
        return config.data.info(context.workspace.settings) if config else None
    except DataError:
        return None
