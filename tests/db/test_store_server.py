"""A PostgreSQL database that is dropped, and made anew, under those who have it open."""

from collections.abc import Iterator
from contextlib import closing

import pytest

import db.runs
from core.common.errors import StoreError
from core.common.settings import Settings
from core.common.workspace import Workspace
from tests.postgres import Postgres


@pytest.fixture
def opened(postgres: Postgres, settings: Settings) -> Iterator[Workspace]:
    with postgres.database() as url:
        workspace = Workspace.open(settings.model_copy(update={"db_url": url}))
        with closing(workspace):
            yield workspace


def _names(workspace: Workspace) -> list[str]:
    with workspace.read() as session:
        return list(db.runs.experiments(session))


def test_it_is_told_in_the_same_words_as_of_a_file_and_all_goes_on_with_the_right_one(
    postgres: Postgres, opened: Workspace
) -> None:
    name = str(opened.settings.db_url).rpartition("/")[2].partition("?")[0]
    assert _names(opened) == []
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")
    for use in (_names, Workspace.check):
        with pytest.raises(StoreError, match=r"is gone: it was dropped.*everything goes on by itself"):
            use(opened)
    postgres.execute(f"CREATE DATABASE {name}")
    with pytest.raises(StoreError, match="is not the one that was opened: another has taken its place"):
        _names(opened)
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")
    postgres.execute(f"CREATE DATABASE {name} TEMPLATE migrated")  # as a copy of the store
    assert _names(opened) == []
    opened.check()
