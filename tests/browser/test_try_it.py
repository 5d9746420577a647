"""Try it in a real browser, of real runs: the best checkpoint answers a drawing, a picture, a row, a text, a prompt."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sklearn.datasets import load_digits

from core import runs
from core.common.workspace import Workspace
from core.data import library
from core.data.library import TableOptions
from tests.browser.conftest import fill, key, settled
from tests.host import Host
from tests.pictures import file_of, sixteen_bits


@pytest.fixture
def host(shared_workspace: Workspace) -> Iterator[Host]:
    yield Host(shared_workspace)
    Host(shared_workspace).clear()
    for added in library.listing(shared_workspace.settings):
        library.remove(shared_workspace.settings, added.name)


def _trained(host: Host, source: str, **architecture: Any) -> int:
    """A short run on the added data set that is named as its kind."""
    raw = {
        "data": {"source": source, "dataset": source, "limit": 1000},
        "architecture": architecture,
        "training": {"epochs": 1},
    }
    (run_id,) = runs.create(host.context, runs.Draft(raw))
    host.ended(run_id)
    return run_id


def _open(page: Page, run_id: int) -> None:
    page.goto(f"/run?id={run_id}&run_view=Try+it")
    settled(page)


def _answered(page: Page) -> None:
    expect(page.get_by_text(re.compile(r"Answered in [\d,]+ ms by the best checkpoint"))).to_be_visible()


def _probability(page: Page) -> str:
    _answered(page)
    return page.get_by_text(re.compile(r"probability \d+\.\d %")).inner_text()


def test_a_drawn_digit_is_named_with_its_probability(page: Page, host: Host) -> None:
    run_id = host.launch(**{"training.epochs": 2})
    host.ended(run_id)
    _open(page, run_id)
    box = page.get_by_label("Drawing area").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(middle, box["y"] + box["height"] * 0.8, steps=5)
    page.mouse.up()
    assert _probability(page)
    expect(page.get_by_alt_text("The picture as the network saw it")).to_be_visible()
    settled(page)  # with the chart of all probabilities


def test_an_uploaded_picture_is_named_inverted_and_what_is_no_picture_is_told(
    page: Page, host: Host, tmp_path: Path
) -> None:
    run_id = host.launch(**{"training.epochs": 2})
    host.ended(run_id)
    digit = tmp_path / "ink on paper.png"
    pixels = Image.fromarray(load_digits().images[0].astype("uint8") * 16)
    pixels.resize((80, 80)).point(lambda value: 255 - value).save(digit)
    _open(page, run_id)
    key(page, f"run_try_way_{run_id}").get_by_text("Upload", exact=True).click()
    given = key(page, f"run_try_file_{run_id}").locator("input[type=file]")  # beside that of a whole file
    given.set_input_files(digit)
    before = _probability(page)
    expect(page.get_by_text("Resized from 80 x 80 to 8 x 8 pixels.")).to_be_visible()
    page.get_by_text("Invert", exact=True).click()
    expect(page.get_by_text("Light and dark were exchanged.")).to_be_visible()
    expect(page.get_by_text(before)).to_have_count(0)
    assert _probability(page) != before
    expect(page.get_by_alt_text("The uploaded picture")).to_be_visible()
    sixteen = tmp_path / "scan.tif"  # which no browser shows
    sixteen.write_bytes(file_of(Image.fromarray(sixteen_bits()), "TIFF"))
    given.set_input_files(sixteen)
    expect(page.get_by_text("Resized from 20 x 12 to 8 x 8 pixels.")).to_be_visible()
    expect(page.get_by_alt_text("The uploaded picture")).to_be_visible()
    text = tmp_path / "picture.png"
    text.write_text("no picture")
    given.set_input_files(text)
    expect(page.get_by_role("alert")).to_contain_text(
        "picture.png cannot be read as a picture: not a picture but a text"
    )


def test_a_row_is_answered_and_again_when_a_value_changes(page: Page, host: Host, data_dir: Path) -> None:
    path = data_dir / "tabular" / "titanic.csv"
    library.add_table(host.workspace.settings, "table", path, TableOptions(target="Survived"))
    _open(page, _trained(host, "table", name="mlp"))
    before = _probability(page)  # of the test example that stands in the fields
    fill(page, "Fare", "500")
    expect(page.get_by_text(before)).to_have_count(0)
    assert _probability(page) != before


def test_a_text_is_classified_with_the_vocabulary_of_its_run(page: Page, host: Host, data_dir: Path) -> None:
    library.add_text(host.workspace.settings, "text", data_dir / "text_zh" / "waimai_10k.csv")
    _open(page, _trained(host, "text", name="recurrent", units=[8]))
    fill(page, "Text", "很好吃 ☃")
    page.get_by_role("button", name="Predict").click()
    assert _probability(page)
    expect(page.get_by_text("marked words are unknown to its vocabulary")).to_be_visible()


def test_a_prompt_is_continued_at_the_chosen_temperature(page: Page, host: Host, data_dir: Path) -> None:
    library.add_corpus(host.workspace.settings, "corpus", data_dir / "corpora" / "tinyshakespeare.txt")
    _open(page, _trained(host, "corpus", name="recurrent_generator", units=[8]))
    fill(page, "Prompt", "ROMEO:")
    page.get_by_role("slider", name="Temperature").press("ArrowLeft")
    page.get_by_role("button", name="Generate").click()
    _answered(page)
    expect(page.locator("code").filter(has_text="ROMEO:")).to_have_text(re.compile(r"ROMEO:.{50,}", re.DOTALL))
