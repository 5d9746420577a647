"""Run by the warm process: what a script of somebody's own keeps."""

from typing import Any


def digits(path: str, units: int = 10) -> None:
    """A network for pictures of 8 by 8 pixels from 0 to 1, not trained, and saved as KerasCallback saves."""
    import keras

    keras.utils.set_random_seed(units)
    keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(units, "softmax")]).save(path)


def evaluate(environment: dict[str, str], asked: dict[str, Any]) -> dict[str, Any]:
    import os

    from core.common.settings import Settings
    from core.common.workspace import Workspace
    from core.jobs.evaluation import Request
    from core.workers.evaluation import answer
    from core.workers.work import Work

    os.environ.update(environment)
    return answer(Work(Workspace.open(Settings())), Request.model_validate(asked)).model_dump(mode="json")
