"""The Script page: a person's own script, from its folder, zip or an earlier run, with a form for what it takes."""

import streamlit as st

from core import runs
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError, Problem, TraindeckError
from core.scripts.check_script import Script, look_up
from core.scripts.entry_points import entry_points
from core.scripts.projects import source_of
from core.scripts.spec import ScriptSpec
from pages.parts.script import config_form, more, parameter_form, varied_parameters
from pages.parts.script.source_choice import Chosen, choose
from pages.shared import state
from pages.shared.clicks import begin_button
from pages.shared.data import context
from pages.shared.format import literal, plural
from pages.shared.nav import LAUNCH, RUN, RUNS, SCRIPT

_LIMITS = 5  # sentences that are shown


def main() -> None:
    _see_launched()
    acting = context()
    st.title(SCRIPT.title, anchor=False)
    st.caption("Your own code, as it is: what it takes becomes a form, and its code is kept with the run.")
    st.page_link(LAUNCH.path, label="Configure a network instead", icon=LAUNCH.icon, help="")
    chosen = choose(acting)
    if chosen is None:
        return
    try:
        begun = _entry(acting, chosen)
        if begun is not None:
            _form(acting, chosen, begun, look_up(begun, acting.workspace.settings))
    except (TraindeckError, OSError) as error:
        st.error(literal(str(error)), icon=":material/error:")


def _entry(acting: Context, chosen: Chosen) -> ScriptSpec | None:
    """What the form begins with: the entry that is chosen, and the rest of the run that is copied."""
    folder = source_of(acting.workspace.settings, chosen.project)
    known = {each.name: each.title for each in entry_points(folder)}
    if not known and chosen.spec is None:
        raise NotFoundError(f"{folder} has no Python script. Choose another folder.")
    names = list(dict.fromkeys([*([chosen.spec.entry] if chosen.spec else []), *known]))
    name = st.selectbox(
        "Script",
        names,
        format_func=lambda each: f"{known[each]} ({each})" if known.get(each) else each,
        accept_new_options=True,
        key=f"script_entry:{chosen.key}",
        help="A file of the project, -m package, or package.module:function",
    )
    if not name:
        return None
    base = chosen.spec or ScriptSpec(entry=name)
    return base.model_copy(update={"project": chosen.project, "entry": name})


def _form(acting: Context, chosen: Chosen, begun: ScriptSpec, script: Script) -> None:
    reading, key = script.reading, f"script:{chosen.key}:{begun.entry}"
    if reading.description:
        st.caption(literal(reading.description, 400))
    command = ""
    if reading.commands:
        place = reading.commands.index(begun.command) if begun.command in reading.commands else 0
        command = st.selectbox("Command", reading.commands, index=place, key=f"{key}_command")
    parameters = reading.of(command)
    form, card = st.columns([3, 2], gap="medium")
    with form:
        words = ""
        if len(parameters) > 10:
            words = st.text_input(
                "Find a parameter", key=f"{key}_find", placeholder="Find a parameter", icon=":material/search:",
                label_visibility="collapsed",
            )  # fmt: skip
        if parameters:
            told = f"{plural(len(parameters), 'parameter')}, read from its source: {', '.join(reading.ways)}"
            st.caption(literal(told))
        else:
            st.caption("No arguments were found in its source; any can be given below.")
        marks = varied_parameters.marks_of(key)
        under = varied_parameters.under(marks, reading.seed) if varied_parameters.is_on(key) else None
        values = parameter_form.draw(parameters, begun.arguments, f"{key}:{command}", words, under)
        for limit in reading.limits[:_LIMITS]:
            st.caption(f":material/info: {literal(limit)}")
        config = config_form.draw(script.folder, begun, key, is_new=chosen.run is None)
        rest = more.draw_more(chosen, script.folder, begun, key)
    raw = {
        "project": chosen.project.model_dump(mode="json"),
        "entry": begun.entry,
        "command": command,
        "arguments": {name: value for name, value in values.items() if value is not None},
        **config,
        **rest,
    }
    with card, st.container(border=True):
        seed = "" if varied_parameters.is_on(key) else reading.seed  # a sweep has repeats
        labels = more.draw_labels(acting, chosen, key, seed=seed)
        draft = runs.Draft(
            raw,
            labels.name,
            labels.experiment,
            parent_id=chosen.run.id if chosen.run else None,
            tags=labels.tags,
            notes=labels.notes,
            facts=chosen.facts,
        )
        _, problems = runs.check_script_draft(draft, acting, labels.seeds)
        _problems(problems)
        varied_parameters.draw_toggle(key)
        if varied_parameters.is_on(key):
            varied_parameters.draw_sweep(acting, marks, draft, key, problems)
            return
        label = "Launch" if labels.seeds == 1 else f"Launch {labels.seeds} runs"
        begin_button(
            label, "script_launch", lambda: _launch(acting, draft, labels.seeds), type="primary", icon=SCRIPT.icon,
            disabled=bool(problems),
        )  # fmt: skip


def _problems(problems: list[Problem]) -> None:
    if problems:
        told = [f"- **{literal(each.field.removeprefix('arguments.'))}** {literal(each.message)}" for each in problems]
        st.warning("\n".join(told), icon=":material/edit:")


def _launch(acting: Context, draft: runs.Draft, seeds: int) -> None:
    try:
        with st.spinner("Keeping the code", show_time=True):
            st.session_state[state.SCRIPT_LAUNCHED] = runs.create_script(acting, draft, seeds)
    except ConfigError as error:
        _problems(error.problems)
    except TraindeckError as error:
        st.error(literal(str(error)), icon=":material/block:")
    else:
        _see_launched()


def _see_launched() -> None:
    """Go to what was launched, also where the page was asked for anew before it could."""
    created = st.session_state.pop(state.SCRIPT_LAUNCHED, None)
    if created is None:
        return
    if len(created) == 1:
        st.switch_page(RUN.path, query_params={"id": str(created[0])})
    st.switch_page(RUNS.path)


main()
