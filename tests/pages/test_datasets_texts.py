"""The Datasets page on texts: how they are read is shown as it is chosen, and what cannot be told is asked."""

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.common.workspace import Workspace
from core.data import library
from pages.shared.nav import DATASETS
from tests.pages.conftest import OpenPage


def _given(open_page: OpenPage, workspace: Workspace, kind: str, name: str, content: bytes) -> AppTest:
    path: Path = workspace.settings.inbox_dir / name
    path.write_bytes(content)
    app = open_page(DATASETS, add=kind)
    next(group for group in app.button_group if group.key == "datasets_place").set_value("Take it from this host").run()
    app.text_input(key="datasets_path").set_value(str(path)).run()
    assert not app.exception
    return app


def _texts(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.error, *app.warning, *app.success, *app.info]
    return "\n".join(element.value for element in parts).replace("\\", "")


def _labelled(app: AppTest, label: str) -> str:
    return str(next(box.key for box in [*app.selectbox, *app.multiselect, *app.checkbox] if box.label == label))


def test_a_guessed_encoding_is_told_and_another_can_be_chosen(open_page: OpenPage, workspace: Workspace) -> None:
    rows = "".join(f"{at % 2},déjà {at}\n" for at in range(20))
    app = _given(open_page, workspace, "text", "short.csv", f"label,text\n{rows}".encode("cp1252"))

    assert "The encoding is guessed: cp1252" in _texts(app) or "Read as cp1252" in _texts(app)
    assert app.dataframe[0].value["Text"][0] == "déjà 0"
    app.selectbox(key="datasets_encoding_text").set_value("cp1251").run()
    assert app.dataframe[0].value["Text"][0] == "dйjа 0"
    assert "encoding is guessed" not in _texts(app)


def test_columns_of_texts_are_read_as_they_are_chosen(open_page: OpenPage, workspace: Workspace) -> None:
    rows = "".join(f"Title {at},What {at} is about,{at % 2},{at % 3}\n" for at in range(20))
    app = _given(open_page, workspace, "text", "news.csv", f"title,description,kind,topic\n{rows}".encode())

    assert app.selectbox(key=_labelled(app, "Column of texts")).value == "title"
    assert app.multiselect(key=_labelled(app, "Joined behind the text")).value == ["description"]
    assert "label: topic; not read: kind. Or is kind the label?" in _texts(app)
    app.selectbox(key=_labelled(app, "Column of labels")).set_value("kind").run()
    app.selectbox(key=_labelled(app, "Column of texts")).set_value("title").run()
    app.multiselect(key=_labelled(app, "Joined behind the text")).set_value(["description"]).run()
    assert app.dataframe[0].value.to_numpy().tolist()[1] == ["1", "Title 1\nWhat 1 is about"]
    app.multiselect(key=_labelled(app, "Joined behind the text")).set_value(["kind"]).run()
    assert "cannot be both label and text" in _texts(app)
    assert not [button for button in app.button if button.key == "datasets_apply"]
    app.multiselect(key=_labelled(app, "Joined behind the text")).set_value(["description"]).run()
    app.text_area[0].set_value("0\tcalm\n1\tloud").run()
    app.button(key="datasets_apply").click().run()

    assert not app.exception
    added = library.get(workspace.settings, "news")
    assert (added.info.class_names, added.info.target) == (("calm", "loud"), "kind")


def test_several_labels_in_a_cell_are_asked_about(open_page: OpenPage, workspace: Workspace) -> None:
    genres = ("love", "drama", "drama;love")
    rows = "".join(f"story {at},{genres[at % 3]}\n" for at in range(30))
    app = _given(open_page, workspace, "text", "genres.csv", f"text,labels\n{rows}".encode())

    assert "10 of 30 cells seem to have several labels at once" in _texts(app)
    app.selectbox(key=_labelled(app, "What is predicted")).set_value("classification").run()
    app.text_input(key="datasets_name").set_value("combined").run()
    app.button(key="datasets_apply").click().run()

    assert library.get(workspace.settings, "combined").info.class_names == genres[1:2] + genres[2:] + genres[:1]


def test_of_json_the_field_that_holds_the_text_is_chosen(open_page: OpenPage, workspace: Workspace) -> None:
    poems = [{"author": "a", "title": f"t{at}", "paragraphs": ["春眠不觉晓，", "处处闻啼鸟。"]} for at in range(100)]
    app = _given(open_page, workspace, "corpus", "poems.json", json.dumps(poems).encode())

    field = _labelled(app, "Field that holds the text")
    assert app.selectbox(key=field).value == "paragraphs"
    assert app.code[-1].value.startswith("春眠不觉晓，\n处处闻啼鸟。\n\n")
    app.selectbox(key=field).set_value("title").run()
    assert app.code[-1].value.startswith("t0\nt1\n")
    app.selectbox(key=field).set_value("paragraphs").run()
    app.button(key="datasets_apply").click().run()

    assert not app.exception
    assert library.profile(workspace.settings, "poems").samples[0].text.startswith("春眠不觉晓，\n处处闻啼鸟。")
    assert "The text is the field paragraphs of poems.json" in _texts(app)


def test_classes_are_named_on_the_page_of_a_data_set(open_page: OpenPage, workspace: Workspace) -> None:
    path = workspace.settings.inbox_dir / "some.csv"
    path.write_text("label,text\n" + "".join(f"{at % 2},text {at}\n" for at in range(20)))
    library.add_text(workspace.settings, "some", path)
    app = open_page(DATASETS, dataset="some")

    assert app.button(key="datasets_rename_apply").disabled
    assert [frame.value["Name"].tolist() for frame in app.dataframe if "Name" in frame.value] == [["0", "1"]]
