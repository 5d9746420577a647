"""The Markdown of a report, split into prose and panels. Raw HTML is shown as it is written, never carried out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.common.errors import ConfigError
from core.reports.panel_specs import FENCE, Panel, read_panel, written

MAX_SOURCE = 500_000  # characters


def with_plain_lines(source: str) -> str:
    """With one character at the end of each line, as Markdown counts them."""
    return source.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class Prose:
    html: str


@dataclass(frozen=True)
class PanelPart:
    """`panel` is None where it cannot be read: `problem` says why. Lines [first, after) are those of the block."""

    panel: Panel | None
    problem: str
    first: int
    after: int


Part = Prose | PanelPart


@cache
def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    made.add_render_rule("image", _no_picture)
    made.add_render_rule(
        "table_open", lambda *_: '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>\n'
    )
    made.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return made


def _no_picture(renderer: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """Nothing is loaded from elsewhere: a picture's words stand for it. Pictures of runs are panels."""
    return escape(renderer.renderInlineAsText(tokens[place].children or [], options, env))


def parts(source: str) -> list[Part]:
    """In their order."""
    markdown = _markdown()
    env: dict[str, Any] = {}
    found: list[Part] = []
    prose: list[Token] = []

    def settle() -> None:
        if prose:
            found.append(Prose(markdown.renderer.render(prose, markdown.options, env)))
            prose.clear()

    for token in markdown.parse(source, env):
        kind = _panel_kind(token)
        if kind is None:
            prose.append(token)
            continue
        settle()
        found.append(_panel(kind, token))
    settle()
    return found


def _panel_kind(token: Token) -> str | None:
    """None of all that is no panel; a panel within a quote or a list is code."""
    words = token.info.split() if token.type == "fence" and token.level == 0 else []
    return (words[1] if len(words) > 1 else "") if words[:1] == [FENCE] else None


def _panel(kind: str, token: Token) -> PanelPart:
    first, after = token.map or [0, 0]
    try:
        return PanelPart(read_panel(kind, token.content), "", first, after)
    except ConfigError as error:
        problem = "; ".join(str(each) for each in error.problems[:5])
        return PanelPart(None, f"This panel cannot be read: {problem}.", first, after)


def with_panels(source: str, change: Callable[[Panel], Panel]) -> str:
    """The source, with those panels written anew that `change` gives another one for."""
    source = with_plain_lines(source)
    lines = source.split("\n")
    for part in reversed(parts(source)):
        if isinstance(part, PanelPart) and part.panel is not None:
            changed = change(part.panel)
            if changed != part.panel:
                lines[part.first : part.after] = written(changed).rstrip("\n").split("\n")
    return "\n".join(lines)
