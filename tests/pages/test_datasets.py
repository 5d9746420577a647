"""The Datasets page: the list, what is in a data set, and adding one from this host."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from core.common.workspace import Workspace
from core.config.check import check
from core.data import library
from core.data.library import TableOptions, known
from pages.shared import state
from pages.shared.nav import DATASETS, LAUNCH
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage

PEOPLE = "name,age,town,rich\n" + "\n".join(
    f"p{n},{'' if n % 7 == 0 else 20 + n},{('Ulm', 'Köln')[n % 2]},{('no', 'yes')[n % 3 == 0]}" for n in range(60)
)


@pytest.fixture
def people(workspace: Workspace) -> Path:
    path = workspace.settings.inbox_dir / "My People.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


def _from_host(app: AppTest, path: Path) -> AppTest:
    next(group for group in app.button_group if group.key == "datasets_place").set_value("Take it from this host").run()
    app.text_input(key="datasets_path").set_value(str(path)).run()
    return app


def _texts(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.error, *app.warning, *app.success, *app.info]
    return "\n".join(element.value for element in parts)


def _target(app: AppTest) -> Selectbox[str]:
    return next(box for box in app.selectbox if box.label == "Column to predict")


def test_it_lists_the_built_in_sets_and_offers_to_add_one(open_page: OpenPage) -> None:
    app = open_page(DATASETS)
    table = app.dataframe[0].value
    assert table["Data set"].tolist() == [source.title for source in known.BUILT_IN.values()]
    assert table.set_index("Data set").loc["IMDB reviews", "Where"] == "to be downloaded"
    assert "None of your own yet" in app.info[0].value
    app.button(key="datasets_add").click().run()
    assert app.title[0].value == "Add a data set"


def test_a_table_is_added_from_this_host_and_shown(open_page: OpenPage, workspace: Workspace, people: Path) -> None:
    app = _from_host(open_page(DATASETS, add="table"), people)
    _target(app).set_value("rich").run()
    assert "Binary classification, 2 different values" in _texts(app)
    assert app.text_input(key="datasets_name").value == "my-people"
    app.text_input(key="datasets_title").set_value("*People*").run()
    app.button(key="datasets_apply").click().run()
    assert not app.exception
    assert "Added \\*People\\*\\." in app.success[0].value
    manifest = library.get(workspace.settings, "my-people")
    assert (manifest.info.target, manifest.info.task, manifest.info.test_examples) == ("rich", "binary", 12)
    columns = next(frame.value for frame in app.dataframe if "Distinct" in frame.value).set_index("Column")
    assert columns["Missing"]["age"] + columns["Missing, test"]["age"] == 9
    assert columns.loc["town", "Type"] == "category"


def test_the_first_rows_are_shown_as_they_will_be_read_and_follow_what_is_said(
    open_page: OpenPage, workspace: Workspace
) -> None:
    path = workspace.settings.inbox_dir / "flats.csv"
    rows = "".join(f"0{at % 3};{at}.5{at};{('neu', 'None')[at % 2]}\n" for at in range(1, 40))
    path.write_text(f"plz;preis;zustand\n{rows}")
    app = _from_host(open_page(DATASETS, add="table"), path)

    assert _read_rows(app)[0] == ["01", 1.51, "None"]
    assert "writing zustand=None under “Also missing” counts it as missing" in _texts(app).replace("\\", "")
    next(field for field in app.text_input if field.label == "Also missing").set_value("zustand=None").run()
    assert _read_rows(app)[0][2] is None
    next(field for field in app.text_input if field.label == "Also missing").set_value("").run()
    next(box for box in app.selectbox if box.label == "First row").set_value("no").run()
    assert "40 rows; 3 columns. As you say." in _texts(app).replace("\\", "")
    assert not app.exception

    app.session_state[state.DATASETS_TYPES].before = {"preis": "category"}  # as edited before
    next(box for box in app.selectbox if box.label == "First row").set_value("yes").run()
    types = next(each.value for each in app.dataframe if "Read as" in each.value).set_index("Column")
    assert types["Read as"]["preis"] == "As you say: 39 categories, as written"
    assert types["Type"]["preis"] == "category"
    assert _read_rows(app)[0][1] == "1.51"
    assert not app.exception


def _read_rows(app: AppTest) -> list[list[object]]:
    frame = next(each.value for each in app.dataframe if list(each.value) == ["0", "1", "2"])
    return [[None if value != value else value for value in row] for row in frame.to_numpy(object).tolist()]


def test_the_column_to_predict_follows_the_guess_until_one_is_chosen(open_page: OpenPage, workspace: Workspace) -> None:
    path = workspace.settings.inbox_dir / "häuser.csv"
    rows = "".join(f"{'ABC'[at % 3]};{at % 5};{(200_000 + at * 511, 'VB')[at % 4 == 0]}\n" for at in range(60))
    path.write_text(f"Ort;Zimmer;Kaufpreis\n{rows}", encoding="utf-8")
    app = _from_host(open_page(DATASETS, add="table"), path)
    assert _target(app).value == "Zimmer"  # a quarter of the prices are words

    also = next(field for field in app.text_input if field.label == "Also missing")
    also.set_value("Kaufpreis=VB").run()
    assert _target(app).value == "Kaufpreis"
    _target(app).set_value("Ort").run()
    next(field for field in app.text_input if field.label == "Also missing").set_value("").run()
    assert _target(app).value == "Ort"
    assert not app.exception


def test_a_target_of_numbers_but_for_a_few_words_is_refused_with_what_to_do_on_the_page(
    open_page: OpenPage, workspace: Workspace
) -> None:
    path = workspace.settings.inbox_dir / "flats.csv"
    rows = "".join(f"{at % 5};{at % 9};{200_000 + at * 511}\n" for at in range(60))
    path.write_text(f"a;b;Kaufpreis\n{rows}1;2;auf Anfrage\n")
    app = _from_host(open_page(DATASETS, add="table"), path)

    assert _target(app).value == "Kaufpreis"
    app.button(key="datasets_apply").click().run()
    told = _texts(app).replace("\\", "")
    assert "in row 61. Writing Kaufpreis=auf Anfrage under “Also missing” counts it as missing" in told
    assert "Or take its values as classes: “A class” under “What is predicted”." in told
    assert "--" not in app.error[0].value.replace("\\", "")
    assert library.listing(workspace.settings) == []


def test_what_was_decided_is_a_note_and_what_was_left_out_a_warning(open_page: OpenPage, workspace: Workspace) -> None:
    path = workspace.settings.inbox_dir / "load.csv"
    rows = "".join(f"2021-03-{at % 28 + 1:02},{at % 7}.5,{('n', 'NA')[at % 2]},same,{at * 1.5}\n" for at in range(60))
    path.write_text(f"date,a,b,c,load\n{rows}")
    library.add_table(workspace.settings, "load", path, TableOptions(target="load"))
    app = open_page(DATASETS, dataset="load")

    assert [each.value.replace("\\", "") for each in app.warning] == ["Left out: c. It has one value only."]
    (notes,) = [each.value.replace("\\", "") for each in app.caption if "taken by chance" in each.value]
    assert "“Parts are cut” by time (date) holds back the last" in notes
    assert "writing b=NA under “Also missing” counts it as missing" in notes
    assert "--" not in notes


def test_the_form_keeps_what_was_given_while_another_page_is_looked_at_and_is_empty_once_it_is_added(
    open_page: OpenPage, workspace: Workspace, people: Path
) -> None:
    app = _from_host(open_page(DATASETS, add="table"), people)
    _target(app).set_value("rich").run()
    app.text_input(key="datasets_name").set_value("folk").run()
    app.text_input(key="datasets_title").set_value("Folk").run()
    app.slider(key="datasets_test_share").set_value(0.5).run()
    app.session_state[state.DATASETS_TYPES].now["age"] = "category"
    app = open_page(LAUNCH)
    app = open_page(DATASETS)
    app.button(key="datasets_add").click().run()
    assert [app.text_input(key=f"datasets_{name}").value for name in ("path", "name", "title")] == [
        *(str(people), "folk", "Folk")
    ]
    assert _target(app).value == "rich"
    assert app.slider(key="datasets_test_share").value == 0.5
    types = next(frame.value for frame in app.dataframe if "Type" in frame.value).set_index("Column")["Type"]
    assert types["age"] == "category"
    app.button(key="datasets_apply").click().run()
    assert not app.exception
    assert library.get(workspace.settings, "folk").info.test_examples == 30
    app = open_page(DATASETS, add="table")
    assert not app.text_input(key="datasets_path").value
    assert "datasets_title" not in app.session_state


def test_a_name_that_is_taken_is_told_and_nothing_is_lost(
    open_page: OpenPage, workspace: Workspace, people: Path
) -> None:
    library.add_table(workspace.settings, "taken", people, TableOptions(target="rich"))
    app = _from_host(open_page(DATASETS, add="table"), people)
    app.text_input(key="datasets_name").set_value("taken").run()
    assert "There is a data set 'taken' already" in app.error[0].value.replace("\\", "")
    assert app.button(key="datasets_apply").disabled
    app.text_input(key="datasets_name").set_value("wine").run()
    assert "'wine' is the name of a built-in data set" in app.error[0].value.replace("\\", "")
    app.text_input(key="datasets_name").set_value("Not Good").run()
    assert "cannot be the name of a data set" in app.error[0].value
    assert app.text_input(key="datasets_path").value == str(people)


@pytest.mark.parametrize(
    ("kind", "name", "content", "told"),
    [
        ("table", "ragged.csv", b"a,b\n1,2\n3\n", "ragged.csv"),
        ("images", "broken.zip", b"PK\x03\x04nonsense", "broken.zip"),
        ("text", "binary.csv", b"\xff\xfe\x00\x01", "binary.csv"),
        ("table", "missing.csv", None, "cannot be read: No such file or directory"),
    ],
)
def test_a_bad_file_is_refused_in_place(
    open_page: OpenPage, workspace: Workspace, kind: str, name: str, content: bytes | None, told: str
) -> None:
    path = workspace.settings.inbox_dir / name
    if content is not None:
        path.write_bytes(content)
    app = _from_host(open_page(DATASETS, add=kind), path)
    assert not app.exception
    assert told in app.error[0].value.replace("\\", "")
    assert library.listing(workspace.settings) == []


def test_arrays_that_no_network_learns_from_are_refused_when_they_are_added(
    open_page: OpenPage, workspace: Workspace
) -> None:
    path = workspace.settings.inbox_dir / "one class.npz"
    np.savez(path, x=np.zeros((9, 2)), y=np.zeros(9, int))
    app = _from_host(open_page(DATASETS, add="arrays"), path)
    app.button(key="datasets_apply").click().run()
    assert not app.exception
    assert "one class only" in app.error[0].value
    assert library.listing(workspace.settings) == []
    assert app.text_input(key="datasets_name").value == "one-class"


def test_pictures_are_previewed_added_and_shown(open_page: OpenPage, workspace: Workspace, tmp_path: Path) -> None:
    path = workspace.settings.inbox_dir / "shapes.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for n in range(10):
            file = tmp_path / f"{n}.png"
            Image.new("RGB", (12, 8), (25 * n, 0, 0)).save(file)
            archive.write(file, f"{('dark', 'light')[n > 4]}/{n}.png")
    app = _from_host(open_page(DATASETS, add="images"), path)
    assert "10 pictures in 2 classes." in _texts(app)
    assert {field.label: field.value for field in app.number_input} == {"Height stored": 8, "Width stored": 12}
    app.button(key="datasets_apply").click().run()
    assert not app.exception
    assert library.get(workspace.settings, "shapes").info.shape == (8, 12, 3)
    assert "8 x 12 pixels, colour" in _texts(app).replace("\\", "")


def test_removing_names_the_runs_that_used_it(
    open_page: OpenPage, workspace: Workspace, people: Path, add_run: AddRun
) -> None:
    library.add_table(workspace.settings, "people", people, TableOptions(target="rich"))
    source = {"data": {"source": "table", "dataset": "people"}, "architecture": {"name": "mlp"}}
    add_run(name="learned *it*", config=source)
    add_run(name="another", config={**source, "data": {"source": "table", "dataset": "people-2"}})
    app = open_page(DATASETS, dataset="people")
    assert "1 run learned from it" in _texts(app)
    app.button(key="datasets_remove_apply").click().run()
    assert not app.exception
    assert library.listing(workspace.settings) == []
    assert "Removed people" in app.success[0].value
    assert "People" not in app.dataframe[0].value["Data set"].tolist()


def test_a_built_in_set_is_profiled_when_somebody_asks(open_page: OpenPage, workspace: Workspace) -> None:
    app = open_page(DATASETS, dataset="iris")
    assert app.title[0].value == "Iris"
    assert len(next(frame.value for frame in app.dataframe if "Distinct" in frame.value)) == 4
    stored = known.find(workspace.settings, "iris").fingerprint
    assert len(stored) == 64
    assert f"fingerprint {stored[:12]}" in _texts(app)


def test_a_set_that_is_not_on_this_host_says_what_to_do(open_page: OpenPage) -> None:
    app = open_page(DATASETS, dataset="reuters")
    assert "train.csv and test.csv" in app.info[0].value.replace("\\", "")
    assert "TRAINDECK_DATA_DIR" in app.info[0].value.replace("\\", "")


def test_an_unknown_name_leads_to_the_list(open_page: OpenPage) -> None:
    app = open_page(DATASETS, dataset="<b>")
    assert "There is no data set" in app.error[0].value
    assert app.title[0].value == "Datasets"


def test_the_table_has_what_trains_on_a_set_beside_its_name(open_page: OpenPage) -> None:
    table = open_page(DATASETS).dataframe[0].value
    assert list(table.columns[:2]) == ["Data set", "Train on it"]
    assert all(each.endswith(" Train on it") for each in table["Train on it"])


def test_a_run_with_it_begins_on_the_launch_page(open_page: OpenPage, workspace: Workspace, people: Path) -> None:
    library.add_table(workspace.settings, "people", people, TableOptions(target="rich"))
    app = open_page(LAUNCH, dataset="people")
    raw = app.session_state[state.LAUNCH_RAW]
    assert (raw["data"]["source"], raw["data"]["dataset"]) == ("table", "people")
    assert check(raw, workspace.settings)[1] == []
