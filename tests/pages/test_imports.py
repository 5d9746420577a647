"""The Import page: what a source has is shown, brought over, and reported."""

import shutil

from core import runs
from core.common.context import Context
from core.runs.records import RunQuery
from pages.shared.nav import IMPORT
from tests.core.imports.conftest import SAMPLES
from tests.pages.conftest import OpenPage


def test_what_is_found_is_shown_and_imported_once(open_page: OpenPage, context: Context) -> None:
    inbox = context.workspace.settings.inbox_dir
    shutil.copytree(SAMPLES / "keras", inbox / "logs" / "first")
    app = open_page(IMPORT)
    assert "TRAINDECK_DATA_ROOTS" in app.info[0].value

    app.text_input(key="import_path").set_value(str(inbox.parent)).run()
    assert "can be taken from this host" in app.error[0].value
    app.text_input(key="import_path").set_value("logs").run()
    (row,) = app.dataframe[0].value.to_dict("records")
    assert (row["Name"], row["Metrics"], row["Points"]) == ("first", 9, 44)

    app.multiselect(key="import_tags").set_value(["old"])
    app.button(key="import_start").click().run()
    assert app.success[0].value.startswith("1 new runs")
    (run,) = runs.listing(context, RunQuery()).runs
    assert (run.name, run.experiment, run.tags, run.created_by) == ("first", "logs", ("old",), context.actor.name)

    app.button(key="import_start").click().run()
    assert "1 unchanged" in app.success[0].value

    app.text_input(key="import_path").set_value("").run()
    app.segmented_control(key="import_source").set_value("csv").run()
    (inbox / "rubbish.csv").write_bytes(bytes(range(256)))
    app.text_input(key="import_path").set_value("rubbish.csv").run()
    assert "cannot be read as a table" in app.error[0].value


def test_a_password_that_is_typed_leaves_the_address_of_the_server_and_of_the_page(open_page: OpenPage) -> None:
    app = open_page(IMPORT, import_source="mlflow", import_path="http://grace:from-a-link@127.0.0.1:1/one")
    assert app.segmented_control(key="import_source").value == "mlflow"
    for password in ("from-a-link", "p/s@s?#word"):
        assert app.text_input(key="import_password").value == password
        assert app.text_input(key="import_user").value == "grace"
        address = app.text_input(key="import_path").value
        assert app.query_params["import_path"] == address
        assert address is not None
        assert address.startswith("http://127.0.0.1:1")
        assert "Nobody answers at" in app.error[0].value
        shown = "".join(map(str, (app.main, app.query_params)))
        assert [each for each in app.error if password in each.value] == []
        assert f":{password}@" not in shown
        app.text_input(key="import_path").set_value("http://grace:p/s@s?#word@127.0.0.1:1/two").run()
