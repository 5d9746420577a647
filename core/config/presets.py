"""Presets: named, complete configs to start from."""

from dataclasses import dataclass

from core.config.edit import Raw, dump
from core.config.run import RunConfig
from core.errors import NotFoundError


@dataclass(frozen=True)
class Preset:
    name: str
    summary: str
    config: RunConfig

    @property
    def raw(self) -> Raw:
        return dump(self.config)


def _preset(name: str, summary: str, **sections: object) -> Preset:
    return Preset(name, summary, RunConfig.model_validate(sections))


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        _preset(
            "digits-mlp",
            "Small handwritten digits, two hidden layers; a few seconds.",
            data={"source": "digits"},
            architecture={"name": "mlp"},
            training={"epochs": 30, "batch_size": 32},
        ),
    )
}


def get_preset(name: str) -> Preset:
    """Raises NotFoundError, with the names that exist."""
    if name not in PRESETS:
        raise NotFoundError(f"There is no preset {name!r}. Accepted are {', '.join(PRESETS)}.")
    return PRESETS[name]
