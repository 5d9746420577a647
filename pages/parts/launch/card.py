"""The Launch page's card with the button: how the runs will be called, how many, and what came of the last click."""

import streamlit as st

from core import runs
from core.common.context import Context
from core.common.errors import ConfigError, Problem, TraindeckError
from core.runs import DEFAULT_EXPERIMENT
from pages.parts.launch import draft, labels, varying
from pages.parts.launch.config_form import show_problems
from pages.parts.launch.findings import Findings, findings, info_of
from pages.parts.launch.preflight_view import draw_trial
from pages.parts.launch.seeding import is_current, seed
from pages.parts.launch.sweep_card import draw_sweep
from pages.shared import state
from pages.shared.clicks import once
from pages.shared.format import literal, plural
from pages.shared.nav import COMPARE, RUN

_SWEEP = f"{state.LAUNCH_SWEEP}_toggle"
_LINKS = 6  # runs of one launch that get a link each
_COMPARED = 20  # runs that still compare well on one page


def draw_card(context: Context, found: Findings) -> None:
    problems, entered = found.problems, labels.entered()
    with st.container(border=True, key="launch_card"):
        _labels(context, problems)
        _more(context, problems)
        draw_trial(context, found, info_of(context, found.config))
        toggle = seed(_SWEEP, varying.is_on())
        st.toggle(
            "Sweep", varying.is_on(), key=toggle, on_change=_toggle_sweep, args=(toggle,),
            help="Search: mark fields to vary, and have many configs tried",
        )  # fmt: skip
        if varying.is_on():
            draw_sweep(context, found)
            return
        seeds, button = st.columns([1, 2], vertical_alignment="bottom")
        with seeds:
            st.number_input(
                "Seeds",
                step=1,
                min_value=1,
                max_value=100,
                help="So many runs, which differ in nothing but the seed: each counts one up.",
                **labels.widget("seeds", entered.seeds),
            )
        folds = draft.folds()
        if folds > 1:
            st.toggle(
                f"All {folds} folds",
                entered.runs_all_folds,
                help="Cross-validation: a run for each fold, each of which holds back another part for validation.",
                **labels.widget("all_folds", entered.runs_all_folds),
            )
        count = entered.seeds * (folds if entered.runs_all_folds else 1)
        button.button(
            f"Launch {plural(count, 'run')}" if count > 1 else "Launch",
            key="launch_go",
            type="primary",
            icon=":material/rocket_launch:",
            width="stretch",
            **once("launch_go", _launch, context),
        )
        _at(problems, "seeds")
        _outcome(context, problems)


def _toggle_sweep(key: str) -> None:
    if is_current(_SWEEP, key):
        st.session_state[state.LAUNCH_SWEEP] = st.session_state[key]


def _labels(context: Context, problems: list[Problem]) -> None:
    given = labels.entered()
    name, experiment = st.columns(2)
    with name:
        st.text_input("Name", given.name, placeholder="named for you", **labels.widget("name", given.name))
        _at(problems, "name")
    with experiment:
        chosen = given.experiment or None
        offered = list(dict.fromkeys([*runs.experiments(context), DEFAULT_EXPERIMENT, *([chosen] if chosen else [])]))
        st.selectbox(
            "Experiment",
            offered,
            index=offered.index(chosen) if chosen else None,
            accept_new_options=True,
            placeholder=DEFAULT_EXPERIMENT,
            help="A group of runs. Choose one, or type the name of a new one.",
            **labels.widget("experiment", chosen),
        )
        _at(problems, "experiment")


def _more(context: Context, problems: list[Problem]) -> None:
    given = labels.entered()
    count = sum(map(bool, (*given.tags, given.notes)))
    with st.expander("Tags, notes, launched by" + (f" · {count}" if count else ""), key="launch_more"):
        chosen = list(given.tags)
        st.multiselect(
            "Tags",
            list(dict.fromkeys([*runs.all_tags(context), *chosen])),
            default=chosen,
            accept_new_options=True,
            placeholder="Choose or type",
            **labels.widget("tags", chosen),
        )
        _at(problems, "tags")
        st.text_area("Notes", given.notes, height="content", **labels.widget("notes", given.notes))
        st.text_input("Launched by", given.created_by, **labels.widget("created_by", given.created_by))
        _at(problems, "created_by")


def _at(problems: list[Problem], field: str) -> None:
    show_problems([problem for problem in problems if problem.field == field], f"launch_{field}")


def _launch(context: Context) -> None:
    entered = labels.entered()
    st.session_state.pop(state.LAUNCH_REFUSED, None)
    st.session_state.pop(state.LAUNCH_RUNS, None)
    problems = findings(context).problems
    try:
        if problems:
            raise ConfigError(problems)
        created = runs.create(context, entered.draft(), entered.seeds)
    except TraindeckError as error:
        st.session_state[state.LAUNCH_REFUSED] = error
    else:
        st.session_state[state.LAUNCH_RUNS] = created


def _outcome(context: Context, problems: list[Problem]) -> None:
    refused = st.session_state.get(state.LAUNCH_REFUSED)
    if isinstance(refused, ConfigError):
        if problems:  # they stand at their fields and in the panel
            count = plural(len(problems), "problem")
            st.error(f"Nothing was launched: {count} to solve first.", icon=":material/block:")
    elif refused:
        st.error(literal(str(refused)), icon=":material/block:")
    launched = runs.get_many(context, st.session_state.get(state.LAUNCH_RUNS, ()))
    if not launched:
        return
    with st.container(key="launch_done", gap="xsmall"):
        st.success(f"{plural(len(launched), 'run')} queued", icon=":material/check:")
        for run in launched[:_LINKS]:
            label = f"Open {literal(run.name, 60)}"
            st.page_link(RUN.path, label=label, icon=RUN.icon, query_params={"id": str(run.id)})
        together = [run.id for run in launched]
        if draft.origin().run_id is not None:
            together.insert(0, int(draft.origin().run_id or 0))
        if len(together) > 1:
            query = {"runs": ",".join(map(str, together[:_COMPARED]))}
            label = "Compare with the run it came from" if len(launched) == 1 else "Compare them"
            st.page_link(COMPARE.path, label=label, icon=COMPARE.icon, query_params=query)
