"""Which columns of a table hold texts and which the labels, where that is not said: by their names and first cells."""

import re
import shlex
from collections.abc import Mapping, Sequence

from core.data.library.text_header import LABELS, TEXTS

Values = Mapping[str, Sequence[str]]  # of each column, in the first rows

# What is read before what, where both are there: what people who made such tables mean as one text.
_PAIRS = (
    (
        {"title", "headline", "heading", "subject", "summary", "标题"},
        {
            *("description", "body", "text", "content", "article", "abstract", "review", "message", "comment"),
            *("selftext", "story", "内容", "正文", "评论"),
        },
    ),
    ({"premise"}, {"hypothesis"}),
    ({"question", "query"}, {"sentence", "passage", "answer", "context", "document"}),
)
_OF_PAIRS = set().union(*(words for pair in _PAIRS for words in pair))
_TWINS = re.compile(r"(.+?)[ _-]?([12ab])", re.IGNORECASE)  # sentence1 and sentence2, text_a and text_b
_NAMES = {"name", "names", "author", "user", "username", "speaker"}  # of people, who have several words, too
_NO_LABELS = {
    *("id", "ids", "idx", "index", "key", "uuid", "nr", "user", "username", "author", "date", "time", "timestamp"),
    *("created", "updated", "year", "url", "link", "lang", "language", "source", "count", "counts", "likes"),
    *("retweet", "retweets", "reply", "quote", "verified", "votes", "confidence"),
}
_WITHOUT_BLANKS = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")  # scripts that put none between words
_WORDS = 2  # of a cell, on the average, from which a column is texts
_FEW = 20  # distinct values, from which classes are rare


def guess_texts(values: Values, *, joining: bool) -> tuple[str, ...]:
    """One that is called so or the longest, with what is known to belong to it, in the order in which they are read."""
    if not values:
        return ()

    may_pair = [column for column in values if _parts(column)[-1] in _OF_PAIRS or _TWINS.fullmatch(_plain(column))]

    def fitness(column: str) -> tuple[bool | int, ...]:
        cells, parts = values[column], _parts(column)
        paired = column in may_pair and any(_before(column, other) or _before(other, column) for other in may_pair)
        return is_text(cells) and _NAMES.isdisjoint(parts), parts[-1] in TEXTS, paired, sum(map(len, cells))

    longest = max(values, key=fitness)
    main = next((column for column in values if _plain(column) in TEXTS), longest)
    for other in values:
        if not joining or other == main or not _can_be_joined(values[other]):
            continue
        if _before(main, other):
            return main, other
        if _before(other, main):
            return other, main
    return (main,)


def guess_label(values: Values) -> str:
    """One that is called so, else the last that holds a few values only and is nothing that tells rows apart."""
    places = {column: place for place, column in enumerate(values)}
    ranks = {column: _rank(column) for column in values}
    # A name is believed of a column whose other values may come later; the last word of one is not.
    named = [column for column in values if ranks[column] < len(LABELS) + (_distinct(values[column]) > 1)]
    if named:
        return min(named, key=lambda column: (_distinct(values[column]) < 2, ranks[column], places[column]))

    def fitness(column: str) -> tuple[bool | int, ...]:
        cells = values[column]
        few = _distinct(cells) <= _FEW
        return (
            _distinct(cells) > 1,
            not is_text(cells),
            _fits(cells),
            not _tells_apart(column, cells),
            few,
            places[column],
        )

    return max(values, key=fitness)


def is_label(column: str) -> bool:
    """Whether it is called as labels are."""
    return _rank(column) < len(LABELS)


def other_labels(values: Values) -> tuple[str, ...]:
    """Columns that could be the label as well."""
    return tuple(
        column
        for column, cells in values.items()
        if _fits(cells) and _distinct(cells) <= _FEW and not _tells_apart(column, cells) and not is_text(cells)
    )


def is_text(cells: Sequence[str]) -> bool:
    """Whether most cells have words of their own, rather than one of some values."""
    known = [cell for cell in cells if cell.strip()]
    words = sum(map(_words, known))
    return bool(known) and words >= _WORDS * len(known) and len(set(known)) * 2 > len(known)


def told(texts: Sequence[str], labels: Sequence[str], unread: Values, said: tuple[bool, bool]) -> str:
    """What is read as what, what could be meant otherwise, and how to say so.

    Args:
        unread: columns that are nothing.
        said: whether somebody named the texts, and the label.
    """
    found = [f"Text: {' + '.join(texts)}; label: {', '.join(labels)}{_unread(list(unread))}."]
    texts_left = [column for column, cells in unread.items() if is_text(cells)]
    for columns, what, known in ((other_labels(unread), "the label", said[1]), (texts_left, "text", said[0])):
        if columns and not known:
            found.append(f"Or is {' or '.join(columns[:5])} {what}?")
    if not all(said):
        options = [
            *(f"--text {shlex.quote(each)}" for each in texts),
            *(f"--label {shlex.quote(each)}" for each in labels),
        ]
        found.append(f"To read others, name them: {' '.join(options)}")
    return " ".join(found)


def _unread(columns: Sequence[str]) -> str:
    return f"; not read: {', '.join(columns[:10])}{', …' if len(columns) > 10 else ''}" if columns else ""


def _plain(column: str) -> str:
    """Its name within the object that it is of."""
    return column.rpartition(".")[2].lower()


def _parts(column: str) -> list[str]:
    """The words of a name."""
    return re.findall(r"[^\W_]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", column.rpartition(".")[2]).lower()) or [""]


def _before(one: str, other: str) -> bool:
    """Whether these are one text, which begins with the first."""
    (*of_one, last), (*of_other, second) = _parts(one), _parts(other)
    together = of_one == of_other or not of_one or not of_other
    if together and any(last in firsts and second in seconds for firsts, seconds in _PAIRS):
        return True
    first, next_one = _TWINS.fullmatch(_plain(one)), _TWINS.fullmatch(_plain(other))
    if not (first and next_one) or first[1] == "column":  # as columns without names are called
        return False
    return first[1] == next_one[1] and first[2] + next_one[2] in ("12", "ab")


def _can_be_joined(cells: Sequence[str]) -> bool:
    known = [cell for cell in cells if cell.strip()]
    lettered = sum(any(sign.isalpha() for sign in cell) for cell in known)
    several = len(set(known)) > _FEW or len(set(known)) * 4 >= len(known)
    return bool(known) and lettered * 2 > len(known) and several


def _rank(column: str) -> int:
    """The place of its name among those of labels; beyond them for a name that says nothing."""
    name, last = _plain(column), _parts(column)[-1]
    if name in LABELS:
        return LABELS.index(name)
    return len(LABELS) if last in LABELS and len(last) > 1 else len(LABELS) + 1


def _tells_apart(column: str, cells: Sequence[str]) -> bool:
    """Whether its name, or numbers with decimals, say that it is no label."""
    return not _NO_LABELS.isdisjoint(_parts(column)) or any(re.fullmatch(r"-?\d*\.\d*[1-9]\d*", cell) for cell in cells)


def _fits(cells: Sequence[str]) -> bool:
    known = [cell for cell in cells if cell.strip()]
    return 2 <= _distinct(cells) <= len(known) / 2


def _distinct(cells: Sequence[str]) -> int:
    return len({cell for cell in cells if cell.strip()})


def _words(cell: str) -> int:
    blanks = sum(any(sign.isalpha() for sign in word) for word in cell.split())
    return blanks + len(_WITHOUT_BLANKS.findall(cell)) // 2
