"""A form for the parameters of a script: a widget for each, with the script's own default, help and choices."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

import streamlit as st

from core.scripts.field_text import text_of, value_of
from core.scripts.parameter import Parameter
from pages.shared.format import literal

Under = Callable[[Parameter, Any], None]
_FOLDED = 30  # parameters, past which groups are closed at first


def draw(
    parameters: Sequence[Parameter], given: Mapping[str, Any], key: str, words: str, under: Under | None = None
) -> dict[str, Any]:
    """The values, by name: also of those that the words leave out.

    Args:
        given: values to begin with, in place of the script's own.
        key: of the widgets; another begins anew.
        words: only parameters whose name or help has all of them are drawn.
        under: draws what is to stand below the widget of each.
    """
    values = {each.name: given.get(each.name, each.default) for each in parameters}
    wanted = words.lower().split()
    shown = [
        each for each in parameters if all(word in f"{each.name} {each.flag} {each.help}".lower() for word in wanted)
    ]
    for each in parameters:
        if each not in shown:
            values[each.name] = _read(each, st.session_state.get(f"{key}:{each.name}", _held(each, values[each.name])))
    groups = {title: list(group) for title, group in groupby(sorted(shown, key=lambda each: bool(each.group)), _group)}
    several = len(groups) > 1
    for title, group in groups.items():
        if several and title:
            with st.expander(literal(title), expanded=len(shown) <= _FOLDED or bool(wanted)):
                _grid(group, values, key, under)
        else:
            _grid(group, values, key, under)
    return values


def _group(parameter: Parameter) -> str:
    return parameter.group


def _grid(parameters: Sequence[Parameter], values: dict[str, Any], key: str, under: Under | None) -> None:
    with st.grid("auto", min_column_width=220):
        for each in parameters:
            with st.container(gap="xsmall"):
                values[each.name] = _widget(each, values[each.name], f"{key}:{each.name}")
                if under is not None:
                    under(each, values[each.name])


def _widget(parameter: Parameter, value: Any, key: str) -> Any:
    if key not in st.session_state:
        st.session_state[key] = _held(parameter, value)
    label = literal(parameter.name) + (" \\*" if parameter.required else "")
    told = _help(parameter)
    placeholder = parameter.default_text or ("needed" if parameter.required else "none")
    if parameter.several:
        return _read(parameter, st.text_input(label, key=key, help=told, placeholder="values with commas between"))
    if parameter.type == "bool" and (not parameter.takes_value or isinstance(parameter.default, bool)):
        return st.toggle(label, key=key, help=told)
    if parameter.choices:
        return st.selectbox(label, list(parameter.choices), key=key, help=told, placeholder=placeholder)
    if parameter.type == "int":
        low, high = _whole(parameter.low), _whole(parameter.high)
        return st.number_input(label, low, high, None, step=1, key=key, help=told, placeholder=placeholder)
    if parameter.type == "json":
        placeholder = 'JSON, such as {"a": 1}'
    text = st.text_input(label, key=key, help=told, placeholder=placeholder)
    return _read(parameter, text)


def _held(parameter: Parameter, value: Any) -> Any:
    """What the widget holds for a value."""
    if parameter.several:
        return text_of(parameter, value)
    if parameter.type == "bool" and (not parameter.takes_value or isinstance(parameter.default, bool)):
        return value is True
    if parameter.choices:
        return value if value in parameter.choices else None
    if parameter.type == "int":
        return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return text_of(parameter, value)


def _read(parameter: Parameter, held: Any) -> Any:
    """The value of what the widget holds. Text that cannot be read stays text: the check will say so."""
    if parameter.several:
        return value_of(parameter, str(held or "")) or ([] if parameter.default else None)
    if isinstance(held, str) and not parameter.choices:
        if not held and not (parameter.type == "str" and parameter.default == ""):
            return None
        return value_of(parameter, held)
    return held


def _whole(bound: float | None) -> int | None:
    return None if bound is None else int(bound)


def _help(parameter: Parameter) -> str:
    bounds = [f"from {parameter.low:g}" if parameter.low is not None else ""]
    bounds += [f"to {parameter.high:g}" if parameter.high is not None else ""]
    spelt = parameter.flag or parameter.off or parameter.variable or "positional"
    told = [literal(parameter.help), " ".join(filter(None, bounds)), f"`{spelt}`"]
    return " · ".join(filter(None, told))
