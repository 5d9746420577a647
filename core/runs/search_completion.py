"""What may come next in a search that is being typed: fields, operators, values."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import db.params
import db.runs
import db.tags
from core.common.context import Context
from core.runs.search_error import SearchError
from core.runs.search_fields import FIELDS, Field, field_named
from core.runs.search_names import Names, UnknownKeyError
from core.runs.search_tokens import tokens
from db.conditions import ADDED, SOURCE
from db.engine import Session
from db.records import RunState

MOST = 8
_VALUES_MOST = 50  # of a param that are looked through
_LONGEST = 500  # characters of a search that is still completed
_TAIL = re.compile(
    r"(?P<key>\"[^\"]+\"|\w[\w./@%+-]*)"
    r"(?P<operator>\s*(?:<=|>=|!=|!~|[=<>~])\s*|:|\s+is\s+|\s+(?:not\s+)?in\s+[(\[]?\s*(?:[^\s()\[\],]+\s*,\s*)*)"
    r"(?P<value>\"[^\"]*|[^\s()\[\]\"]*)$"
)
_AFTER_KEY = re.compile(r"(?:^|[\s(!-])(?P<key>\w[\w./@%+-]*)\s+$")
_WORD = re.compile(r"(?:^|[\s(]|(?:^|[\s(])[-!])(?P<word>\w[\w./@%+-]*)$")
_FIRST = ("state", "experiment", "tag", "dataset", "user", "name", "created", "duration")
_OFTEN = {
    "duration": ("10min", "1h", "1 day"),
    **dict.fromkeys(("created", "started", "ended"), ("today", "yesterday", "7 days ago", "30 days ago")),
}


@dataclass(frozen=True)
class Completion:
    """One way to go on."""

    text: str  # the whole search with it
    shown: str  # what is added or put in place of what was begun
    about: str  # what it is: "field", "param", "metric", "operator", or the field whose value it is


def completions(context: Context, text: str) -> list[Completion]:
    """At most MOST, the likeliest first; of a search as it stands up to the cursor."""
    if len(text) > _LONGEST or "\0" in text:
        return []
    if not text.strip():
        return [Completion(f"{name} ", name, "field") for name in _FIRST]
    with context.workspace.read() as session:
        names = Names.of(session)
        if tail := _TAIL.search(text):
            begun = tail["value"].lstrip('"').casefold()
            found = _values(session, names, tail["key"].strip('"'))
            # What was found by its beginning comes before what only has it within.
            return _taken(text[: tail.start("value")], begun, found, _quoted)
        if _is_whole(text):
            return [Completion(f"{text}{each} ", each, "operator") for each in ("and", "or")]
        if after := _AFTER_KEY.search(text):
            return [Completion(f"{text}{each} ", each, "operator") for each in _operators(names, after["key"])][:MOST]
        word = _WORD.search(text)
        if word is None or text.count('"') % 2:
            return []
        return _taken(text[: word.start("word")], word["word"].casefold(), _keys(names), str)


def _is_whole(text: str) -> bool:
    """Whether a comparison ends just here, behind which another one may come."""
    if not text[-1].isspace():
        return False
    try:
        found = list(tokens(text))
    except SearchError:
        return False
    return found[-1].kind in ("compare", "missing")


def _taken(
    before: str, begun: str, found: Iterable[tuple[str, str]], written: Callable[[str], str]
) -> list[Completion]:
    fitting = [(name, about) for name, about in found if begun in name.casefold() and name.casefold() != begun]
    fitting.sort(key=lambda each: not each[0].casefold().startswith(begun))
    return [Completion(f"{before}{written(name)} ", name, about) for name, about in fitting[:MOST]]


def _quoted(value: str) -> str:
    if value and not re.search(r"[\s()\"',]", value):
        return value
    return f"'{value}'" if '"' in value else f'"{value}"'


def _keys(names: Names) -> list[tuple[str, str]]:
    """Fields, metrics and params as short as they can be told apart, each with what it is."""
    leaves = [key.rpartition(".")[2] for key in names.params]
    params = [
        leaf if leaves.count(leaf) == 1 else ".".join(key.split(".")[-2:])
        for leaf, key in zip(leaves, names.params, strict=True)
    ]
    metrics = [name if re.fullmatch(r"\w[\w./@%+-]*", name) else f'"{name}"' for name in names.metrics]
    metrics += [f"{name}.{kind}" for name in metrics if not name.startswith('"') for kind in ("best", "min", "max")]
    own = [field.name for field in FIELDS]
    kinds = (("field", own), ("metric", metrics), ("param", params))
    return list(dict.fromkeys((name, kind) for kind, several in kinds for name in several))


def _operators(names: Names, key: str) -> Sequence[str]:
    """None where the word is no key, but one of the words that are looked for."""
    field = field_named(key)
    if field is not None:
        return () if field.name != key.lower() else field.offered
    if not names.has(key):
        return ()
    return ("=", "!=", "<", "<=", ">", ">=") if names.is_number(names.find(key)) else ("=", "!=", "~", "is missing")


def _values(session: Session, names: Names, key: str) -> list[tuple[str, str]]:
    field = field_named(key)
    if field is not None and not (field.name != key.lower() and names.has(key)):
        return [(value, field.name) for value in _of_field(session, field)]
    try:
        known = names.find(key)
    except UnknownKeyError:
        return []
    if known.among == "metric":
        return []
    texts = (db.params.values(session, each, _VALUES_MOST) for each in db.params.keys_ending(session, known.key))
    return [(value, known.key) for value in dict.fromkeys(value for several in texts for value in several)]


def _of_field(session: Session, field: Field) -> Sequence[str]:
    if field.name == "state":
        return [*(state.value for state in RunState), "active", "ended"]
    if field.name == "experiment":
        return list(db.runs.experiments(session))
    if field.name == "tag":
        return db.tags.every(session)
    if field.name == "dataset":
        sources = db.params.values(session, SOURCE, _VALUES_MOST)
        return [*db.params.values(session, ADDED, _VALUES_MOST), *sources]
    columns = {"user": "created_by", "preset": "preset", "host": "host"}
    if field.name in columns:
        return db.runs.lately(session, columns[field.name])
    return _OFTEN.get(field.name, ())
