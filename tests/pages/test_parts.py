"""Parts that an author made, and leaks, as the pages tell them."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.common.workspace import Workspace
from core.data import library
from core.data.library import TableOptions, TextOptions
from pages.shared.nav import DATASETS, LAUNCH, RUN
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage

LEAK = "a,copy,y\n" + "\n".join(f"{n * 7 % 10},{n % 2},{'pq'[n % 2]}" for n in range(40))


def _texts(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.error, *app.warning, *app.success, *app.info]
    return "\n".join(element.value for element in parts).replace("\\", "")


@pytest.fixture
def reviews(workspace: Workspace) -> Path:
    """Labelled texts to train and to validate on, and no test."""
    folder = workspace.settings.inbox_dir / "reviews"
    folder.mkdir()
    for part, count in (("train", 20), ("val", 6)):
        rows = "".join(f"{part} text {n},{n % 2},u{n // 4}\n" for n in range(count))
        (folder / f"{part}.csv").write_text(f"text,label,user\n{rows}")
    return folder


def _add_form(open_page: OpenPage, path: Path) -> AppTest:
    app = open_page(DATASETS, add="text")
    next(group for group in app.button_group if group.key == "datasets_place").set_value("Take it from this host").run()
    app.text_input(key="datasets_path").set_value(str(path)).run()
    return app


def _keyed(elements: object, prefix: str) -> object:
    return next(each for each in elements if str(each.key).startswith(prefix))  # type: ignore[attr-defined]


def test_the_authors_validation_part_is_kept_and_told(open_page: OpenPage, workspace: Workspace, reviews: Path) -> None:
    app = _add_form(open_page, reviews)
    assert "26 texts in 2 classes, 6 in a validation part of their own." in _texts(app)
    assert "The file has a validation part of 6 examples, on which runs validate." in _texts(app)
    app.button(key="datasets_apply").click().run()
    assert not app.exception
    info = library.get(workspace.settings, "reviews").info
    assert (info.train_examples, info.validation_examples, info.test_examples) == (16, 6, 4)
    assert "Author's validation part" in _texts(app)


def test_nothing_is_asked_where_the_author_cut_all_parts(open_page: OpenPage, reviews: Path) -> None:
    (reviews / "test.csv").write_text((reviews / "train.csv").read_text().replace("text ", "other "))
    app = _add_form(open_page, reviews)
    assert "test part of" in _texts(app)
    assert not [each.key for each in app.selectbox if str(each.key).startswith("datasets_cut_")]


def test_the_validation_part_can_be_the_test_and_groups_are_kept_whole(
    open_page: OpenPage, workspace: Workspace, reviews: Path
) -> None:
    app = _add_form(open_page, reviews)
    _keyed(app.checkbox, "datasets_val_as_test").check().run()  # type: ignore[attr-defined]
    _keyed(app.selectbox, "datasets_cut_").set_value("group").run()  # type: ignore[attr-defined]
    _keyed(app.selectbox, "datasets_cut_group").set_value("user").run()  # type: ignore[attr-defined]
    app.button(key="datasets_apply").click().run()
    assert not app.exception
    info = library.get(workspace.settings, "reviews").info
    assert (info.train_examples, info.validation_examples, info.test_examples) == (20, 0, 6)
    assert (info.split_by, info.groups) == ("group", 5)


def test_the_launch_form_says_what_a_run_validates_on(open_page: OpenPage, workspace: Workspace, reviews: Path) -> None:
    library.add_text(workspace.settings, "reviews", reviews, TextOptions())
    app = open_page(LAUNCH, dataset="reviews")
    assert "Validation: the author's 6 examples; no split of the training examples." in _texts(app)
    app.toggle(key="launch:data.author_validation").set_value(False).run()
    assert "the author's 6 examples for validation are among the training examples" in _texts(app)


def test_a_set_without_a_validation_part_is_not_asked_about_one(
    open_page: OpenPage, workspace: Workspace, reviews: Path
) -> None:
    library.add_text(workspace.settings, "plain", reviews / "train.csv", TextOptions())
    app = open_page(LAUNCH, dataset="plain")
    assert not app.exception
    assert "launch:data.author_validation" not in {toggle.key for toggle in app.toggle}


def test_a_leak_is_told_on_the_data_sets_page_and_with_each_run(
    open_page: OpenPage, workspace: Workspace, tmp_path: Path, add_run: AddRun
) -> None:
    (tmp_path / "leak.csv").write_text(LEAK)
    library.add_table(workspace.settings, "leaky", tmp_path / "leak.csv", TableOptions(target="y"))
    told = "'copy' tells 'y' in every row: is it known before 'y' is?"
    app = open_page(DATASETS, dataset="leaky")
    assert told in _texts(app)
    assert "0 is p; 1 is q" in _texts(app)
    config = {"data": {"source": "table", "dataset": "leaky"}, "architecture": {"name": "mlp"}}
    app = open_page(RUN, id=str(add_run(config=config)))
    assert not app.exception
    assert told in _texts(app)


def test_the_column_of_the_dates_is_the_one_that_parts_are_cut_by(open_page: OpenPage, workspace: Workspace) -> None:
    path = workspace.settings.inbox_dir / "visits.csv"
    rows = "".join(f"c{n},{n % 7},2021-{1 + n // 28:02}-{1 + n % 28:02},{'pq'[n % 2]}\n" for n in range(60))
    path.write_text(f"customer,visits,day,left\n{rows}")
    app = open_page(DATASETS, add="table")
    next(group for group in app.button_group if group.key == "datasets_place").set_value("Take it from this host").run()
    app.text_input(key="datasets_path").set_value(str(path)).run()
    _keyed(app.selectbox, "datasets_cut_").set_value("time").run()  # type: ignore[attr-defined]
    assert _keyed(app.selectbox, "datasets_cut_time").value == "day"  # type: ignore[attr-defined]
    _keyed(app.selectbox, "datasets_cut_").set_value("group").run()  # type: ignore[attr-defined]
    assert "Choose the column of groups, or parts are cut by chance." in _texts(app)
    assert not app.exception
