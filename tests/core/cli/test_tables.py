"""Tables in a terminal of some width, and as CSV."""

import io

import pytest
from rich.console import Console

from core.cli import tables

LONG = "training.optimizer.learning_rate"
NAMES = ["", "1 a-run", "2 another-run-with-a-name"]
ROWS: list[tables.Row] = [["state", "finished", "lost"], [LONG, "0.001", "0.0005"], ["test_accuracy", 0.97712, 0.99051]]


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> io.StringIO:
    made = io.StringIO()
    console = Console(file=made, width=request.param, force_terminal=True, color_system=None)
    monkeypatch.setattr(tables, "console", console)
    return made


@pytest.mark.parametrize("out", [80], indirect=True)
def test_numbers_of_a_row_stand_at_the_right_with_their_own_digits(out: io.StringIO) -> None:
    tables.print_table(NAMES, ROWS, by_row=True)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    assert lines[2].split() == [LONG, "0.001", "0.0005"]
    assert lines[3].split() == ["test_accuracy", "0.9771", "0.9905"]
    assert len({len(line) for line in lines}) == 1  # all end at one place


@pytest.mark.parametrize("out", [80], indirect=True)
def test_control_characters_of_what_was_stored_are_written_out(out: io.StringIO) -> None:
    odd = "a\x01b\x1b[31m\x9b2J\tc"
    tables.print_table(["", "note"], [["digits@1", odd]])
    tables.print_table(["", "note"], [["digits@1", odd]], as_csv=True)
    shown = tables._Shown(file=out, width=80, force_terminal=True, color_system=None)
    shown.print(odd, markup=False, highlight=False)
    assert out.getvalue().count(r"a\x01b\x1b[31m\x9b2J") == 3
    assert not set(out.getvalue()) & set("\x01\x1b\x9b")


@pytest.mark.parametrize("out", [60], indirect=True)
def test_a_table_that_is_too_wide_goes_on_below_with_its_first_column(out: io.StringIO) -> None:
    tables.print_table(NAMES, ROWS, by_row=True)
    first, second = out.getvalue().split("\n\n")
    assert "1 a-run" in first
    assert "another" not in first
    assert [line.split()[0] for line in first.splitlines()[1:]] == ["state", LONG, "test_accuracy"]
    assert [line.split() for line in second.splitlines()[2:]] == [[LONG, "0.0005"], ["test_accuracy", "0.9905"]]


@pytest.mark.parametrize("out", [60], indirect=True)
def test_a_text_is_folded_between_its_words(out: io.StringIO) -> None:
    words = ["several", "words", "that", "are", "longer", "than", "the", "line", "on", "which", "they", "begin"]
    tables.print_table(["name", "what it is"], [["a-name-with-signs", " ".join(words)]])
    assert out.getvalue().split()[5:] == words
    assert all(len(line) <= 60 for line in out.getvalue().splitlines())


@pytest.mark.parametrize("out", [30], indirect=True)
def test_csv_has_all_digits_and_no_margin(out: io.StringIO) -> None:
    tables.print_table(["metric", "value"], [["a, long; name of a metric that is", 1 / 3], ["none", None]], as_csv=True)
    assert out.getvalue() == f'metric,value\r\n"a, long; name of a metric that is",{1 / 3}\r\nnone,\r\n'


@pytest.mark.parametrize("out", [80], indirect=True)
def test_a_table_without_rows_has_its_titles(out: io.StringIO) -> None:
    tables.print_table(["id", "name"], [])
    assert out.getvalue().split() == ["id", "name"]


@pytest.mark.parametrize("out", [80], indirect=True)
def test_values_are_written_as_a_config_has_them(out: io.StringIO) -> None:
    rows: list[tables.Row] = [["a", True, [64, "é"], {"b": None}], ["c", False, None, 0.5]]
    tables.print_table(["", "x", "y", "z"], rows)
    tables.print_table(["", "x", "y", "z"], rows, as_csv=True)
    shown, csv = out.getvalue().split(",x,y,z")
    assert [line.split("  ")[0].split() for line in shown.splitlines()[1:]] == [["a"], ["c"]]
    assert all(word in shown for word in ("true", "false", '[64, "é"]', '{"b": null}'))
    assert csv.splitlines()[1:] == ['a,true,"[64, ""é""]","{""b"": null}"', "c,false,,0.5"]
