"""What a config builds and what its data hold, asked of Keras and of the files themselves."""

from typing import Any

from core.settings import Settings


def answer(settings: Settings, raw: dict[str, Any]) -> dict[str, Any]:
    raise NotImplementedError
