"""Presets: named, complete configs to start from. To add one: an entry in the file of its kind of data."""

from core.config.presets import images, small, text
from core.config.presets.base import Preset
from core.errors import NotFoundError

PRESETS: dict[str, Preset] = {preset.name: preset for preset in (*small.PRESETS, *images.PRESETS, *text.PRESETS)}


def get_preset(name: str) -> Preset:
    """Raises NotFoundError, with the names that exist."""
    if name not in PRESETS:
        raise NotFoundError(f"There is no preset {name!r}. Accepted are {', '.join(PRESETS)}.")
    return PRESETS[name]


__all__ = ["PRESETS", "Preset", "get_preset"]
