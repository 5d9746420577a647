"""Pictures, sounds, texts and histograms of an event, as files that anybody can open."""

import json
from math import isfinite
from typing import Any

import numpy as np

from core.tracking.event_files.found_events import Media
from core.tracking.event_files.tensor_values import STRING, TensorError, numbers, shape_of

_PICTURES = ((b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"GIF8", ".gif"), (b"BM", ".bmp"))


def media_of(plugin: str, value: Any, step: int, wall_time: float) -> list[Media]:
    """What a value of this plugin shows; nothing where it is none of these, or not as its plugin writes it."""
    kind, suffix, parts = _parts(plugin, value)
    return [
        Media(kind, value.tag, step, wall_time, number, suffix or _picture_suffix(data), data)
        for number, data in enumerate(parts)
    ]


def _parts(plugin: str, value: Any) -> tuple[str, str, list[bytes]]:
    if value.image.encoded_image_string:
        return "image", "", [value.image.encoded_image_string]
    if value.audio.encoded_audio_string:
        return "audio", ".wav", [value.audio.encoded_audio_string]
    if value.histo.bucket:
        return "histogram", ".json", _old_histogram(value.histo)
    texts = list(value.tensor.string_val) if value.tensor.dtype == STRING else []
    if plugin == "images":
        return "image", "", texts[2:]  # after width and height, as texts
    if plugin == "audio":  # [sounds, 2]: the sound, and a label
        return "audio", ".wav", texts[::2] if len(shape_of(value.tensor)) == 2 else texts
    if plugin == "text":
        return "text", ".md", texts
    if plugin == "histograms":
        return "histogram", ".json", _histogram(value.tensor)
    if plugin == "graph_keras_model":
        return "model", ".json", texts
    return "", "", []


def _picture_suffix(data: bytes) -> str:
    return next((suffix for begin, suffix in _PICTURES if data.startswith(begin)), ".bin")


def _old_histogram(histogram: Any) -> list[bytes]:
    """Of upper limits, where the outermost are infinite or nearly so: the range is that of the values."""
    limits = np.array(histogram.bucket_limit, np.float64)
    counts = np.array(histogram.bucket, np.float64)
    if len(limits) != len(counts):
        return []
    low = np.concatenate([[histogram.min], limits[:-1]])
    return [_told(np.maximum(low, histogram.min), np.minimum(limits, histogram.max), counts)]


def _histogram(tensor: Any) -> list[bytes]:
    """[buckets, 3]: left edge, right edge, count."""
    try:
        table = numbers(tensor).astype(np.float64)
    except TensorError:
        return []
    return [_told(*table.T)] if table.ndim == 2 and table.shape[1] == 3 else []


def _told(left: Any, right: Any, counts: Any) -> bytes:
    columns = {"left": left, "right": right, "count": counts}
    finite = {
        name: [number if isfinite(number) else None for number in column.tolist()] for name, column in columns.items()
    }
    return json.dumps(finite).encode()
