"""A report as HTML: blocks for the page, and the whole as one file that works without a network."""

import base64
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from core.common.context import Context
from core.common.settings import PROJECT_ROOT
from core.reports.authoring import version
from core.reports.blocks import Block, Chart, Legend, Picture, Table, Words
from core.reports.drawn_panels import Drawn, drawn
from core.reports.panel_specs import written
from core.reports.report_text import PanelPart, Prose, parts
from db.report_records import VersionRecord

_HERE = Path(__file__).parent
# The library of the pages, with what of it our charts use.
_PLOTLY = PROJECT_ROOT / "pages" / "frontend" / "vendor" / "plotly.min.js"
# Whatever a report holds, its file loads nothing and sends nothing.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class Part:
    """A piece of a report that is drawn: prose, or a panel."""

    html: str = ""
    panel: Drawn | None = None


def drawn_parts(context: Context, source: str) -> Iterator[Part]:
    """In their order; panels that are live are computed here, each as it is asked for, and equal ones once."""
    known: dict[str, Drawn] = {}
    for part in parts(source):
        if isinstance(part, Prose):
            yield Part(part.html)
        elif isinstance(part, PanelPart) and part.panel is not None:
            key = written(part.panel)
            if key not in known:
                known[key] = drawn(context, part.panel)
            yield Part(panel=known[key])
        else:
            yield Part(panel=Drawn("", (Words(part.problem, "warning"),)))


def style() -> str:
    """The rules of all that stands in an element of the class `report`."""
    return _file("report.css")


def block_html(block: Block) -> str:
    """Of any but a chart, which needs a script to be drawn."""
    match block:
        case Words():
            tone = "" if block.tone == "plain" else f' class="{block.tone}"'
            return "".join(f"<p{tone}>{escape(line)}</p>" for line in block.text.splitlines() if line.strip())
        case Legend():
            dots = "".join(
                f'<li><span style="color: {escape(colour)}" aria-hidden="true">●</span> {escape(name)}</li>'
                for colour, name in block.entries
            )
            return f'<ul class="legend">{dots}</ul>'
        case Table():
            return _table(block)
        case Picture():
            small = ' class="small"' if block.is_small else ""
            source = f"data:{block.kind};base64,{base64.b64encode(block.data).decode('ascii')}"
            caption = f"<figcaption>{escape(block.caption)}</figcaption>" if block.caption else ""
            return f'<figure><img{small} src="{source}" alt="{escape(block.told)}">{caption}</figure>'
    return ""


def _table(table: Table) -> str:
    head = "".join(
        f'<th scope="col"{_side(table, place)}>{escape(name)}</th>' for place, name in enumerate(table.titles)
    )
    strong = set(table.strong)
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td{_side(table, place, (row, place) in strong)}>{escape(text)}</td>" for place, text in enumerate(cells)
        )
        + "</tr>"
        for row, cells in enumerate(table.rows)
    )
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="{escape(table.told)}"><table><thead><tr>{head}</tr>'
        f"</thead><tbody>{rows}</tbody></table></div>"
    )


def _side(table: Table, column: int, is_strong: bool = False) -> str:
    names = [name for name, has in (("right", column in table.right), ("strong", is_strong)) if has]
    return f' class="{" ".join(names)}"' if names else ""


def as_file(context: Context, report_id: int, number: int | None = None) -> str:
    """One file with all that it shows, as things are now; `number`: of a version, the newest if None.

    Raises NotFoundError.
    """
    shown = version(context, report_id, number)
    return document(shown, list(drawn_parts(context, shown.source)))


def document(shown: VersionRecord, found: Sequence[Part]) -> str:
    """The whole file."""
    body = "".join(_part(part) for part in found)
    is_drawn = any(isinstance(block, Chart) for part in found if part.panel for block in part.panel.blocks)
    scripts = f"<script>{_file_of(_PLOTLY)}</script><script>{_file('report_file.js')}</script>" if is_drawn else ""
    title, saved, now = escape(shown.title), _moment(shown.created_at), _moment(time.time())
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="generator" content="Traindeck"><title>{title}</title>'
        f"<style>{_file('report.css')}{_file('report_file.css')}</style></head><body>"
        f"<header><h1>{title}</h1><p>{escape(shown.created_by)} · version {shown.number}, {saved}</p></header>"
        f"<main>{body}</main><footer><p>Made with Traindeck, {now}.</p></footer>{scripts}</body></html>\n"
    )


def _part(part: Part) -> str:
    if part.panel is None:
        return f'<div class="report">{part.html}</div>'
    title = f'<p class="title">{escape(part.panel.title)}</p>' if part.panel.title else ""
    inner = "".join(_chart(each) if isinstance(each, Chart) else block_html(each) for each in part.panel.blocks)
    frozen = frozen_told(part.panel, _moment(part.panel.frozen_at)) if part.panel.frozen_at is not None else ""
    return f'<section class="panel report">{title}{inner}{frozen}</section>'


def frozen_told(panel: Drawn, moment: str) -> str:
    """What is said below a panel that is frozen, "" below others."""
    return f'<p class="small">As it was on {escape(moment)}.</p>' if panel.frozen_at is not None else ""


def _chart(chart: Chart) -> str:
    """Its figure stands within it, as data that no browser reads as anything else."""
    told = chart.figure.to_json().replace("<", "\\u003c")
    height = int(chart.figure.layout.height or 320)
    return (
        f'<div class="chart" role="img" aria-label="{escape(chart.told)}" style="height: {height}px">'
        f'<script type="application/json">{told}</script></div>'
    )


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def _file(name: str) -> str:
    return _file_of(_HERE / name)


@cache
def _file_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")
