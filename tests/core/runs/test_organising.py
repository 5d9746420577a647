import pytest

from core import runs
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError
from core.common.workspace import Workspace
from tests.conftest import AddRun


def test_name_notes_and_tags_change_and_the_rest_stays(context: Context, add_run: AddRun) -> None:
    run_id = add_run(name="old", notes="kept", tags=["a"])

    runs.annotate(context, run_id, name="  new  ", tags=["b", "b", " "])

    run = runs.get(context, run_id)
    assert (run.name, run.notes, run.tags) == ("new", "kept", ("b",))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"notes": "a\0b"}, "notes"),
        ({"notes": "\udc80"}, "notes"),
        ({"tags": ["ok", "y" * 201]}, "tags"),
    ],
)
def test_a_label_that_cannot_be_is_refused_and_nothing_changes(
    workspace: Workspace, context: Context, add_run: AddRun, change: dict[str, object], field: str
) -> None:
    run_id = add_run(name="old", notes="old", tags=["old"])

    with pytest.raises(ConfigError) as caught:
        runs.annotate(context, run_id, **{"name": "new", "notes": "new", "tags": ["new"], **change})  # type: ignore[arg-type]

    assert [problem.field for problem in caught.value.problems] == [field]
    run = runs.get(context, run_id)
    assert (run.name, run.notes, run.tags) == ("old", "old", ("old",))


def test_notes_have_lines_and_ten_thousand_characters(context: Context, add_run: AddRun) -> None:
    run_id, notes = add_run(), "line\n\t🚀\n" * 2_000

    runs.annotate(context, run_id, notes=notes)

    assert runs.get(context, run_id).notes == notes


def test_a_run_that_is_gone_cannot_be_annotated(context: Context) -> None:
    with pytest.raises(NotFoundError, match="no run 999"):
        runs.annotate(context, 999, name="new", tags=["t"])


def test_many_runs_are_tagged_and_those_that_are_gone_skipped(context: Context, add_run: AddRun) -> None:
    first, second = add_run(tags=["a"]), add_run()

    runs.add_tags(context, [first, 999, second], ["b", " a "])

    assert [run.tags for run in runs.get_many(context, [first, second])] == [("a", "b"), ("a", "b")]
    assert runs.all_tags(context) == ["a", "b"]
    with pytest.raises(ConfigError):
        runs.add_tags(context, [first], ["x" * 201])


def test_runs_move_into_an_experiment_old_or_new(context: Context, add_run: AddRun) -> None:
    ids = [add_run(experiment="a"), add_run(experiment="b")]

    runs.move(context, ids, " c ")

    assert runs.experiments(context) == {"c": 2}
    with pytest.raises(ConfigError, match="must not be empty"):
        runs.move(context, ids, " ")
