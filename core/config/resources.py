"""What a run of any kind trains on: the part of it that the supervisor reads, whatever the rest of it says."""

from typing import Literal

from pydantic import Field

from core.common.config_model import Config


class Resources(Config):
    """Resources"""

    device: Literal["auto", "cpu", "gpu"] = Field(
        "auto", title="Device", description="auto takes GPUs where the host has any, otherwise the CPU."
    )
    gpus: int = Field(1, ge=1, le=64, title="GPUs", description="How many GPUs the run gets, where it gets any.")
    slot: str = Field(
        "", max_length=100, title="Slot", description="Wait for this very slot, such as gpu:1; empty takes any."
    )
