"""Lists that a sweep varies value by value: from one to three layers, each of 16 to 256 units.

People type `hidden=1..3 of 16..256:log`. It is a field for how many values there are, `hidden[count]`, and one for
each, `hidden[0]` and so on, which is set where the list has it.
"""

import re
from collections.abc import Mapping, Sequence, Set
from typing import Any

from core.common.errors import ConfigError, Problem
from core.common.text import as_typed, quoted, shortened
from core.config.list_paths import COUNT, count_of, first_list, first_place, of_list, put, with_places
from core.sweeps.cut_words import cut
from core.sweeps.fields import Choices, Varied, When, from_words, in_words, written

MOST = 20  # values of a list
_EVERY = 1000  # whole numbers of a range are all gone through up to so many
_SO_MANY = re.compile(r"\s*(\d+(?:\s*\.\.\s*\d+|(?:\s*,\s*\d+)+)?)\s*\bof\s+(.+)", re.DOTALL | re.IGNORECASE)


def fields_from_words(text: str) -> list[Varied]:
    """One of `core.sweeps.fields.from_words`, or those of `hidden=1..3 of 16..256:log`. Raises ConfigError as that."""
    field, _, rest = text.partition("=")
    name, found = field.strip(), _SO_MANY.fullmatch(rest)
    if not name or found is None:
        return [from_words(text)]
    counts = [_count(each) for each in re.split(r"\.\.|,", found[1])]
    if not (min(counts) >= 1 and max(counts) <= MOST and (counts[0] <= counts[-1] or "," in found[1])):
        told = f"a list has from 1 to {MOST} values, the fewest first; received {shortened(found[1])}"
        raise ConfigError([Problem(name, f"{told}. Write 1..3 of 16..256:log")])
    each, *conditions = cut(found[2], "@", 1)
    condition = "".join(f"@{told}" for told in conditions)
    many = str(counts[0]) if len(set(counts)) == 1 else found[1]
    try:
        return [
            from_words(f"{name}[{COUNT}]={many}{condition}"),
            *(from_words(f"{name}[{place}]={each}") for place in range(max(counts))),
        ]
    except ConfigError as error:
        raise ConfigError([Problem(name, problem.message) for problem in error.problems]) from error


def _count(digits: str) -> int:
    """More than any list has where there are too many digits to be read."""
    return int(digits) if len(digits.strip()) < 10 else MOST + 1


def all_written(fields: Sequence[Varied]) -> list[str]:
    """As `fields_from_words` reads them; a list whose values have one range in a single text."""
    whole = _in_one_text(fields)
    return [text if text else written(each) for each in fields if (text := whole.get(each.field)) != ""]


def described(fields: Sequence[Varied]) -> list[str]:
    """What is varied, each field in a few words to read."""
    whole = _in_one_text(fields)
    return [
        text.replace("=", ": ", 1) if text else f"{each.field}: {in_words(each.range)}{_where(each.when)}"
        for each in fields
        if (text := whole.get(each.field)) != ""
    ]


def _where(when: When | None) -> str:
    return f", where {when.field} is {' or '.join(map(as_typed, when.values))}" if when else ""


def _in_one_text(fields: Sequence[Varied]) -> dict[str, str]:
    """By the field for how many values it has the text of a whole list, and "" by those for its values."""
    texts = {each.field: text for each in fields if (text := _together(each, fields))}
    return texts | {each.field: "" for each in fields if each.field not in texts and count_of(each.field) in texts}


def _together(count: Varied, fields: Sequence[Varied]) -> str:
    """All of a list in one text; "" where it cannot be said so, and of what is not how many values it has."""
    if count.field != count_of(count.field):
        return ""
    name, plain = first_list(count.field), count.model_copy(update={"when": None})
    of_it = [each for each in fields if first_list(each.field) == name]
    ranges = {in_words(each.range) for each in of_it if each is not count}
    condition = written(count).removeprefix(written(plain))
    text = f"{name}={in_words(count.range)} of {' or '.join(ranges)}{condition}"
    try:
        alike = with_conditions(fields_from_words(text))
    except ConfigError:
        return ""
    return text if list(map(written, alike)) == list(map(written, of_it)) else ""


def with_conditions(fields: Sequence[Varied]) -> list[Varied]:
    """With the condition of each value of a list that is not always there, where how many there are is varied."""
    counts = {each.field: each for each in fields if each.field == count_of(each.field)}
    return [
        each if each.when or (many := counts.get(count_of(each.field))) is None else _where_it_is(each, many)
        for each in fields
    ]


def _where_it_is(varied: Varied, count: Varied) -> Varied:
    place, every = first_place(varied.field), _counts(count)
    if place is None:
        return varied
    having = tuple(each for each in every if each > place)
    if not having or (len(having) == len(every) and count.when is None):
        return varied
    return varied.model_copy(update={"when": When(field=count.field, values=having)})


def _counts(count: Varied) -> list[int]:
    """All that it may be, of very wide ranges some with the ends; also where it was written 1.0..3.0."""
    told = count.whole().range
    values = told.values if isinstance(told, Choices) else told.cells(_EVERY)
    return sorted({each for each in values if isinstance(each, int) and not isinstance(each, bool)})


def misplaced(varied: Varied, fields: Sequence[Varied], known: Mapping[str, Any]) -> str:
    """What is wrong with a field that is a place in a list, "" where nothing is.

    Args:
        known: params of the base config, with the places of its lists.
    """
    if whole := [each.field for each in fields if varied.field.startswith((f"{each.field}.", f"{each.field}["))]:
        return f"{whole[0]} is varied as a whole, too; leave out one of them"
    name, place, many = first_list(varied.field), first_place(varied.field), count_of(varied.field)
    if many not in known:
        return f"{name} is {known[name]!r} and no list, which alone has places" if name in known else ""
    if place is None and varied.field != many:
        return f"{name} has the places {name}[0], {name}[1] and so on, and {many}; received {quoted(varied.field)}"
    names = {each.field for each in fields}
    if place is None:
        return _miscounted(varied, name, names, known)
    count = next((each for each in fields if each.field == many), None)
    if count is None:
        missing = [n for n in range(int(known[many]), place) if f"{name}[{n}]" not in names]
        told = f"{name} has {known[many]} values in the config, the first of which is {name}[0]"
        write = f", too, or write {name}=1..{place + 1} of RANGE" if place < MOST else ""
        return f"{told}; to have more, vary {many}{write}" if missing else ""
    if varied.when is not None and varied.when.field != many:
        return f"it is set where {many} is large enough, and cannot have another condition; give that to {many}"
    if varied.when and not all(isinstance(each, int) and each > place for each in varied.when.values):
        return f"it is not there with each {many} of its condition; leave that out, which follows from {many}"
    if not any(each > place for each in _counts(count)):
        return f"it would never be set: {many} is {in_words(count.range)}, and the first value is {name}[0]"
    return ""


def _miscounted(count: Varied, name: str, names: Set[str], known: Mapping[str, Any]) -> str:
    """What is wrong with how many values a list is to have."""
    most = max(_counts(count), default=0)
    if most > MOST:
        return f"a list that is varied has at most {MOST} values; received {in_words(count.range)}"
    if most and not known[count.field] and f"{name}[0]" not in names:
        return f"{name} is empty in the config, so that it has no value to repeat; write {name}=1..{most} of RANGE"
    return ""


def by_places(params: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """Params in which the values of a list stand for it, where these fields are in it.

    Raises:
        ConfigError: one of its values is given beside it, and another one.
    """
    found: dict[str, Any] = {}
    for name, value in params.items():
        is_whole = isinstance(value, list) and name not in fields and any(first_list(each) == name for each in fields)
        places = with_places({name: value}) if is_whole else {name: value}
        places = {place: each for place, each in places.items() if not is_whole or place != name}
        if twice := [place for place, each in places.items() if place in found and found[place] != each]:
            raise ConfigError([Problem(twice[0], f"is given beside {first_list(twice[0])}; give it once")])
        found |= places
    return found


def columns_of(fields: Sequence[str]) -> list[str]:
    """What is varied, for people to read: a list whose values are varied one by one once, as a list."""
    return list(dict.fromkeys(_whole(field, fields) or field for field in fields))


def as_lists(params: Mapping[str, Any], fields: Sequence[str], known: Mapping[str, Any]) -> dict[str, Any]:
    """Params of a trial by `columns_of` the fields: hidden is [63, 34].

    Args:
        known: params of the base config, which has what of a list is not varied.
    """
    found: dict[str, Any] = {}
    for field in sorted(params, key=_turn):
        if name := _whole(field, fields):
            found.setdefault(name, list(known.get(name) or ()))
        if not (name and put(found, field, params[field])):
            found[field] = params[field]
    return {name: found[name] for name in columns_of(fields) if name in found}


def _turn(field: str) -> int:
    """How many values a list has comes before these, and they in their order."""
    place = first_place(field)
    return -1 if place is None else place


def _whole(field: str, fields: Sequence[str]) -> str:
    """The list that a field is in, where all fields that are in it are its values or how many there are; else ""."""
    name = first_list(field)
    beside = [of_list(each) for each in fields if first_list(each) == name]
    return name if name and all(each is not None and each[0] == name for each in beside) else ""


def of_base(known: Mapping[str, Any], field: str) -> Any:
    """The base config's value; of a place behind its list's end the last one. None where there is no such field."""
    place = first_place(field)
    if field in known or place is None or not (count := known.get(count_of(field))):
        return known.get(field)
    name = first_list(field)
    return known.get(field.replace(f"{name}[{place}]", f"{name}[{int(count) - 1}]", 1))
