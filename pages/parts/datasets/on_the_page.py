"""What the core says of a table names options of the command line; here they are called as the form calls them."""

import re

_OPTIONS = r"(?:--missing (?:'[^']*'|\"[^\"]*\") ?)+"
_OTHERS = (
    (r"--decimal '([^=']*)=(.)'", r"the decimal sign \2 (How the file is read)"),
    (r"--date-order", "the order of dates (How the file is read)"),
    (r"--column (?:'([^=']+)=(\w+)'|\"([^=\"]+)=(\w+)\"|([^='\"]+)=(\w+))", r"the type \2\4\6 of \1\3\5"),
    (r"--header no", "First row: Data, under How the file is read"),
    (r"--label '([^']*)'", r"the column of labels \1"),
    (r"To read others, name them: --text .*", "The columns are chosen where the file is added."),
    (r"--task classification", "“A class” under “What is predicted”"),
    (r"--task multilabel", "“Several labels” under “What is predicted”"),
    (r" \(--labels-by [^)]*\)", " (“Labels in a cell are parted by”)"),
    (r"--task regression", "“A number” under “What is predicted”"),
    (r"--time '([^']*)' takes the last", r"“Parts are cut” by time (\1) holds back the last"),
    (r" \(--val-as-test\)| \(val-as-test\)", " (“Take the validation part as the test”)"),
)


def on_the_page(text: str) -> str:
    """A sentence with the options of the command line as what they are called on the page."""
    text = re.sub(rf"(^|[.:!?] +)?{_OPTIONS}", _also_missing, text)
    for pattern, words_here in _OTHERS:
        text = re.sub(pattern, words_here, text)
    return text


def _also_missing(found: re.Match[str]) -> str:
    before = found[1] or ""
    options = [each[1:-1] for each in re.findall(r"'[^']*'|\"[^\"]*\"", found[0][len(before) :])]
    writing = "Writing" if not before.startswith(":") and found[1] is not None else "writing"
    end = " " if found[0].endswith(" ") else ""
    return f"{before}{writing} {'; '.join(options)} under “Also missing”{end}"
