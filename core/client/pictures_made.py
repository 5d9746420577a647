"""Pictures of what scripts have: arrays, Pillow's images, matplotlib's figures, files."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

from .any_array import array, numpy, told

MOST_PIXELS = 40_000_000
ACCEPTED = (
    "accepted are arrays HxW, HxWx1, HxWx3 and HxWx4, Pillow's images, and files or bytes of PNG, JPEG, GIF, WebP, BMP"
)
_BEGINS = ((b"\x89PNG\r\n", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"GIF8", ".gif"), (b"BM", ".bmp"))
_COLOURS = {1: 0, 3: 2, 4: 6}  # PNG's colour types by the number of channels
_SLACK = 1e-3  # by which numbers of 0…1 may lie outside


def picture(value: Any) -> tuple[bytes, str, str]:
    """Its file, the file's ending, and what was done to it, "" for nothing.

    Raises:
        ValueError: it is no picture; what was received, and what is accepted.
        OSError: a file that cannot be read.
    """
    if isinstance(value, str | Path):
        path = Path(value)
        if not path.is_file():
            raise ValueError(f"there is no file {str(value)[:200]!r}; {ACCEPTED}")
        value = path.read_bytes()
    if isinstance(value, bytes | bytearray | memoryview):
        return _of_bytes(bytes(value))
    if hasattr(value, "save") and hasattr(value, "mode") and hasattr(value, "size"):
        return _of_pillow(value), ".png", ""
    return _of_array(value)


def drawn(figure: Any) -> bytes:
    """PNG of a figure of matplotlib, its axes, or pyplot itself. Raises ValueError: it is none."""
    for step in ("gcf", "get_figure"):  # pyplot, axes
        if not hasattr(figure, "savefig") or step == "gcf":
            found = getattr(figure, step, None)
            figure = found() if found is not None else figure
    if not hasattr(figure, "savefig"):
        raise ValueError(f"it is no figure: received {told(figure)}; accepted are matplotlib's and Plotly's")
    target = io.BytesIO()
    figure.savefig(target, format="png", bbox_inches="tight")
    return target.getvalue()


def suffix_of(data: bytes) -> str:
    """Of a picture's file by how it begins; "" of none that is known."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ".webp"
    return next((suffix for begin, suffix in _BEGINS if data.startswith(begin)), "")


def _of_bytes(data: bytes) -> tuple[bytes, str, str]:
    suffix = suffix_of(data)
    if not suffix:
        raise ValueError(f"a file that begins with {data[:8]!r} is no picture; {ACCEPTED}")
    return data, suffix, ""


def _of_pillow(image: Any) -> bytes:
    if image.mode not in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        image = image.convert("RGBA" if image.mode in ("PA", "RGBa") else "RGB")
    target = io.BytesIO()
    image.save(target, "PNG", compress_level=1)
    return target.getvalue()


def _of_array(value: Any) -> tuple[bytes, str, str]:
    try:
        pixels = array(value)
    except ValueError as error:
        raise ValueError(f"{error}; {ACCEPTED}") from error
    shape = pixels.shape
    while pixels.ndim > 3 and pixels.shape[0] == 1:  # a batch of one
        pixels = pixels[0]
    if pixels.ndim == 3 and pixels.shape[-1] not in _COLOURS and pixels.shape[0] in _COLOURS:
        pixels = pixels.transpose(1, 2, 0)  # channels first, as PyTorch has them
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    if pixels.ndim != 3 or pixels.shape[-1] not in _COLOURS or not pixels.size:
        more = " Of a batch, log a list of pictures." if pixels.ndim > 3 else ""
        raise ValueError(f"the shape {tuple(shape)} is no picture; {ACCEPTED}.{more}")
    if pixels.shape[0] * pixels.shape[1] > MOST_PIXELS:
        raise ValueError(f"{tuple(shape)} are more pixels than the {MOST_PIXELS:,} that are taken; make it smaller")
    found, notes = _bytes_of(pixels)
    return _png(found), ".png", "; ".join(notes)


def _bytes_of(pixels: Any) -> tuple[Any, list[str]]:
    """As 0…255, and what was done."""
    if pixels.dtype.kind == "b":
        return pixels.astype("uint8") * 255, []
    if pixels.dtype.name == "uint8":
        return pixels, []
    np, notes = numpy(), []
    if pixels.dtype.kind == "f":
        finite = np.isfinite(pixels)
        if not finite.all():
            notes.append(f"{int((~finite).sum()):,} values that are no finite numbers are shown as 0")
            pixels = np.where(finite, pixels, 0)
        low, high = float(pixels.min()), float(pixels.max())
        if low >= -_SLACK and high <= 1 + _SLACK:
            return (pixels.clip(0, 1) * 255).round().astype("uint8"), notes
    else:
        low, high = float(pixels.min()), float(pixels.max())
    if low >= 0 and high <= 255:
        return pixels.round().astype("uint8"), notes
    notes.append(f"{low:.4g}…{high:.4g} is shown as 0…255")
    scaled = (pixels.astype("float64") - low) * (255 / (high - low)) if high > low else pixels * 0
    return scaled.round().clip(0, 255).astype("uint8"), notes


def _png(pixels: Any) -> bytes:
    """Of bytes, [height, width, 1, 3 or 4]; PNG specification, third edition, sections 5 and 11."""
    height, width, channels = pixels.shape
    rows = numpy().zeros((height, 1 + width * channels), "uint8")  # each begins with its filter, 0 for none
    rows[:, 1:] = pixels.reshape(height, -1)
    head = struct.pack(">IIBBBBB", width, height, 8, _COLOURS[channels], 0, 0, 0)
    body = zlib.compress(rows.tobytes(), 1)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
