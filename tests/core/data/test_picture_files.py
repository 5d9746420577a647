"""The one decoder: what each mode and format becomes, how it is scaled, turned and freed of transparency."""

import numpy as np
import pytest
from PIL import Image

from core.data.base import Array
from core.data.picture_files import BrokenPictureError, decoded, header
from core.data.picture_formats import SUFFIXES
from tests import pictures
from tests.pictures import HEIGHT, WIDTH, every, file_of, greys

MOST = 1_000_000
FILES = every()
BACK = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}  # from upright to how a camera with this orientation has it
SIDEWAYS = {name for name in FILES if "turned" in name}


def pixels(data: bytes) -> Array:
    """uint8 [height, width] or [height, width, 3]."""
    return np.asarray(decoded(data, MOST).picture)


@pytest.mark.parametrize("name", FILES)
def test_every_mode_and_format_becomes_eight_bits_of_the_size_that_was_told_before(name: str) -> None:
    found = decoded(FILES[name], MOST)

    assert found.header == header(FILES[name], MOST)
    assert found.picture.size == (found.header.width, found.header.height)
    assert found.picture.mode == ("L" if found.header.grey else "RGB")
    assert found.header.several == ("several" in name)
    assert name.endswith(SUFFIXES)
    if name not in ("one-pixel.png", "panorama.jpg"):
        assert found.picture.size == ((HEIGHT, WIDTH) if name in SIDEWAYS else (WIDTH, HEIGHT))


@pytest.mark.parametrize(
    "name",
    ["16.png", "16-little.tif", "16-big.tif", "16.pgm", "32.tif", "real.tif", "real.pfm", "grey.png", "grey.gif"],
)
def test_greys_are_scaled_by_the_range_of_their_type_whatever_the_picture_holds(name: str) -> None:
    assert np.array_equal(pixels(FILES[name]), greys())


@pytest.mark.parametrize("name", ["grey.jpg", "grey.jp2", "grey.tif", "grey.bmp", "grey.pgm"])
def test_greys_of_eight_bits_are_as_they_were_saved(name: str) -> None:
    assert np.abs(pixels(FILES[name]).astype(int) - greys()).max() <= 6


@pytest.mark.parametrize(
    "name",
    [
        *("colour.png", "colour.bmp", "colour.tif", "colour.ppm", "colour.webp", "colour.jpeg", "colour.avif"),
        *("CMYK.tiff", "CMYK.jpg", "YCbCr.tiff", "LAB.tiff", "RGBX.tiff", "several.png", "several.tif"),
    ],
)
def test_colours_are_those_that_were_saved(name: str) -> None:
    apart = np.abs(pixels(FILES[name]).astype(int) - np.asarray(pictures.coloured()))
    assert apart.mean() < 6


@pytest.mark.parametrize(
    ("name", "clear"),
    [
        *[(f"{name}", True) for name in ("alpha.png", "alpha.tif", "alpha.webp", "grey-alpha.png", "grey-alpha.tif")],
        *[(f"{name}", False) for name in ("colour.png", "grey.png")],
    ],
)
def test_what_is_transparent_is_white(name: str, clear: bool) -> None:
    corner = pixels(FILES[name])[:8, :8]
    assert bool((corner == 255).all()) == clear


@pytest.mark.parametrize("name", ["grey-tRNS.png", "16-tRNS.png", "tRNS.png", "colour-16.png"])
def test_the_colour_that_a_png_calls_transparent_is_white_whatever_its_bits(name: str) -> None:
    found = pixels(FILES[name])
    assert (found[4, 4] == 255).all()
    assert not (found[5, 5] == 255).all()


def test_a_grey_of_few_bits_is_called_transparent_as_the_file_has_it() -> None:
    assert pixels(FILES["2-bits-tRNS.png"])[0, :4].tolist() == [0, 255, 170, 255]


def test_a_grey_of_16_bits_is_turned_as_its_camera_says() -> None:
    assert np.array_equal(pixels(FILES["16-turned.png"]), np.rot90(greys()))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
def test_each_orientation_gives_the_upright_picture(kind: str, orientation: int) -> None:
    upright = pictures.coloured()
    lying = upright if orientation == 1 else upright.transpose(BACK[orientation])
    found = pixels(file_of(lying, kind, exif=pictures.turned(orientation)))
    assert found.shape == (HEIGHT, WIDTH, 3)
    assert np.abs(found.astype(int) - np.asarray(upright)).mean() < 8


def test_a_tiff_in_which_white_is_zero_is_exchanged_at_16_bits_too() -> None:
    black_is_zero = file_of(Image.fromarray(65_535 - pictures.sixteen_bits()), "TIFF")
    tag = b"\x06\x01\x03\x00\x01\x00\x00\x00"  # 262, one SHORT
    assert np.array_equal(pixels(black_is_zero.replace(tag + b"\1", tag + b"\0")), greys())


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        (
            Image.fromarray(np.full((4, 4), 100, np.float32)),
            "real numbers go from 100 to 100, taken are 0 .black. to 1",
        ),
        (Image.fromarray(np.full((4, 4), np.nan, np.float32)), "missing or infinite"),
        (Image.fromarray(np.full((4, 4), -5, np.int32)), "whole numbers go from -5 to -5, taken are 0 .* to 65,535"),
        (Image.fromarray(np.full((4, 4), 70_000, np.int32)), "go from 70,000 to 70,000"),
    ],
)
def test_numbers_without_a_known_range_are_refused(picture: Image.Image, told: str) -> None:
    with pytest.raises(BrokenPictureError, match=told):
        decoded(file_of(picture, "TIFF"), MOST)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it is empty"),
        (b"no picture", "not a picture but a text"),
        (b"\0\0\1\0\1\0\x10\x10" + bytes(40), "an icon .ICO., which is not accepted"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "a HEIC file, which is not accepted"),
        (b"\0\0\0\x18ftypisom" + bytes(40), "not a picture but a video"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing, which is not accepted"),
        (b"\xff\xfe\xfa" * 20, "not a picture"),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, told: str) -> None:
    with pytest.raises(BrokenPictureError, match=told):
        header(data, MOST)


@pytest.mark.parametrize("name", [name for name in FILES if "several" not in name])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_that_was_cut_off_is_refused_or_whole_and_nothing_else_is_raised(name: str, share: float) -> None:
    data = FILES[name]
    try:
        assert decoded(data[: int(len(data) * share)], MOST).picture.size
    except BrokenPictureError as error:
        assert str(error)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    bomb = pictures.png(np.zeros((1, 1), np.uint8), 8, 0, size=(10_000, 10_000))
    with pytest.raises(BrokenPictureError, match="10000 x 10000 pixels are too many, at most 1,000,000 are taken"):
        header(bomb, MOST)
    with pytest.raises(BrokenPictureError, match="it has too many pixels"):
        header(pictures.png(np.zeros((1, 1), np.uint8), 8, 0, size=(60_000, 60_000)), MOST)
    with pytest.raises(BrokenPictureError, match="6000 x 40 pixels are too many, at most 1,000 are taken"):
        header(FILES["panorama.jpg"], 1000)


def test_a_file_is_read_by_its_content_whatever_its_name_says() -> None:
    assert header(FILES["grey.gif"], MOST).format == "GIF"
