"""Range headers: what part of a file is asked for. One that is not understood is ignored, as RFC 9110 has it."""

import re
from pathlib import Path

from fastapi import HTTPException, Request
from starlette.responses import Response

from core.common.safe_files import open_inside

_RANGES = re.compile(r"bytes=[ \t]*(?:\d{1,18}-\d{0,18}|-\d{1,18})(?:[ \t]*,[ \t]*(?:\d{1,18}-\d{0,18}|-\d{1,18}))*")
_ONE = re.compile(r"bytes=[ \t]*(\d*)-(\d*)")
_MOST_RANGES = 20


def keep_sensible(request: Request, size: int) -> None:
    """Take a Range header away that Starlette would refuse in words of its own. Raises HTTPException: 416."""
    asked = request.headers.get("range", "")
    if not asked:
        return
    if _RANGES.fullmatch(asked) and asked.count(",") < _MOST_RANGES and "," in asked:
        pairs = [each.strip().partition("-")[::2] for each in asked.partition("=")[2].split(",")]
        if all(_is_within(*pair, size) for pair in pairs):
            return
    elif _RANGES.fullmatch(asked) and one_range(asked, size) is not None:
        return
    kept = [each for each in request.scope["headers"] if each[0] != b"range"]
    request.scope["headers"][:] = kept


def _is_within(first: str, last: str, size: int) -> bool:
    return (int(first) < size and (not last or int(last) >= int(first))) if first else 0 < int(last) <= size


def one_range(asked: str, size: int) -> tuple[int, int] | None:
    """First byte and the one behind the last; None where the whole is to be sent. Raises HTTPException: 416."""
    found = _ONE.fullmatch(asked) if _RANGES.fullmatch(asked) else None
    if found is None:
        return None
    if found[1]:
        first, end = int(found[1]), min(size, int(found[2]) + 1 if found[2] else size)
        if found[2] and int(found[2]) < first:
            return None
    else:
        first, end = max(0, size - int(found[2])), size
    if first >= size or first >= end:
        told = f"The file has {size:,} bytes; asked for was {asked[:100]}."
        raise HTTPException(416, told, {"Content-Range": f"bytes */{size}"})
    return first, end


def as_it_is(path: Path, asked: str, name: str) -> Response:
    """A text that may grow or be cut meanwhile: what of it is there at this moment, or the range of that.

    Raises HTTPException: 416; OSError.
    """
    with open_inside(path.parent, path.name) as file:
        size = file.seek(0, 2)
        wanted = one_range(asked, size)
        first, end = wanted or (0, size)
        file.seek(first)
        body = file.read(end - first)
    headers = {"Accept-Ranges": "bytes", "Content-Disposition": f'inline; filename="{name}"'}
    if wanted is not None:
        headers["Content-Range"] = f"bytes {first}-{first + len(body) - 1}/{size}"
    return Response(body, 200 if wanted is None else 206, headers, media_type="text/plain; charset=utf-8")
