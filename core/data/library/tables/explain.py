"""How a column was understood, and what may be meant otherwise, in words: with the option that says so."""

import re

import numpy as np

from core.common.text import percentage, quoted
from core.data.base import Array
from core.data.library.read_options import ColumnKind, TableOptions
from core.data.library.tables import ambiguous, author_parts, dates, missing, numbers
from core.data.library.tables.column_facts import Facts
from core.data.library.tables.maybe_dates import of_digits, of_words
from core.data.library.tables.number_signs import maybe_negative

_NEARLY = 0.5  # share of rows that are numbers, from which the others are told
_MOST = 0.8  # share of rows that are numbers, from which a column is thought to be meant as numbers
_MANY = 0.05  # share of rows that hold a word for missing, from which it is asked about
_TOLD = 3  # cells


def how(facts: Facts, kind: ColumnKind, asked: bool) -> str:
    """How the cells are understood, in words."""
    said = "As you say: " if asked else ""
    if kind == "number" and facts.reading is not None:
        return f"{said}numbers{', ' if facts.reading.style.told else ''}{facts.reading.style.told}"
    if kind == "date" and facts.moments is not None:
        return f"{said}dates: {facts.moments.layout.told}"
    if kind == "part":
        return author_parts.told(facts.column, asked)
    if kind == "category":
        code = f"{facts.code} Kept as written." if facts.code and not asked else ""
        count = len(facts.column.values)
        return code or f"{said}{count:,} {'category' if count == 1 else 'categories'}, as written"
    return f"{said}left out" if asked else ""


def question(facts: Facts, kind: ColumnKind, options: TableOptions) -> str:
    """What may be meant otherwise, and how to say so; "" for nothing."""
    name, rows = facts.column.name, facts.column.rows
    if kind == "part":
        return author_parts.question(facts.column, asked=name in options.columns)
    known = (*options.columns, options.target)
    words = missing.counted(facts.column, facts.words)
    if kind in ("number", "date"):
        fit = facts.reading.fits if kind == "number" and facts.reading is not None else None
        fit = facts.moments.fits if kind == "date" and facts.moments is not None else fit
        if fit is not None and not fit.all():
            return f"Not every cell is a {kind}: {_wrong(facts, fit)[0]} cannot be read. {_wrong(facts, fit)[1]}."
        asked = ambiguous.of_numbers(facts) if kind == "number" and facts.reading is not None else []
        asked += [told for told in [of_digits(facts.rest)] if told and kind == "number" and name not in known]
        if kind == "date" and facts.moments is not None and facts.moments.layout.open:
            asked.append(f"Read as {facts.moments.layout.words}; --date-order says otherwise.")
        if kind == "date" and name not in options.columns and facts.reading is not None and facts.reading.all_fit:
            asked.append(_by_name(facts))
        if sum(count for _, count in words) > _MANY * rows:
            asked.append(f"{missing.shown(words)} counts as missing; --column {name}=category keeps it as a value.")
        return " ".join(asked)
    if kind != "category" or name in options.columns:
        return ""
    nearly = " ".join(filter(None, (question_nearly(facts), _of_ledgers(facts)))) or _declared_otherwise(facts)
    if not nearly and name != options.target:
        nearly = of_digits(facts.rest) if facts.code else of_words(facts.rest)
    if nearly or not words:
        return nearly
    option = quoted(f"{name}={words[0][0]}")
    return f"{missing.shown(words)} is kept as a value; --missing {option} counts it as missing."


def _by_name(facts: Facts) -> str:
    """Of digits that are dates by their column's name alone."""
    assert facts.moments is not None
    day = str(facts.moments.seconds[0]).removesuffix("T00:00:00")
    option = quoted(f"{facts.column.name}=number")
    return f"{facts.rest.values[0].as_py()} is read as {day}, as the name says; --column {option} reads a number."


def _of_ledgers(facts: Facts) -> str:
    """Of cells that may be negative numbers."""
    found = maybe_negative(facts.rest.values) if facts.reading is not None and not facts.code else ""
    if not found:
        return ""
    number = re.sub(r"[^\d.,]", "", found)
    return f"{quoted(found, 30)} is kept as written; if it is a negative number, write -{number}."


def _declared_otherwise(facts: Facts) -> str:
    """Of numbers that a file with types says are texts."""
    if facts.column.declared != "text" or not len(facts.rest.values):
        return ""
    if not numbers.read(facts.rest.values).all_fit or numbers.is_code(facts.rest.values):
        return ""
    option = quoted(f"{facts.column.name}=number")
    return f"All cells are numbers, but the file says that they are texts: kept as words. --column {option} reads them."


def question_nearly(facts: Facts) -> str:
    """Of a column of words: which cells keep it from being numbers or dates."""
    fits: list[tuple[str, Array]] = []
    if facts.moments is not None:
        fits.append(("dates", facts.moments.fits))
    if facts.reading is not None and not _are_codes(facts):
        fits.append(("numbers", facts.reading.fits))
    counts = facts.rest.counts()
    what, fit = max(fits, key=lambda each: int(counts[each[1]].sum()), default=("", np.zeros(len(counts), bool)))
    if facts.reading is not None and not facts.code and not fit.all() and _two_ways(facts):
        return _two_ways(facts)
    if what == "dates" and not fit.all() and _dates_two_ways(facts):
        return _dates_two_ways(facts)
    share = counts[fit].sum() / max(1, counts.sum())
    if share < _NEARLY or fit.all():
        return ""
    told, then = _wrong(facts, fit)
    return f"{percentage(share)} of the cells are {what}, but not {told}. {then}, and the rest as {what}."


def nearly_numbers(facts: Facts) -> bool:
    """Whether nearly all cells of a column of words are numbers, and no codes."""
    if facts.reading is None or facts.reading.all_fit or not facts.reading.fits.any() or _are_codes(facts):
        return False
    counts = facts.rest.counts()
    return bool(counts[facts.reading.fits].sum() >= _MOST * counts.sum())


def _wrong(facts: Facts, fit: Array) -> tuple[str, str]:
    """Cells that do not fit, with their rows; and the option that counts them as missing."""
    wrong = np.flatnonzero(~fit)
    texts = [facts.rest.values[int(place)].as_py() for place in wrong[:_TOLD]]
    rows = [int(np.argmax(facts.rest.codes == place)) + 1 for place in wrong[:_TOLD]]
    told = ", ".join(f"{quoted(text, 30)} in row {row:,}" for text, row in zip(texts, rows, strict=True))
    more = f" and {len(wrong) - _TOLD:,} more" if len(wrong) > _TOLD else ""
    options = " ".join(f"--missing {quoted(f'{facts.column.name}={text}', 60)}" for text in texts)
    them = "it" if len(wrong) == 1 else "them" if not more else "such cells"
    return f"{told}{more}", f"{options} counts {them} as missing"


def _two_ways(facts: Facts) -> str:
    """Of numbers that are written some with a decimal point and some with a comma, or in several units."""
    if facts.reading is not None and facts.reading.units:
        one, other = facts.reading.units
        return (
            f"All cells are numbers, but in two units, such as {quoted(one)} and {quoted(other)}: kept as words. Write "
            "them in one unit to learn from them as numbers."
        )
    ways = [numbers.read(facts.rest.values, sign).fits for sign in (numbers.POINT, numbers.COMMA)]
    if not (ways[0] | ways[1]).all() or ways[0].all() or ways[1].all():
        return ""
    point, comma = (facts.rest.values[int(np.argmax(mine & ~other))].as_py() for mine, other in (ways, ways[::-1]))
    return (
        f"All cells are numbers, but written in two ways, such as {quoted(point)} and {quoted(comma)}: kept as words. "
        "Write them in one way to learn from them as numbers."
    )


def _dates_two_ways(facts: Facts) -> str:
    """Of dates that are written in several ways."""
    import pyarrow as pa

    assert facts.moments is not None
    fits = facts.moments.fits
    others = facts.rest.values.filter(pa.array(~fits))
    if not fits.any() or not dates.read(others).fits.all():
        return ""
    first = facts.rest.values[int(np.argmax(fits))].as_py()
    told = f"{quoted(first)} and {quoted(others[0].as_py())}"
    return (
        f"All cells are dates, but written in two ways, such as {told}: kept as words. Write them in one way to learn "
        "from them as dates."
    )


def _are_codes(facts: Facts) -> bool:
    """Whether those that look like numbers are codes, too."""
    import pyarrow as pa

    assert facts.reading is not None
    fits = facts.reading.fits
    return bool(facts.code or numbers.is_code(facts.rest.values.filter(pa.array(fits))))
