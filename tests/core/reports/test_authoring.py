"""Reports: what is read of their Markdown, what is frozen, versions, and two people who write at once."""

import re
import time

import pytest

import db.events
import db.written_reports
from core import runs
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError
from core.config.edit import Raw, with_values
from core.reports import authoring, drawn_panels
from core.reports.blocks import Block, Chart, Legend, Table, Words
from core.reports.drawn_panels import Drawn
from core.reports.panel_specs import Curves, NotePanel, Panel, read_panel, written
from core.reports.report_html import as_file, drawn_parts
from core.reports.report_text import PanelPart, Prose, parts
from core.runs.organising import ChangedError
from tests.conftest import AddRun

LOSSES = {"val_loss": [0.9, 0.5, 0.4], "loss": [0.8, 0.4, 0.3]}


def test_a_panel_is_read_as_it_was_written() -> None:
    panel = Curves(runs=(3, 4), metrics=("val_loss", "a: b"), log=True, title="``` and: more")
    [part] = parts(written(panel))
    assert isinstance(part, PanelPart)
    assert part.panel == panel
    assert read_panel("curves", "runs: 3, 4\nmetrics: val_loss") == Curves(runs=(3, 4), metrics=("val_loss",))


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("curvs", "", "did you mean curves"),
        ("curves", "", "needs one of runs, search, experiment and sweep; it has none"),
        ("curves", "runs: 3\nsearch: a", "it has runs and search"),
        ("curves", "runs: 3\nmetric: loss", "did you mean metrics"),
        ("curves", "runs: [a]", "received 'a'"),
        ("note", "[1]", "settings are lines such as"),
        ("note", "a: b: c", "neither JSON nor YAML"),
    ],
)
def test_a_panel_that_cannot_be_read_says_why_and_the_rest_stays(kind: str, text: str, told: str) -> None:
    before, wrong, after = parts(f"before\n\n```panel {kind}\n{text}\n```\n\nafter")
    assert isinstance(before, Prose)
    assert isinstance(after, Prose)
    assert isinstance(wrong, PanelPart)
    assert (before.html, after.html) == ("<p>before</p>\n", "<p>after</p>\n")
    assert wrong.panel is None
    assert told in wrong.problem


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_a_panel_is_frozen_in_its_place_whatever_ends_the_lines(context: Context, end: str) -> None:
    lines = ["One", "Two", "", "```panel note", "text: hello", "frozen: true", "```", "After", "more"]
    report = authoring.create(context, "Lines", end.join(lines))
    told = authoring.version(context, report.id).source.split("\n")
    assert [*told[:5], told[5][:8], *told[6:]] == [*lines[:5], "frozen: ", *lines[6:]]


def test_a_panel_that_nobody_foresaw_to_fail_leaves_the_others(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> list[Block]:
        raise ZeroDivisionError

    monkeypatch.setitem(drawn_panels._DRAWN, "curves", fail)
    source = "\n\n".join(written(panel) for panel in (Curves(runs=(3,)), NotePanel(text="still here")))
    report = authoring.create(context, "Two panels", source)
    text = as_file(context, report.id)
    assert "The log of the server says more by that number" in text
    assert "still here" in text


def test_nothing_of_the_prose_is_carried_out_or_loaded() -> None:
    text = "<script>x</script> <b onclick=y>z</b> ![shot](http://a.b/c.png) [l](javascript:alert(1))"
    [prose] = parts(text)
    assert isinstance(prose, Prose)
    assert not re.search(r"<(script|b|img|a)\b", prose.html)
    hostile = "![<script>x</script>](c) ![&lt;img src=x onerror=y&gt;](c) ![\\<b onclick=y\\>](c) ![a [<b>](d)](c)"
    [prose] = parts(f"{hostile}\n\n| {hostile} |\n| --- |")  # words of pictures are words, too
    assert isinstance(prose, Prose)
    assert not re.search(r"<(script|b|img|a)\b", prose.html)
    [code] = parts("> ```panel note\n> text: a\n> ```")  # a panel is no part of a quote
    assert isinstance(code, Prose)


def test_a_live_panel_shows_what_is_there_and_a_frozen_one_what_was(context: Context, add_run: AddRun) -> None:
    one, other = add_run(name="one", metrics=LOSSES), add_run(name="other", metrics=LOSSES)
    block = "```panel curves\nruns: [{one}, {other}]\nmetrics: [val_loss]\n{more}```\n\n"
    text = block.format(one=one, other=other, more="") + block.format(one=one, other=other, more="frozen: true\n")
    made = authoring.create(context, "two", text)
    source = authoring.version(context, made.id).source
    key = re.search(r"frozen: '?([0-9a-f]{32})", source)
    assert key is not None
    assert source.count("frozen") == 1
    runs.trash(context, [other])
    live, frozen = (part.panel for part in drawn_parts(context, source))
    assert live is not None
    assert frozen is not None
    assert live.blocks[0] == Words(f"Not shown, as they are in the trash: runs {other}.", "warning")
    assert (live.frozen_at, frozen.frozen_at is not None) == (None, True)
    charts = [next(each for each in panel.blocks if isinstance(each, Chart)) for panel in (live, frozen)]
    assert [len(chart.figure.data) for chart in charts] == [1, 2]
    assert [len(each.entries) for each in frozen.blocks if isinstance(each, Legend)] == [2]
    runs.trash(context, [one])
    [told, _] = drawn_parts(context, source)
    assert told.panel is not None
    [words] = told.panel.blocks
    assert "None of its runs is there" in str(words)
    runs.empty_trash(context)
    [told, _] = drawn_parts(context, source)
    assert told.panel is not None
    why = "Not shown, as they were deleted or never existed"
    told_of = f"None of its runs is there: runs {one}, {other}. {why}: runs {one}, {other}."
    assert told.panel.blocks == (Words(told_of, "warning"),)
    assert "None of its runs" in as_file(context, made.id)


def test_panels_are_drawn_as_they_are_asked_for_and_equal_ones_once(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def draw(_: Context, panel: Panel) -> Drawn:
        asked.append(panel.title)
        return Drawn(panel.title, ())

    monkeypatch.setattr("core.reports.report_html.drawn", draw)
    source = "\n\n".join(written(NotePanel(title=title, text="a")) for title in "aba")
    found = drawn_parts(context, source)
    assert next(found).panel == Drawn("a", ())
    assert asked == ["a"]  # a reader sees it before the second is begun
    assert [part.panel.title for part in found if part.panel] == ["b", "a"]
    assert asked == ["a", "b"]


def test_what_cannot_be_frozen_is_told_and_nothing_is_stored(context: Context) -> None:
    with pytest.raises(ConfigError, match="cannot be frozen: There is no run 7"):
        authoring.create(context, "a", "```panel evaluation\nrun: 7\nfrozen: true\n```")
    with pytest.raises(ConfigError, match="must not be empty"):
        authoring.create(context, " ")
    assert authoring.listing(context) == []


def test_tables_verdicts_leaderboards_and_effects_are_those_of_the_pages(context: Context, add_run: AddRun) -> None:
    for rate, ends in ((0.001, (0.90, 0.91, 0.92)), (0.01, (0.70, 0.71, 0.69))):
        for seed, end in enumerate(ends):
            training = {"epochs": 2, "optimizer": {"name": "adam", "learning_rate": rate}}
            config = {"data": {"source": "digits"}, "architecture": {"name": "mlp"}, "training": training, "seed": seed}
            add_run(name=f"rate-{rate}", config=config, experiment="rates", metrics={"val_accuracy": [0.1, end]})
    blocks = {}
    for kind in ("table", "verdict", "leaderboard", "effects"):
        [part] = drawn_parts(context, f"```panel {kind}\nexperiment: rates\n```")
        assert part.panel is not None
        blocks[kind] = part.panel.blocks
    [table] = blocks["table"]
    assert isinstance(table, Table)
    assert table.rows[2][:2] == ("#3 rate-0.001", "0.9200")
    assert table.strong == ((2, 1),)
    assert isinstance(blocks["verdict"][0], Words)
    assert blocks["verdict"][0].text.startswith("rate-0.001 is better than rate-0.01 by ")
    board = next(each for each in blocks["leaderboard"] if isinstance(each, Table))
    assert [row[:2] + row[3:4] for row in board.rows] == [("rate-0.001", "0.9100", "3"), ("rate-0.01", "0.7000", "3")]
    effect = next(each for each in blocks["effects"] if isinstance(each, Table))
    assert effect.rows[0][0:4] == ("learning_rate", "0.001", "0.01", "-21.00 points")
    assert effect.rows[0][-1] == "worse"
    for kind in ("leaderboard", "effects"):
        assert blocks[kind][-1] == Words("Of the experiment rates.", "small")


def test_the_second_of_two_who_write_is_told_and_both_texts_are_kept(context: Context) -> None:
    made = authoring.create(context, "shared", "begin")
    authoring.save(context, made.id, "shared", "by the first", 1)
    with pytest.raises(ChangedError, match="ada saved version 2 since you read version 1"):
        authoring.save(context, made.id, "shared", "by the second", 1)
    authoring.save(context, made.id, "shared", "by the second", 2)
    assert authoring.save(context, made.id, "shared", "by the second", 3).version == 3  # nothing new
    texts = [authoring.version(context, made.id, number).source for number in (1, 2, 3)]
    assert texts == ["begin", "by the first", "by the second"]


def test_an_old_version_comes_back_as_the_newest_and_deleting_is_told_in_the_history(context: Context) -> None:
    made = authoring.create(context, "old", "first")
    authoring.save(context, made.id, "new", "second", 1)
    back = authoring.restore(context, made.id, 1)
    assert (back.version, back.title, authoring.version(context, made.id).source) == (3, "old", "first")
    assert [each.note for each in authoring.versions(context, made.id)] == ["version 1 once more", "", ""]
    authoring.delete(context, made.id)
    with pytest.raises(NotFoundError, match="There is no report"):
        authoring.version(context, made.id)
    with context.workspace.read() as session:
        verbs = [each.verb for each in db.events.of(session, "report", str(made.id), 9)]
    assert verbs == ["write", "write", "write", "delete"]


def test_panels_are_appended_behind_what_is_there(context: Context) -> None:
    made = authoring.create(context, "a", "begin")
    for text in ("one", "two"):
        authoring.add_panel(context, made.id, NotePanel(text=text), as_it_is=text == "two")
    source = authoring.version(context, made.id).source
    shown = [part.panel.blocks for part in drawn_parts(context, source) if part.panel]
    assert shown == [(Words("one"),), (Words("two"),)]
    assert source.startswith("begin\n\n```panel note\n")


def test_what_was_frozen_goes_with_the_trash_once_no_report_names_it(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = authoring.add_panel(context, authoring.create(context, "kept").id, NotePanel(text="a"), as_it_is=True)
    gone = authoring.add_panel(context, authoring.create(context, "gone").id, NotePanel(text="b"), as_it_is=True)

    def frozen(report: authoring.ReportRecord) -> str:
        return str(re.findall(r"[0-9a-f]{32}", authoring.version(context, report.id).source)[0])

    keys = [frozen(report) for report in (kept, gone)]
    authoring.delete(context, gone.id)
    runs.empty_trash(context)
    with context.workspace.read() as session:
        assert sorted(db.written_reports.frozen(session, keys)) == sorted(keys)  # a moment old: maybe not saved yet
    later = time.time() + 7200
    monkeypatch.setattr("core.runs.deleting.time.time", lambda: later)
    runs.empty_trash(context)
    with context.workspace.read() as session:
        assert list(db.written_reports.frozen(session, keys)) == keys[:1]


def test_ranks_are_those_of_compare(context: Context, add_run: AddRun, raw_config: Raw) -> None:
    for size, score in ((8, 0.7), (16, 0.8), (32, 0.9)):
        for seed in range(4):
            config = with_values(raw_config, {"training.batch_size": size, "data.seed": seed})
            add_run(name="net", config=config, metrics={"val_accuracy": [score + seed / 1000]})
    blocks = drawn_parts(context, written(read_panel("ranks", "experiment: default")))
    (panel,) = (part.panel for part in blocks if part.panel is not None)
    assert [type(each) for each in panel.blocks][:2] == [Words, Chart]
    assert "4 seeds" in str(panel.blocks[0])
    (few,) = (part.panel for part in drawn_parts(context, written(read_panel("ranks", "runs: [1, 5]"))) if part.panel)
    assert "Ranks need 3 configs; its runs have 2" in str(few.blocks)
    single = with_values(raw_config, {"training.batch_size": 64, "data.seed": 0})
    add_run(name="lucky", config=single, metrics={"val_accuracy": [0.99]})
    [now] = [part.panel for part in drawn_parts(context, written(read_panel("ranks", "experiment: default")))]
    assert now is not None
    assert now.blocks[0] == panel.blocks[0]  # as on Compare, what cannot be judged takes no part
    assert "Judged: the 3 configs with several seeds, of 4. Not judged: lucky (a single run)." in str(now.blocks)
