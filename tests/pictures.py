"""Picture files of every mode and format that people bring, made on the spot: a gradient that no turn leaves alike."""

import io
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from PIL import Image

from core.data.base import Array

HEIGHT, WIDTH = 12, 20
_ORIENTATION = 0x0112


def greys(height: int = HEIGHT, width: int = WIDTH) -> Array:
    """uint8 [height, width], dark in the upper left corner."""
    rows, columns = np.mgrid[0:height, 0:width]
    found: Array = (rows * 150 / height + columns * 100 / width).astype(np.uint8)
    return found


def grey(height: int = HEIGHT, width: int = WIDTH) -> Image.Image:
    return Image.fromarray(greys(height, width))


def coloured() -> Image.Image:
    values = greys()
    return Image.fromarray(np.stack([values, 255 - values, values // 2], axis=-1))


def file_of(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    return exif


def png(rows: Array, depth: int, colour: int, transparent: bytes = b"", size: tuple[int, int] | None = None) -> bytes:
    """As the standard has it, of packed bytes [height, bytes]: what Pillow does not write. `size` may be a lie."""
    width, height = size or (rows.shape[1] * 8 // (depth * {0: 1, 2: 3}[colour]), len(rows))

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    told_size = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows))
    told = chunk(b"tRNS", transparent) if transparent else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", told_size) + told + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def sixteen_bits(byte_order: str = "<") -> Array:
    return greys().astype(f"{byte_order}u2") * np.uint16(257)


def every() -> Mapping[str, bytes]:
    """By file name; none is refused."""
    return dict(_of_greys()) | dict(_of_colours()) | dict(_of_several())


def _of_greys() -> Iterator[tuple[str, bytes]]:
    plain = grey()
    for kind, suffix in (("PNG", "png"), ("BMP", "bmp"), ("GIF", "gif"), ("TIFF", "tif"), ("PPM", "pgm")):
        yield f"grey.{suffix}", file_of(plain, kind)
        yield f"one-bit-{kind}.{suffix}", file_of(plain.point(lambda value: 255 * (value > 90)).convert("1"), kind)
    yield "grey.jpg", file_of(plain, "JPEG", quality=95)
    yield "grey.jp2", file_of(plain, "JPEG2000")
    yield "grey-turned.jpg", file_of(plain, "JPEG", exif=turned(6))
    yield "16.png", file_of(Image.fromarray(sixteen_bits()), "PNG")
    yield "16-turned.png", file_of(Image.fromarray(sixteen_bits()), "PNG", exif=turned(8))
    yield "16-little.tif", file_of(Image.fromarray(sixteen_bits()), "TIFF")
    yield "16-big.tif", file_of(Image.fromarray(sixteen_bits(">")), "TIFF")
    yield "16.pgm", file_of(Image.fromarray(sixteen_bits()), "PPM")
    yield "32.tif", file_of(Image.fromarray(sixteen_bits().astype(np.int32)), "TIFF")
    yield "real.tif", file_of(Image.fromarray(greys().astype(np.float32) / 255), "TIFF")
    yield "real.pfm", file_of(Image.fromarray(greys().astype(np.float32) / 255), "PPM")
    yield "grey-alpha.png", file_of(_with_hole(plain, "LA"), "PNG")
    yield "grey-alpha.tif", file_of(_with_hole(plain, "LA"), "TIFF")
    yield "grey-tRNS.png", file_of(plain, "PNG", transparency=int(greys()[4, 4]))
    yield "2-bits-tRNS.png", png(np.tile(np.uint8(0b00011011), (HEIGHT, 5)), 2, 0, b"\0\1")
    yield "16-tRNS.png", png(sixteen_bits(">").view(np.uint8), 16, 0, sixteen_bits(">")[4, 4].tobytes())


def _of_colours() -> Iterator[tuple[str, bytes]]:
    plain = coloured()
    for kind, suffix in (("PNG", "png"), ("BMP", "bmp"), ("TIFF", "tif"), ("PPM", "ppm"), ("JPEG2000", "j2k")):
        yield f"colour.{suffix}", file_of(plain, kind)
    yield "colour.jpeg", file_of(plain, "JPEG", quality=95)
    yield "colour.webp", file_of(plain, "WEBP", lossless=True)
    yield "colour.avif", file_of(plain, "AVIF", quality=95)
    for kind, suffix in (("JPEG", "jpg"), ("TIFF", "tif"), ("WEBP", "webp"), ("AVIF", "avif"), ("PNG", "png")):
        yield f"turned-{suffix}.{suffix}", file_of(plain, kind, exif=turned(5))
    for kind, suffix in (("PNG", "png"), ("TIFF", "tif"), ("WEBP", "webp"), ("AVIF", "avif"), ("GIF", "gif")):
        yield f"alpha.{suffix}", file_of(_with_hole(plain, "RGBA"), kind)
    yield "tRNS.png", file_of(plain, "PNG", transparency=tuple(np.asarray(plain)[4, 4].tolist()))
    yield "palette.png", file_of(plain.quantize(32), "PNG")
    yield "palette.bmp", file_of(plain.quantize(32), "BMP")
    yield "palette.gif", file_of(plain.quantize(32), "GIF", transparency=3)
    yield "palette-alpha.png", file_of(plain.quantize(32), "PNG", transparency=bytes(range(0, 256, 8)))
    yield "palette-and-alpha.tif", file_of(_with_hole(plain, "RGBA").convert("PA"), "TIFF")
    for mode in ("CMYK", "YCbCr", "LAB", "RGBX"):
        yield f"{mode}.tiff", file_of(_lab(plain) if mode == "LAB" else plain.convert(mode), "TIFF")
    yield "CMYK.jpg", file_of(plain.convert("CMYK"), "JPEG", quality=95)
    wide = (np.asarray(plain).astype(">u2") * np.uint16(257)).reshape(HEIGHT, -1)
    yield "colour-16.png", png(wide.view(np.uint8), 16, 2, wide[4, 12:15].tobytes())


def _of_several() -> Iterator[tuple[str, bytes]]:
    first, second = coloured(), Image.new("RGB", (WIDTH, HEIGHT), "red")
    for kind, suffix in (("GIF", "gif"), ("TIFF", "tif"), ("WEBP", "webp"), ("PNG", "png"), ("AVIF", "avif")):
        yield f"several.{suffix}", file_of(first, kind, save_all=True, append_images=[second])
    yield "one-pixel.png", file_of(Image.new("RGB", (1, 1), "blue"), "PNG")
    yield "panorama.jpg", file_of(first.resize((6000, 40)), "JPEG")


def _with_hole(picture: Image.Image, mode: str) -> Image.Image:
    alpha = Image.new("L", picture.size, 255)
    alpha.paste(0, (0, 0, 8, 8))
    alpha.paste(100, (8, 0, 12, 12))
    found = picture.convert(mode)
    found.putalpha(alpha)
    return found


def _lab(picture: Image.Image) -> Image.Image:
    return picture.convert("LAB")
