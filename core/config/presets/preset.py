"""What a preset is."""

from dataclasses import dataclass

from core.config.edit import Raw, dump
from core.config.run import RunConfig


@dataclass(frozen=True)
class Preset:
    name: str
    summary: str
    config: RunConfig

    @property
    def raw(self) -> Raw:
        return dump(self.config)


def preset(name: str, summary: str, **sections: object) -> Preset:
    return Preset(name, summary, RunConfig.model_validate(sections))
