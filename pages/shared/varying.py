"""Fields of a form that a sweep varies: a toggle at each, and the range in words."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.common.context import Context
from core.common.errors import ConfigError, Problem
from core.config.list_paths import first_list
from core.sweeps.check_sweep import field_problems
from core.sweeps.fields import Varied
from core.sweeps.list_fields import fields_from_words
from pages.shared.format import literal

_HELP = (
    "A range: 1e-4..1e-1:log, 16..256:step=16; or choices: 32, 64, 128. "
    "Only where another field has a value: 0..0.95@optimizer=sgd. Of a list: 1..3 of 16..256:log."
)


def _seeded(key: str, value: Any) -> str:
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


@dataclass(frozen=True)
class Marks:
    """Which fields of a form are varied."""

    place: str  # key in the session's state of their ranges in words, by field
    prefix: str  # of the keys of the widgets
    seed: Callable[[str, Any], str] = _seeded  # the key of a widget by its name, its state in line with the value
    is_current: Callable[[str, str], bool] = str.__eq__  # whether what a widget of this name and key tells counts

    def texts(self) -> dict[str, str]:
        found: dict[str, str] = st.session_state.setdefault(self.place, {})
        return found

    def put(self, texts: Mapping[str, str]) -> None:
        """In place of those that there are."""
        st.session_state[self.place] = dict(texts)

    def drop(self, path: str) -> None:
        self.texts().pop(path, None)

    def fields(self) -> tuple[list[Varied], list[Problem]]:
        """What is varied, and what is wrong with the words of it."""
        found: list[Varied] = []
        problems: list[Problem] = []
        for path, text in self.texts().items():
            try:
                found += fields_from_words(f"{path}={text}")
            except ConfigError as error:
                problems += error.problems
        return found, problems

    def check(self, context: Context, given: Mapping[str, Any]) -> None:
        """Try a few values of each, once for each form and ranges. `given`: kind and base of the definition."""
        varied, _ = self.fields()
        asked = json.dumps([given, self.texts()], sort_keys=True, default=str)
        if varied and self._checked()[0] != asked:
            fields = [each.model_dump(mode="json") for each in varied]
            every = field_problems({**given, "fields": fields}, context)
            found = [each for each in every if each.field != "fields"] or every  # what is about all of them comes last
            st.session_state[f"{self.place}_checked"] = (asked, dict(self.texts()), found)

    def wrong(self) -> list[Problem]:
        """What is wrong with the words, and with what they say of this form, as it was checked last."""
        _, texts, found = self._checked()
        return [*self.fields()[1], *(found if texts == self.texts() else [])]

    def _checked(self) -> tuple[str, dict[str, str], list[Problem]]:
        kept: tuple[str, dict[str, str], list[Problem]] = st.session_state.get(f"{self.place}_checked", ("", {}, []))
        return kept

    def draw(self, path: str, proposed: Callable[[], str]) -> None:
        """Below the widget of a field. `proposed`: a range to begin with."""
        marked = path in self.texts()
        key = self.seed(f"{self.prefix}_vary_{path}", marked)
        st.toggle("vary", marked, key=key, on_change=self._mark, args=(path, key, proposed))
        if not marked:
            return
        text = self.texts()[path]
        key = self.seed(f"{self.prefix}_range_{path}", text)
        st.text_input(
            "Range or choices",
            text,
            key=key,
            help=_HELP,
            placeholder="1e-4..1e-1:log",
            on_change=self._change,
            args=(path, key),
        )
        for problem in self.wrong():
            if path in (problem.field, first_list(problem.field)):
                st.markdown(f":small[:red[:material/error: {literal(problem.message)}]]")

    def _mark(self, path: str, key: str, proposed: Callable[[], str]) -> None:
        if not self.is_current(f"{self.prefix}_vary_{path}", key):
            return
        if st.session_state[key]:
            self.texts()[path] = proposed()
        else:
            self.drop(path)

    def _change(self, path: str, key: str) -> None:
        if self.is_current(f"{self.prefix}_range_{path}", key):
            self.texts()[path] = st.session_state[key]


def around(value: object, *, whole: bool, penalty: bool = False, is_share: bool = False, is_above: bool = False) -> str:
    """A range to begin with, around a number.

    Of one near 1, as a momentum is, what it leaves is what matters: from ten times that to its half, which is 0..0.95
    around 0.9, and 0.99..0.9995 around 0.999.

    Args:
        penalty: one on weights, which is tried by decades.
        is_share: it is 1 at the most.
        is_above: it may not be 0.
    """
    if penalty and value == 0:
        return "1e-6..1e-2:log"
    if whole:
        if isinstance(value, int) and value > 1:
            return f"{max(1, value // 2)}..{value * 2}"
        return "1..10"
    if not isinstance(value, int | float) or value <= 0:
        return "0..0.5" if not is_above else "0.1..0.9" if is_share else "0.1..10:log"
    if value < 0.1:
        return f"{value / 10:g}..{value * 10:g}:log"
    if 0.5 <= value < 1:
        low = max(0.0, round(1 - 10 * (1 - value), 9)) or (value / 2 if is_above else 0.0)
        return f"{low:.9g}..{1 - (1 - value) / 2:.9g}"
    return f"{value / 2:g}..{min(value * 2, 1) if is_share else value * 2:g}"
