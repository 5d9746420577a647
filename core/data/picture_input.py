"""A picture that a network is asked about: decoded and sized as the pictures that it was trained on."""

from dataclasses import dataclass

from PIL import Image

from core.common.errors import DataError
from core.data import drawing
from core.data.data_info import Array
from core.data.picture_files import BrokenPictureError, Decoded, Header, decoded
from core.data.picture_formats import ACCEPTED
from core.data.pictures import array_of, fitted

MOST_BYTES = 32 * 2**20  # of a file; with more it would be slow to ask, and no network sees so much
_SMALLER = "Make it smaller, or save it as JPEG or PNG."


@dataclass(frozen=True)
class PictureInput:
    pixels: Array  # uint8 [height, width, channels], as the network takes it
    received: Image.Image  # upright, at its own size
    notes: tuple[str, ...] = ()


def check_bytes(count: int, name: str) -> None:
    """Raises DataError: more than is taken; before the file is read, where that can be."""
    if count > MOST_BYTES:
        raise DataError(
            f"{name} has {count / 2**20:,.0f} MB; at most {MOST_BYTES // 2**20} MB are taken of a picture to be asked "
            f"about. {_SMALLER}"
        )


def picture_input(
    data: bytes,
    name: str,
    stored: tuple[int, ...],
    wanted: tuple[int, ...],
    *,
    max_pixels: int,
    white: int = 0,
    drawn: bool = False,
    inverted: bool = False,
) -> PictureInput:
    """What the network gets of a file.

    Args:
        stored: height, width and channels of the data set's pictures, by which training sized them first.
        wanted: those of the network's input, to which the run resizes what is stored.
        white: of the data set's greys of 16 bits, as `DataInfo.white`.
        drawn: by hand, white on black; placed like the small grey data sets of digits, where the data are of these.
        inverted: dark and light are exchanged.

    Raises:
        DataError: not a picture that can be read.
    """
    check_bytes(len(data), name)
    if stored[2] not in (1, 3):
        raise DataError(f"This data set has {stored[2]} channels; no picture file holds so many. Ask about rows.")
    found = _decoded(data, name, max_pixels, white)
    notes = _told(found.header)
    frame = drawing.Frame(*stored[:2])
    if drawn and stored[2] == 1 and frame.applies:
        notes.append(frame.note)
        pixels = frame.place(array_of(found.picture.convert("L")))
        pixels = 255 - pixels if inverted else pixels
    else:
        notes += _sizes(found.header, stored, wanted)
        pixels = found.pixels(*stored[:2], grey=stored[2] == 1, inverted=inverted)
    if inverted:
        notes.insert(0, "Light and dark were exchanged.")
    if pixels.shape[:2] != wanted[:2]:
        pixels = fitted(pixels, *wanted[:2])
    return PictureInput(pixels, found.picture, tuple(notes))


def _decoded(data: bytes, name: str, max_pixels: int, white: int) -> Decoded:
    try:
        return decoded(data, max_pixels, white)
    except BrokenPictureError as error:
        raise DataError(f"{name} cannot be read as a picture: {error}. Accepted are whole {ACCEPTED} files.") from error
    except MemoryError as error:
        raise DataError(f"{name} needs more memory to be read than there is. {_SMALLER}") from error


def _told(header: Header) -> list[str]:
    if not header.several:
        return []
    return [f"The {header.format} file holds several pictures; the first one was taken, as in training."]


def _sizes(header: Header, stored: tuple[int, ...], wanted: tuple[int, ...]) -> list[str]:
    """Width first, as the sizes of pictures are told."""
    steps = [(header.height, header.width), tuple(stored[:2]), tuple(wanted[:2])]
    told = [f"{width} x {height}" for at, (height, width) in enumerate(steps) if not at or steps[at - 1] != steps[at]]
    if len(told) == 1:
        return []
    by_way = f" {told[1]}, as the data set is stored, and then to" if len(told) == 3 else ""
    return [f"Resized from {told[0]} to{by_way} {told[-1]} pixels."]
