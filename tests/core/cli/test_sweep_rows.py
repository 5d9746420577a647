"""What `sweep show` says of a sweep, and of what its fresh seeds confirmed."""

import pytest

from core.cli import sweep
from core.cli.sweep_following import _written
from core.cli.sweep_rows import head_lines, read_rows, trial_rows
from core.common.context import Context
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.fields import from_words, written
from core.sweeps.trials import view
from tests.core.sweeps.conftest import Begin, End, begin, end

__all__ = ["begin", "end"]


def test_ranges_trials_and_confirmations_are_told_in_the_words_of_a_config(
    context: Context, begin: Begin, end: End
) -> None:
    hidden = "architecture.hidden"
    number = begin(["deterministic=true,false", f"{hidden}=[8],[16, 16]@deterministic=false"], budget={"trials": 2})
    for value in (0.5, 0.25):
        Advancing(context).look(number)
        end(view(context, number).active[0].kept.run_id, [value])
    found = view(context, number)
    assert "  deterministic: true, false" in head_lines(context, found)
    assert f"  {hidden}: [8], [16, 16], where deterministic is false" in head_lines(context, found)
    columns, rows = trial_rows(found)
    assert columns[4:6] == ["deterministic", hidden]
    assert {type(row[4]) for row in rows} == {bool}
    managing.confirm(context, number, 1, 3)
    for each, value in zip(view(context, number).active, (0.2, 0.25, 0.24), strict=True):
        end(each.kept.run_id, [value])
    assert (
        "Trial 1: 0.25 in the search, 0.230 (standard deviation 0.026) on 3 fresh seeds; 0.0200 better than it looked"
        in head_lines(context, view(context, number))
    )
    assert not any("0 more" in line for line in head_lines(context, view(context, number)))
    for text in ("lr=0.001..0.1:log", "n=1..9:step=2", f"{hidden}=[8], [16, 16]@deterministic=false|true"):
        assert written(from_words(text)) == text


def test_why_trials_ended_and_who_added_them_is_told_and_the_list_has_what_was_confirmed(
    context: Context, begin: Begin, end: End, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = begin(budget={"trials": 3})
    Advancing(context).look(number)
    end(view(context, number).active[0].kept.run_id or 0, [0.5])
    columns, rows = trial_rows(view(context, number))
    assert columns[-1] == "seconds", "nothing to tell"
    assert trial_rows(view(context, number), to_read=False)[0][-2:] == ["added", "why"]
    managing.add_trial(context, number, {})
    end(view(context, number).active[0].kept.run_id or 0, [0.25], reason="Ended early.")
    Advancing(context).look(number)
    columns, rows = trial_rows(view(context, number))
    assert columns[-2:] == ["added", "why"]
    assert [row[-2:] for row in rows[:2]] == [[None, None], ["by hand", "Ended early."]]
    for run_id in managing.confirm(context, number, 1, 2):
        end(run_id, [0.375])
    monkeypatch.setattr(sweep, "shell_context", lambda: context)
    sweep.list_all(as_csv=True)
    assert ",0.25,0.375,2," in capsys.readouterr().out


def test_the_best_trials_have_the_digits_that_tell_them_apart_beside_bad_ones(
    context: Context, begin: Begin, end: End
) -> None:
    number = begin(["training.batch_size=8,16,32,64"], budget={"trials": 4}, method="grid")
    for value in (2.3, 0.13124, 0.5, 0.13311):
        Advancing(context).look(number)
        end(view(context, number).active[0].kept.run_id, [value])
    found = view(context, number)
    _, rows = trial_rows(found)
    assert [str(row[3]) for row in read_rows(found, rows)] == ["2.30000", "0.13124", "0.50000", "0.13311"]
    assert not any("more" in line for line in head_lines(context, found))


def test_what_a_search_drew_is_told_with_the_digits_that_people_read() -> None:
    assert _written({"rate": 0.000288598225979, "batch": 16}) == "rate=0.0002886, batch=16"
