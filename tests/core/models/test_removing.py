"""Versions and models are deleted with what they keep, and nothing else is."""

from pathlib import Path

import pytest
import sqlalchemy as sa

import db.serving
from core import models, runs
from core.common.context import Context
from core.common.errors import NotFoundError, StateError
from db.registry_tables import ModelVersion
from tests.core.models.conftest import Leave


def kept(context: Context, version: models.VersionRecord) -> Path:
    return models.network_file(context.workspace.settings, version).parent


def test_what_an_alias_points_at_is_not_deleted(context: Context, leave: Leave) -> None:
    version = models.register(context, leave(), "digits", aliases=["champion", "canary"])
    folder = kept(context, version)
    in_use = r"in use under the names champion and canary. Move or remove them first"
    with pytest.raises(StateError, match=in_use):
        models.delete_version(context, "digits", 1)
    with pytest.raises(StateError, match=in_use):
        models.delete_model(context, "digits")
    models.drop_alias(context, "digits", "champion")
    models.drop_alias(context, "digits", "canary")
    assert models.delete_version(context, "digits", 1) == 0  # its run is there, and with it the files
    assert not folder.exists()
    with pytest.raises(NotFoundError, match="All versions of digits were deleted"):
        models.find(context, "digits")
    models.delete_model(context, "digits")
    assert models.listing(context) == []


def test_what_is_served_is_not_deleted(context: Context, leave: Leave) -> None:
    model = {models.register(context, leave(content=text), "digits").model_id for text in (b"1", b"2", b"3")}.pop()
    with context.workspace.write() as session:
        db.serving.put(session, model, {"reference": "1", "challenger": "2"}, "ada")
    for number, role in ((1, "as the version that answers"), (2, "as its challenger")):
        with pytest.raises(StateError, match=f"digits@{number} is served {role}. Stop serving it first"):
            models.delete_version(context, "digits", number)
    models.delete_version(context, "digits", 3)
    with pytest.raises(StateError, match=r"Model digits is served\. .*models unserve digits"):
        models.delete_model(context, "digits")
    with context.workspace.write() as session:
        db.serving.remove(session, model)
    models.delete_model(context, "digits")


def test_deleting_a_model_gives_back_the_room_that_only_it_took(context: Context, leave: Leave) -> None:
    run = leave(accuracy=None)
    models.register(context, run, "digits")
    runs.trash(context, [run.id])
    runs.empty_trash(context)
    assert models.delete_model(context, "digits") == len(b"weights") + len("[]")


def test_a_page_that_still_shows_a_deleted_version_changes_no_other(context: Context, leave: Leave) -> None:
    stale = models.register(context, leave(content=b"1"), "digits")
    models.delete_version(context, "digits", 1)
    new = models.register(context, leave(content=b"2"), "digits")
    with pytest.raises(NotFoundError, match=r"digits@1 was deleted in the meantime\. Choose another version"):
        models.annotate(context, stale, "mistaken")
    assert models.find(context, "digits@2") == new
    assert new.id != stale.id


def test_what_has_files_on_another_host_is_deleted_there(context: Context, leave: Leave) -> None:
    version = models.register(context, leave(), "digits")
    with context.workspace.write() as session:
        session.execute(sa.update(ModelVersion).values(host="faraway"))
    away = "files of digits@1 are on host faraway. Delete it in the dashboard of that host"
    with pytest.raises(StateError, match=away):
        models.delete_version(context, "digits", 1)
    with pytest.raises(StateError, match=away):
        models.delete_model(context, "digits")
    with context.workspace.write() as session:
        session.execute(sa.update(ModelVersion).values(host=version.host))
    models.delete_model(context, "digits")
    assert list(context.workspace.settings.models_dir.iterdir()) == []
