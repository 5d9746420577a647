"""How a table is to be read: every guess that is not one column's type can be overruled here."""

from typing import Any, get_args

import streamlit as st

from core.data.library.read_options import DATE_PARTS, MISSING_AMONG_NUMBERS, DateOrder, DatePart, Header
from pages.shared import state

_HEADERS: dict[Header, str] = {"auto": "Automatic", "yes": "Names", "no": "Data"}
_SIGNS = {"auto": "Automatic", ".": "Point: 1,234.5", ",": "Comma: 1.234,5"}
_ORDERS: dict[DateOrder, str] = {
    "auto": "Automatic",
    "dmy": "Day, month, year",
    "mdy": "Month, day, year",
    "ymd": "Year, month, day",
}
_PARTS: dict[DatePart, str] = {
    "year": "Year",
    "month": "Month",
    "day": "Day of the month",
    "weekday": "Weekday",
    "hour": "Hour",
    "days": "Elapsed days",
}


def draw_first_row(key: str) -> dict[str, Any]:
    """Asks whether it holds names; `key` is of the file."""
    return {"header": _select("First row", list(_HEADERS), _HEADERS, f"header_{key}", "What the first row holds.")}


def _sheet(key: str) -> dict[str, str]:
    """Of a workbook that was looked at and has several."""
    book, sheets = st.session_state.get(state.DATASETS_SHEETS, ("", ()))
    if book != key or len(sheets) < 2:
        return {}
    chosen = st.selectbox(
        "Sheet",
        ["", *sheets],
        format_func=lambda each: each or "Automatic",
        key=f"datasets_sheet_{key}",
        width=200,
        persist_state="session",
    )
    return {"sheet": chosen or ""}


def draw_reading(key: str) -> dict[str, Any]:
    """Asks for them, below encoding and delimiter; fields of TableOptions.

    Args:
        key: of the file.
    """
    how: dict[str, Any] = {}
    with st.container(horizontal=True):
        how |= draw_first_row(key)
        how["skip"] = st.number_input(
            "Lines before the table", 0, 1000, 0, key=f"datasets_skip_{key}", persist_state="session", width=180,
            help="Comment lines that begin with # or % are passed over anyway.",
        )  # fmt: skip
        how |= _sheet(key)
        names = _text(
            "Names of the columns", f"names_{key}", "age, income, class", "In order, in place of those of the file."
        )
        how["names"] = listed(names)
    with st.container(horizontal=True):
        words = _text("Also missing", f"missing_{key}", "-999; price=n.d.", "Words for missing, besides empty cells: "
                      "everywhere, or as column=word in one column.")  # fmt: skip
        how["missing"], how["missing_in"] = _by_column(words)
        numbers = st.text_input(
            "Missing among numbers and dates",
            ", ".join(MISSING_AMONG_NUMBERS),
            key=f"datasets_missing_numbers_{key}",
            persist_state="session",
            width=420,
            help="In columns of words these are words as any other.",
        )
        how["missing_among_numbers"] = listed(numbers)
    with st.container(horizontal=True):
        how["decimal"] = _select(
            "Decimal sign", list(_SIGNS), _SIGNS, f"decimal_{key}", "Of numbers that leave it open."
        )
        how["date_order"] = _select(
            "Order of dates", list(_ORDERS), _ORDERS, f"date_order_{key}", "Of 3/4/2021 and its like."
        )
        parts = st.multiselect(
            "A date gives",
            get_args(DatePart),
            DATE_PARTS,
            format_func=lambda part: _PARTS[part],
            key=f"datasets_date_parts_{key}",
            persist_state="session",
            width=420,
            help="What is the same in every row is left out.",
        )
        how["date_parts"] = tuple(parts)
    return how


def listed(text: str) -> tuple[str, ...]:
    """Words parted by commas; by semicolons where there is one, as words may hold a comma."""
    parting = ";" if ";" in text else ","
    return tuple(each.strip() for each in text.split(parting) if each.strip())


def _by_column(text: str) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    everywhere: list[str] = []
    in_column: dict[str, tuple[str, ...]] = {}
    for word in listed(text):
        name, equals, rest = word.rpartition("=")
        if equals and name:
            in_column[name.strip()] = (*in_column.get(name.strip(), ()), rest.strip())
        else:
            everywhere.append(rest.strip() if equals else word)
    return tuple(everywhere), in_column


def _select(label: str, options: list[Any], names: dict[Any, str], key: str, help_text: str) -> Any:
    return st.selectbox(label, options, format_func=lambda each: names[each], key=f"datasets_{key}",
                        persist_state="session", width=200, help=help_text)  # fmt: skip


def _text(label: str, key: str, placeholder: str, help_text: str) -> str:
    return st.text_input(label, key=f"datasets_{key}", placeholder=placeholder, persist_state="session", width=280,
                         help=help_text)  # fmt: skip
