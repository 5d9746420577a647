"""The one error of a search: it says what is wrong, and marks the place."""

from core.common.errors import ConfigError, Problem

_BEFORE, _AFTER = 50, 40  # characters of the search that are shown around the place
PLACE = "▸"


class SearchError(ConfigError):
    """A search that cannot be read. `what` is the reason, `at` the place: characters before it."""

    def __init__(self, text: str, at: int, what: str) -> None:
        at = min(max(at, 0), len(text))
        begin, end = max(0, at - _BEFORE), at + _AFTER
        before = f"{'…' if begin else ''}{text[begin:at]}"
        after = f"{text[at:end]}{'…' if end < len(text) else ''}"
        self.at, self.what = at, what
        self.lines = (
            " ".join(f"{before}{after}".splitlines()),
            f"{' ' * len(before)}^",
        )  # the place stands below
        super().__init__([Problem("search", f"{what} (at character {at + 1}: {before}{PLACE}{after})")])
        self.args = ("\n".join([f"The search cannot be read: {what}.", *(f"  {line}" for line in self.lines)]),)
