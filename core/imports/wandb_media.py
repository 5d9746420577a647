"""What W&B logs beside numbers: dicts that say their type, and where below `files` their file is."""

import json
from pathlib import PurePosixPath
from typing import Any

from core.common.errors import DataError
from core.runs.media import KINDS
from core.runs.media_files import MAX_NAME, GivenMedia
from core.runs.shown_files import FoundMedia

_FILES = {"image-file": "image", "audio-file": "audio", "table-file": "table", "plotly-file": "figure"}
_TOLD = "_type"


def is_media(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get(_TOLD), str)


def media_in(name: str, value: dict[str, Any], step: int, at: float) -> tuple[dict[str, FoundMedia], list[GivenMedia]]:
    """Files to look at, by path below `files`, and what stands in the log itself. Nothing of what is not shown here.

    Raises:
        ValueError, TypeError, KeyError, DataError: it is not as W&B writes it.
    """
    kind, name = value[_TOLD], name[:MAX_NAME]
    if kind in _FILES:
        caption = str(value.get("caption") or "")
        return _of_files(_FILES[kind], name, [value["path"]], [caption], step, at), []
    if kind == "images/separated":
        names = list(value["filenames"])
        captions = value.get("captions") or []
        return _of_files("image", name, names, captions if isinstance(captions, list) else [], step, at), []
    if kind == "histogram":
        counts, edges = [float(each) for each in value["values"]], [float(each) for each in value["bins"]]
        if len(edges) != len(counts) + 1:
            raise DataError("a histogram has one edge more than counts")
        told = json.dumps({"left": edges[:-1], "right": edges[1:], "count": counts}).encode()
        return {}, [GivenMedia("histogram", name, step, 0, at, ".json", told)]
    return {}, []


def _of_files(
    kind: str, name: str, paths: list[Any], captions: list[Any], step: int, at: float
) -> dict[str, FoundMedia]:
    found = {}
    for number, path in enumerate(paths):
        if PurePosixPath(str(path)).suffix.lower() in KINDS[kind]:
            caption = str(captions[number] or "") if number < len(captions) else ""
            found[str(path)] = FoundMedia(kind, name, step, number, at, caption)
    return found
