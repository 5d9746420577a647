"""The form of a config, drawn from the pydantic models alone: a new field, source or optimizer needs no change here."""

import typing
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import streamlit as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from core.common.errors import Problem
from core.config.complete import nested_model
from core.config.edit import Raw, model_of, variants_of
from core.config.run import RunConfig
from pages.parts.launch import draft
from pages.parts.launch.choices import Choices, variant_title
from pages.parts.launch.fields import Kind, Leaf, leaf
from pages.parts.launch.other_choices import Tried, draw_others, others
from pages.parts.launch.places import FOLDED, KEY, default_of, has_words, mark
from pages.parts.launch.seeding import is_current, seed
from pages.shared.format import literal
from pages.shared.nav import DATASETS

REST = "Reproducibility"  # title over the config's own plain fields
_SHORT = 14  # characters of all choices together that fit beside each other

Notes = Mapping[str, Callable[[], None]]


@dataclass(frozen=True)
class Form:
    """What is drawn, beside the schema: the values, what is wrong with them, and pictures below some sections."""

    raw: Raw
    problems: list[Problem]
    notes: Notes = field(default_factory=dict)  # by path of a section: draws something below its fields
    choices: Choices = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)  # by path of a section: said below its heading
    hidden: Collection[str] = ()  # paths of fields that change nothing for what is chosen
    under: Callable[[str, Leaf | None, Any], None] | None = None  # draws below each field, by its path and value
    wanted: str = ""  # words: only fields that have them, or problems, are drawn, and none is folded
    tried: Tried = field(default_factory=dict)
    of_others: Callable[[str, Leaf, Any], None] | None = None  # draws a field that only other tried choices have

    def at(self, path: str) -> list[Problem]:
        return [problem for problem in self.problems if problem.field == path]

    def wants(self, path: str, info: FieldInfo) -> bool:
        """Whether a field, or one of a section, has the words that are wanted in its names or help, or a problem."""
        words = self.wanted.lower().split()
        if not words or has_words(words, path, info) or self.within(path):
            return True
        model = nested_model(info, self.value(path))
        below = {**self.others(path, info), **(model.model_fields if model is not None else {})}
        return any(self.wants(f"{path}.{name}", item) for name, item in below.items())

    def others(self, path: str, info: FieldInfo) -> dict[str, FieldInfo]:
        """By name, what is drawn of `pages.parts.launch.other_choices`."""
        found = others(path, info, self.value(path), self.tried) if self.of_others else {}
        return {name: item for name, item in found.items() if f"{path}.{name}" not in self.hidden}

    def value(self, path: str) -> Any:
        found: Any = self.raw
        for name in path.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        return found

    def within(self, path: str) -> list[Problem]:
        return [problem for problem in self.problems if f"{problem.field}.".startswith(f"{path}.")]


def draw_form(form: Form) -> None:
    """A bordered section for each part of the config, then one for the fields that are in none."""
    fields = RunConfig.model_fields
    for name, info in fields.items():
        if _is_section(info) and form.wants(name, info):
            with st.container(border=True, key=f"launch_section_{name}"):
                _section(form, name, info, form.raw.get(name), top=True)
    rest = {name: info for name, info in fields.items() if not _is_section(info)}
    if any(form.wants(name, info) for name, info in rest.items()):
        with st.container(border=True, key="launch_section_rest"):
            st.markdown(f"#### {REST}")
            _leaves(form, "", rest, form.raw)


def _is_section(info: FieldInfo) -> bool:
    return bool(variants_of(info) or model_of(info))


def _section(form: Form, path: str, info: FieldInfo, value: Any, *, top: bool = False) -> None:
    """A heading, with the choice of the variant or the switch where there is one, and the fields below."""
    _heading(form, path, info, value, top)
    model = nested_model(info, value)
    if model is not None and isinstance(value, dict):
        variants = variants_of(info)
        summary = _summary(model) if variants else ""
        if summary:
            st.caption(literal(summary))
        if form.hints.get(path):
            st.info(literal(form.hints[path]), icon=":material/swap_horiz:")
        inner = {name: item for name, item in _in_order(model).items() if name != info.discriminator}
        _leaves(form, f"{path}.", {name: item for name, item in inner.items() if not _is_section(item)}, value)
        for name, item in inner.items():
            hidden = f"{path}.{name}" in form.hidden
            if _is_section(item) and not hidden and form.wants(f"{path}.{name}", item):
                _section(form, f"{path}.{name}", item, value.get(name))
    beside = {f"{path}.{name}": item for name, item in form.others(path, info).items()}
    if form.of_others is not None:
        draw_others({each: item for each, item in beside.items() if form.wants(each, item)}, form.of_others)
    if path in form.notes:
        form.notes[path]()


def _heading(form: Form, path: str, info: FieldInfo, value: Any, top: bool) -> None:
    title = f"#### {info.title}" if top else f"**{info.title}**"
    variants = variants_of(info)
    optional = type(None) in typing.get_args(info.annotation)
    if not variants and not optional:
        st.markdown(title, help=info.description)
        show_problems(form.at(path), f"{KEY}{path}")
        return
    left, right = st.columns([2, 3], vertical_alignment="center")
    left.markdown(title, help=info.description)
    with right:
        if variants:
            _variant(form, f"{path}.{info.discriminator}", str(info.title), variants, value)
        else:
            _switch(path, info, value)
    chooser = f"{path}.{info.discriminator}" if variants else path
    show_problems(form.at(path) + (form.at(chooser) if variants else []), f"{KEY}{chooser}")


def _variant(form: Form, path: str, title: str, variants: dict[str, type[BaseModel]], value: Any) -> None:
    name = value.get(path.rpartition(".")[2]) if isinstance(value, dict) else None
    key = seed(f"{KEY}{path}", name if name in variants else None)
    labels = form.choices.get(path) or {name: variant_title(model) for name, model in variants.items()}
    st.selectbox(
        title,
        list(labels),
        index=_place(list(labels), name) if name in variants else None,
        format_func=lambda name: labels[name],
        key=key,
        label_visibility="collapsed",
        on_change=_choose,
        args=(path, key),
    )
    if form.under is not None and not path.startswith("data."):
        form.under(path, None, name)


def _choose(path: str, key: str) -> None:
    if is_current(f"{KEY}{path}", key):
        draft.edit(path, st.session_state[key])


def _switch(path: str, info: FieldInfo, value: Any) -> None:
    key = seed(f"{KEY}{path}", value is not None)
    st.toggle(
        str(info.title), value is not None, key=key, label_visibility="collapsed", on_change=_turn, args=(path, key)
    )


def _turn(path: str, key: str) -> None:
    if is_current(f"{KEY}{path}", key):
        draft.edit(path, {} if st.session_state[key] else None)


def _take(path: str, key: str, what: Leaf) -> None:
    if is_current(f"{KEY}{path}", key):
        draft.edit(path, what.from_widget(st.session_state[key]))


def _leaves(form: Form, prefix: str, fields: Mapping[str, FieldInfo], values: Raw) -> None:
    """Plain fields, those that most people leave as they are folded away."""
    shown = {
        f"{prefix}{name}": name
        for name, info in fields.items()
        if f"{prefix}{name}" not in form.hidden and form.wants(f"{prefix}{name}", info)
    }
    drawn = {path: (leaf(name, fields[name]), values.get(name)) for path, name in shown.items()}
    drawn = dict(sorted(drawn.items(), key=lambda item: item[0] not in form.choices))  # which data set comes first
    folded = {} if form.wanted else {path: pair for path, pair in drawn.items() if shown[path] in FOLDED}
    _grid(form, {path: pair for path, pair in drawn.items() if path not in folded})
    if folded:
        changed = sum(value != default_of(fields[shown[path]]) for path, (_, value) in folded.items())
        titles = ", ".join(what.title for what, _ in folded.values())
        with st.expander(
            f"More :gray[{literal(titles.lower(), 60)}]" + (f" **{changed} changed**" if changed else ""),
            expanded=any(form.within(path) for path in folded),
            key=f"launch_more_{prefix.rstrip('.') or 'rest'}",
        ):
            _grid(form, folded)


def _grid(form: Form, drawn: Mapping[str, tuple[Leaf, Any]]) -> None:
    """In a grid that follows the window's width; switches after the rest, on lines of their own."""
    wide = {path: pair for path, pair in drawn.items() if pair[0].kind is Kind.ITEMS}
    flags = {path: pair for path, pair in drawn.items() if pair[0].kind is Kind.FLAG}
    cells = {path: pair for path, pair in drawn.items() if path not in wide and path not in flags}
    for path, (what, value) in wide.items():
        _leaf(form, path, what, value)
    if cells:
        grid = st.grid(3, min_column_width=150, gap=("small", "medium"))
        for path, (what, value) in cells.items():
            with grid.cell(), st.container(gap="xsmall"):
                _leaf(form, path, what, value)
    if flags:
        with st.container(horizontal=True, gap="large"):
            for path, (what, value) in flags.items():
                with st.container(width="content"):
                    _leaf(form, path, what, value)


def _leaf(form: Form, path: str, what: Leaf, value: Any) -> None:
    shown = what.to_widget(value)
    key = seed(f"{KEY}{path}", shown, what.from_widget)
    # Only a field that may be empty, or that holds nothing its widget could show, is drawn so that it can be emptied.
    can_be_empty = what.empty is not None or shown is None
    common: dict[str, Any] = {
        "key": key,
        "help": what.help or None,
        "on_change": _take,
        "args": (path, key, what),
    }
    match what.kind:
        case Kind.TEXT if path in form.choices:
            _offered(what.title, form.choices[path], shown, common)
        case Kind.FLAG:
            st.toggle(what.title, bool(shown), **common)
        case Kind.CHOICE if len(what.choices) <= 3 and sum(map(len, map(str, what.choices))) <= _SHORT:
            st.segmented_control(what.title, what.choices, default=shown, required=True, wrap=False, **common)
        case Kind.CHOICE:
            place = None if can_be_empty else _place(list(what.choices), shown)
            st.selectbox(what.title, what.choices, index=place, **common)
        case Kind.INTEGER:
            st.number_input(what.title, value=shown, step=1, placeholder=what.empty or "", **common)
        case Kind.NUMBER:
            step = float(what.step)
            st.number_input(what.title, value=shown, step=step, format="%g", placeholder=what.empty or "", **common)
        case Kind.ITEMS:
            st.text_area(what.title, shown or "", height="content", **common)
        case _:
            st.text_input(what.title, shown or "", placeholder=what.empty or "", **common)
    show_problems(form.within(path), f"{KEY}{path}")
    if form.under is not None:
        form.under(path, what, value)


def _offered(title: str, labels: Mapping[str, str], value: str, common: dict[str, Any]) -> None:
    """One of what this host has; a value that it has not stays, with its problem below."""
    options = [*labels, *([value] if value and value not in labels else [])]
    st.selectbox(
        title,
        options,
        index=_place(options, value) if options else None,
        format_func=lambda name: labels.get(name, name),
        **common,
    )
    if not labels:
        st.page_link(DATASETS.path, label="Add a data set", icon=DATASETS.icon)


def show_problems(problems: list[Problem], name: str) -> None:
    """Below the widget of this name, which is outlined."""
    if problems:
        st.html(mark(problems, name))
    for problem in problems:
        st.markdown(f":small[:red[:material/error: {literal(problem.message)}]]")


def _place(options: list[Any], value: Any) -> int:
    return options.index(value) if value in options else 0


def _summary(model: type[BaseModel]) -> str:
    """One line about a variant, where its title does not say all."""
    text = str(getattr(model, "summary", "") or (model.__doc__ or "")).strip().partition("\n")[0]
    return "" if text == variant_title(model) else text


def _in_order(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """A variant's own fields, then those it shares with ever more others, which pydantic puts first."""
    if not any(map(_names_variant, model.model_fields.values())):
        return model.model_fields
    bases = [base for base in model.__mro__ if issubclass(base, BaseModel)]

    def shared(name: str) -> int:
        definer = next(base for base in reversed(bases) if name in base.model_fields)
        return 0 if any(map(_names_variant, definer.model_fields.values())) else bases.index(definer)

    return {name: model.model_fields[name] for name in sorted(model.model_fields, key=shared)}


def _names_variant(info: FieldInfo) -> bool:
    return typing.get_origin(info.annotation) is Literal and len(typing.get_args(info.annotation)) == 1
