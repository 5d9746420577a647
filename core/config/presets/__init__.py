"""Presets: named, complete configs to start from. To add one: an entry in the file of its kind of data."""

from core.common.errors import NotFoundError
from core.common.text import quoted
from core.config.presets import for_images, for_series, for_small_sets, for_texts
from core.config.presets.preset import Preset

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (*for_small_sets.PRESETS, *for_images.PRESETS, *for_texts.PRESETS, *for_series.PRESETS)
}


def get_preset(name: str) -> Preset:
    """Raises NotFoundError, with the names that exist."""
    if name not in PRESETS:
        raise NotFoundError(f"There is no preset {quoted(name)}. Accepted are {', '.join(PRESETS)}.")
    return PRESETS[name]


__all__ = ["PRESETS", "Preset", "get_preset"]
