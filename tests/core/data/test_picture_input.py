"""A picture that was trained on gives the same pixels when it is asked about, whatever its mode, format and size."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from core.common.errors import DataError
from core.common.settings import Settings
from core.data import library
from core.data.base import Array, Dataset
from core.data.picture_input import MOST_BYTES, check_bytes, picture_input
from core.data.pictures import png_of, resized
from core.data.prepare import load
from tests import pictures
from tests.core.data.library.test_adding import source_of
from tests.pictures import every, file_of

FILES = every()
MOST = 1_000_000


def asked(data: bytes, stored: tuple[int, ...], wanted: tuple[int, ...], **how: bool) -> Array:
    return picture_input(data, "it", stored, wanted, max_pixels=MOST, **how).pixels


def added(settings: Settings, folder: Path, files: dict[str, bytes], size: tuple[int, int] | None) -> str:
    """Name of the data set of these files, each both in training and in the test part."""
    for part in ("train", "test"):
        for label, keep in (("a", lambda at: at % 2), ("b", lambda at: not at % 2)):
            (folder / part / label).mkdir(parents=True)
            for at, (name, data) in enumerate(files.items()):
                if keep(at):
                    (folder / part / label / name).write_bytes(data)
    return library.add_images(settings, folder.name, folder, library.ImageOptions(size=size)).name


def in_order(folder: Path, files: dict[str, bytes]) -> list[bytes]:
    return [files[path.name] for path in sorted((folder / "test").rglob("*.*"))]


def loaded(settings: Settings, name: str, **options: object) -> tuple[Dataset, tuple[int, ...]]:
    source = source_of(library.get(settings, name), validation_split=0.0, **options)
    return load(source, settings, 0), source.published(settings).shape


@pytest.mark.parametrize(("bits", "white"), [(8, 255), (10, 1_023), (12, 4_095), (14, 16_383), (16, 0)])
def test_greys_of_cameras_are_scaled_by_their_bits_when_trained_on_and_asked_about(
    settings: Settings, tmp_path: Path, bits: int, white: int
) -> None:
    levels = np.linspace(0, 2**bits - 1, 12 * 16).reshape(12, 16).astype(np.uint16)
    file = file_of(Image.fromarray(levels), "PNG")
    files = {f"{at}.png": file for at in range(4)} | {"eight.png": file_of(Image.new("L", (16, 12), 99), "PNG")}
    data, stored = loaded(settings, added(settings, tmp_path / "camera", files, None))

    manifest = library.get(settings, "camera")
    assert isinstance(data.x_test, np.ndarray)
    assert (data.info.white, int(data.x_test.max()), int(np.median(data.x_test[0]))) == (white, 255, 127)
    assert manifest.warnings[0].startswith("Pictures of several depths: 8 of 10 are greys of 16 bits.")
    assert f"0 is black and {white or 65_535:,} white" in manifest.warnings[1]
    for x, each in zip(data.x_test, in_order(tmp_path / "camera", files), strict=True):
        found = picture_input(each, "it", stored, data.info.shape, max_pixels=MOST, white=data.info.white)
        assert np.array_equal(found.pixels, x)
    if white:
        with pytest.raises(DataError, match="go from 0 to 65,535, taken are 0"):
            bright = file_of(Image.fromarray(np.array([[0, 65_535]], np.uint16)), "PNG")
            picture_input(bright, "it", stored, stored, max_pixels=MOST, white=white)


@pytest.mark.parametrize("size", [None, (12, 20), (7, 31), (64, 64)])
@pytest.mark.parametrize("resize", [[], [9], [33, 5]])
def test_each_file_asked_again_gives_the_input_that_was_trained_on(
    settings: Settings, tmp_path: Path, size: tuple[int, int] | None, resize: list[int]
) -> None:
    folder = tmp_path / "every"
    name = added(settings, folder, dict(FILES), size)
    data, stored = loaded(settings, name, resize=resize)
    assert isinstance(data.x_test, np.ndarray)
    for x, file in zip(data.x_test, in_order(folder, dict(FILES)), strict=True):
        assert np.array_equal(asked(file, stored, data.info.shape), x)


def test_each_grey_file_asked_again_gives_the_grey_input_that_was_trained_on(
    settings: Settings, tmp_path: Path
) -> None:
    greys = {name: data for name, data in FILES.items() if name.startswith(("grey", "16", "one-bit", "32", "real"))}
    folder = tmp_path / "greys"
    name = added(settings, folder, greys, None)
    data, stored = loaded(settings, name, resize=[20])
    assert isinstance(data.x_test, np.ndarray)
    assert data.info.shape == (20, 20, 1)
    for x, file in zip(data.x_test, in_order(folder, greys), strict=True):
        assert np.array_equal(asked(file, stored, data.info.shape), x)


def test_files_with_several_pictures_are_told_when_they_are_added_and_when_they_are_asked_about(
    settings: Settings, tmp_path: Path
) -> None:
    files = {name: data for name, data in FILES.items() if name.startswith(("several", "colour"))}
    name = added(settings, tmp_path / "several", files, None)
    told = [warning for warning in library.get(settings, name).warnings if "several pictures" in warning]
    assert told[0].startswith("10 files hold several pictures, of which the first is taken: ")
    assert "a/several" in told[0]
    found = picture_input(FILES["several.gif"], "it", (12, 20, 3), (12, 20, 3), max_pixels=MOST)
    assert found.notes == ("The GIF file holds several pictures; the first one was taken, as in training.",)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("wanted", [(28, 28), (14, 14), (56, 40)])
def test_a_picture_of_arrays_is_sized_as_the_run_sizes_it(channels: int, wanted: tuple[int, int]) -> None:
    """Those of npz and idx files, and of the built-in sets, which are stored as they are."""
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28, channels), np.uint8)
    mode = Image.fromarray(images[0, ..., 0] if channels == 1 else images[0])
    found = asked(file_of(mode, "PNG"), (28, 28, channels), (*wanted, channels))
    assert np.array_equal(found, resized(images, *wanted)[0])


def test_what_was_done_to_the_size_is_told_width_first() -> None:
    wide = file_of(pictures.grey(30, 90), "PNG")

    def told(stored: tuple[int, int], wanted: tuple[int, int]) -> tuple[str, ...]:
        return picture_input(wide, "it", (*stored, 1), (*wanted, 1), max_pixels=MOST).notes

    assert told((30, 90), (30, 90)) == ()
    assert told((30, 90), (8, 9)) == told((8, 9), (8, 9)) == ("Resized from 90 x 30 to 9 x 8 pixels.",)
    assert told((10, 20), (8, 9)) == (
        "Resized from 90 x 30 to 20 x 10, as the data set is stored, and then to 9 x 8 pixels.",
    )


@pytest.mark.parametrize("wanted", [(28, 28), (14, 20)])
def test_a_drawing_is_framed_at_the_size_that_is_stored_and_then_sized_as_the_run_does(wanted: tuple[int, int]) -> None:
    stroke = np.zeros((280, 280), np.uint8)
    stroke[20:200, 40:60] = 255
    data = file_of(Image.fromarray(stroke).convert("RGBA"), "PNG")
    framed = asked(data, (28, 28, 1), (28, 28, 1), drawn=True)
    assert framed[:, 12:16].sum() == framed.sum() > 0
    assert np.array_equal(asked(data, (28, 28, 1), (*wanted, 1), drawn=True), resized(framed[np.newaxis], *wanted)[0])
    dark = asked(data, (28, 28, 1), (28, 28, 1), drawn=True, inverted=True)
    assert np.array_equal(dark, 255 - framed)


@pytest.mark.parametrize("kind", ["L", "RGB"])
def test_an_inverted_picture_is_that_of_the_inverted_file(kind: str) -> None:
    picture = pictures.coloured().convert(kind)
    shape = (7, 9, len(kind))
    inverted = asked(file_of(ImageOps.invert(picture), "PNG"), shape, shape, inverted=True)
    assert np.array_equal(inverted, asked(file_of(picture, "PNG"), shape, shape))


def test_the_png_of_an_input_is_read_as_that_input() -> None:
    import base64

    for shape in ((5, 9, 1), (5, 9, 3)):
        pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
        assert np.array_equal(asked(base64.b64decode(png_of(pixels)), shape, shape), pixels)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it cannot be read as a picture: it is empty. Accepted are whole PNG, JPEG, WebP, BMP, GIF, TIFF, AVIF,"),
        (b"hello", "it cannot be read as a picture: not a picture but a text. Accepted are whole PNG,"),
        (FILES["panorama.jpg"][:900], "cannot be read as a picture: "),
        (pictures.png(np.zeros((1, 1), np.uint8), 8, 0, size=(5000, 5000)), "5000 x 5000 pixels are too many, at most"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_it_is_and_what_is_accepted(data: bytes, told: str) -> None:
    with pytest.raises(DataError) as error:
        asked(data, (8, 8, 3), (8, 8, 3))
    assert told in str(error.value)


def test_a_file_of_too_many_bytes_is_refused_by_its_size() -> None:
    check_bytes(MOST_BYTES, "big.tif")
    with pytest.raises(DataError, match=r"^big.tif has 40 MB; at most 32 MB are taken of a picture to be asked about"):
        check_bytes(40 * 2**20, "big.tif")
