"""The formats in which pictures are accepted, one list for adding, asking, messages and help; and what others are."""

import codecs

# Pillow's name, the name that people know, and endings of such files.
_FORMATS = (
    ("PNG", "PNG", (".png", ".apng")),
    ("JPEG", "JPEG", (".jpg", ".jpeg", ".jpe", ".jfif")),
    ("WEBP", "WebP", (".webp",)),
    ("BMP", "BMP", (".bmp",)),
    ("GIF", "GIF", (".gif",)),
    ("TIFF", "TIFF", (".tif", ".tiff")),
    ("AVIF", "AVIF", (".avif",)),
    ("PPM", "PPM", (".ppm", ".pgm", ".pbm", ".pnm", ".pfm")),
    ("JPEG2000", "JPEG 2000", (".jp2", ".j2k", ".jpx")),
)
DECODERS = tuple(pillow for pillow, _, _ in _FORMATS)
NAMES = {pillow: name for pillow, name, _ in _FORMATS}
# The usual one of each format first.
SUFFIXES = tuple(dict.fromkeys([suffixes[0] for *_, suffixes in _FORMATS] + [s for *_, each in _FORMATS for s in each]))
ACCEPTED = f"{', '.join(name for _, name, _ in _FORMATS[:-1])} and {_FORMATS[-1][1]}"
# What files begin with that are sent as pictures all the same.
_PICTURES = (
    *((b"\0\0\1\0", "an icon (ICO)"), (b"8BPS", "a Photoshop file"), (b"<svg", "an SVG drawing")),
    *((b"SIMPLE", "a FITS file"), (b"%!PS", "a PostScript file")),
)
_NONE = (
    *((b"%PDF", "a PDF"), (b"PK\3\4", "a zip file"), (b"\x1f\x8b", "a gzip file"), (b"<!DOCTYPE", "a web page")),
    *((b"<html", "a web page"), (b"\x93NUMPY", "a NumPy array"), (b"\x89HDF", "an HDF5 file")),
)
_BRANDS = {b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC", b"mif1": "HEIF", b"msf1": "HEIF"}


def received(data: bytes) -> str:
    """What a file is that no decoder knows."""
    if not data:
        return "it is empty"
    beginning = data.lstrip()[:16]
    other = next((name for begin, name in _PICTURES if beginning.startswith(begin)), "")
    none = next((name for begin, name in _NONE if beginning.startswith(begin)), "")
    if data[4:8] == b"ftyp":
        other = f"a {_BRANDS[data[8:12]]} file" if data[8:12] in _BRANDS else ""
        none = "" if other else "a video"
    if other:
        return f"{other}, which is not accepted"
    none = none or ("a text" if _is_text(data[:1000]) else "")
    return f"not a picture but {none}" if none else "not a picture"


def _is_text(beginning: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning)
    except UnicodeDecodeError:
        return False
    return b"\0" not in beginning
