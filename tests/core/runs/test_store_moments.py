"""Moments of the store: others at each change, whichever thread asks."""

import threading

from core.common.context import Context
from core.runs import annotate
from core.runs.store_moments import StoreMoments
from tests.conftest import AddRun


def test_a_moment_lasts_until_something_is_written(context: Context, add_run: AddRun) -> None:
    moments, heard = StoreMoments(context.workspace), list[int]()
    first = add_run()
    before = moments.now()
    other = threading.Thread(target=lambda: heard.append(moments.now()))
    other.start()
    other.join()
    assert (heard == [before]) is context.workspace.database.is_sqlite
    annotate(context, first, notes="new")
    changed = moments.now()
    assert changed != before
    add_run(metrics={"loss": [0.5]})
    assert moments.now() != changed
    moments.close()
