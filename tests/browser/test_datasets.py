"""Data sets added in a real browser: one of each kind by upload, cut from real data, and a bad file."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect

from core.common.workspace import Workspace
from core.data import library
from core.data.library import DatasetKind
from pages.parts.datasets.kinds import HELP
from tests.browser.conftest import key, settled
from tests.host import paths_in, wait_until

ROWS = 60


def _table(data: Path, folder: Path) -> Path:
    lines = (data / "tabular" / "titanic.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    return _written(folder / "passengers.csv", "".join(lines[: ROWS + 1]))


def _images(data: Path, folder: Path) -> Path:
    path = folder / "some flowers.zip"
    taken: dict[str, int] = {}
    with zipfile.ZipFile(data / "images" / "flowers_1500.zip") as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            kind = Path(name).parent.name
            if name.endswith(".jpg") and taken.setdefault(kind, 0) < 4:
                taken[kind] += 1
                target.writestr(name, source.read(name))
    return path


def _text(data: Path, folder: Path) -> Path:
    lines = (data / "text_zh" / "waimai_10k.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    return _written(folder / "reviews.csv", "".join([*lines[:ROWS], *lines[-ROWS:]]))


def _corpus(data: Path, folder: Path) -> Path:
    text = (data / "corpora" / "tinyshakespeare.txt").read_text(encoding="utf-8")
    return _written(folder / "plays.txt", text[:20_000])


def _arrays(data: Path, folder: Path) -> Path:
    path = folder / "digits of mine.npz"
    with np.load(data / "mnist" / "mnist.npz", allow_pickle=False) as arrays:
        np.savez(path, **{name: arrays[name][: 4 * ROWS] for name in arrays.files})
    return path


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


Made = Callable[[Path, Path], Path]
KINDS: list[tuple[DatasetKind, Made, str, str]] = [  # with the name that is proposed, and what the profile tells
    ("table", _table, "passengers", "Survived: 2 classes"),
    ("images", _images, "some-flowers", "128 x 128 pixels, colour"),
    ("text", _text, "reviews", "Lengths of the texts"),
    ("corpus", _corpus, "plays", "Before we proceed any further"),
    ("arrays", _arrays, "digits-of-mine", "28 x 28 pixels, grey"),
]


def test_a_data_set_of_each_kind_is_added_by_upload_and_shown(
    page: Page, shared_workspace: Workspace, data_dir: Path, tmp_path: Path
) -> None:
    page.goto("/datasets")
    settled(page)
    for kind, made, name, told in KINDS:
        key(page, "datasets_add").get_by_role("button").click()
        key(page, "datasets_kind").get_by_text(HELP[kind].title, exact=True).click()
        page.wait_for_url(re.compile(f"add={kind}"))
        settled(page)
        page.locator("input[type=file]").set_input_files(made(data_dir, tmp_path))
        expect(page.get_by_label("Name", exact=True)).to_have_value(name)
        key(page, "datasets_apply").get_by_role("button").click()
        page.wait_for_url(re.compile(f"dataset={name}"))
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        expect(page.get_by_text(told).first).to_be_visible()
        manifest = library.get(shared_workspace.settings, name)
        expect(page.get_by_text(f"fingerprint {manifest.fingerprint[:12]}")).to_be_visible()
        if kind in ("images", "arrays"):
            expect(page.locator(".st-key-datasets_pictures img").first).to_have_js_property("complete", True)
        library.remove(shared_workspace.settings, name)
        key(page, "datasets_back").get_by_role("button").click()


def test_a_bad_file_is_told_in_place_and_leaves_nothing(
    page: Page, shared_workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "pictures.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../outside/1.png", b"not a picture")
    page.goto("/datasets?add=images")
    settled(page)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_role("alert")).to_contain_text("its entry '../outside/1.png' leads out of the folder")
    assert library.listing(shared_workspace.settings) == []
    expect(page.get_by_role("button", name="Remove pictures.zip")).to_be_visible()  # the form keeps what was given


def test_an_upload_shows_how_far_it_is_and_leaves_nothing_when_it_is_cancelled(
    page: Page, shared_workspace: Workspace, tmp_path: Path
) -> None:
    path = _written(tmp_path / "large.csv", "x,y\n" * 10_000_000)
    page.goto("/datasets?add=table")
    settled(page)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 2 * 1024**2}
    network.send("Network.emulateNetworkConditions", slow)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text(re.compile(r"large.csv · [1-9]\d* MB of 38 MB"))).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Browse files")).to_be_visible()
    uploads = shared_workspace.settings.datasets_dir / "added"
    wait_until(lambda: "large.csv" not in {path.name for path in paths_in(uploads)}, "what had come is removed")
