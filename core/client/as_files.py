"""What is shown, as the bytes of a file that is called so: `log_figure(figure, "loss.html")` opens in a browser."""

import csv
import importlib
import io
import json
from typing import Any

from .media_objects import Media, Table

_SAME = {".jpeg": ".jpg", ".htm": ".html"}


def as_file(value: Any, media: Media, suffix: str) -> bytes:
    """As the ending has it.

    Args:
        value: what was logged.
        media: what of it is shown.

    Raises:
        ValueError: it cannot be written so; what can. Others, as the library of a figure raises them.
    """
    if media.kind == "text":
        return str(value).encode("utf-8", "replace") if not isinstance(value, Media) else media.data
    if isinstance(media, Table):
        return _table(media, suffix)
    if _SAME.get(suffix, suffix) == media.suffix:
        return media.data
    if hasattr(value, "to_plotly_json"):
        return str(value.to_html()).encode() if suffix in (".html", ".htm") else bytes(value.to_image(suffix[1:]))
    target = io.BytesIO()
    if media.kind == "figure" and hasattr(value, "savefig"):
        value.savefig(target, format=suffix[1:], bbox_inches="tight")
    elif media.kind in ("image", "figure"):
        _pillow(media.data).convert("RGB").save(target, _SAME.get(suffix, suffix)[1:].replace("jpg", "jpeg"))
    else:
        raise ValueError(f"it is a file {media.suffix!r}; call it so")
    return target.getvalue()


def _table(table: Table, suffix: str) -> bytes:
    """Raises ValueError."""
    if suffix == ".json":
        return json.dumps({"columns": table.columns, "data": table.rows}).encode()
    if suffix == ".csv":
        target = io.StringIO(newline="")
        csv.writer(target).writerows([table.columns, *table.rows])
        return target.getvalue().encode("utf-8", "replace")
    raise ValueError(f"tables are kept as .json and .csv; received {suffix!r}")


def _pillow(data: bytes) -> Any:
    """Raises ValueError: the library is not there."""
    try:
        return importlib.import_module("PIL.Image").open(io.BytesIO(data))
    except ImportError as error:
        raise ValueError("Pillow is needed for another ending than .png, and is not installed here") from error
