"""What a network of pictures goes by: the places that speak for each class, in the mean over test pictures of it."""

import time
from typing import Any

import numpy as np
import pandas as pd

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.base import Array, DataInfo
from core.evaluation.predictions import TRUTH
from core.evaluation.report_files import SAMPLES, present, read_predictions
from core.evaluation.samples import load_whole
from core.explain.chosen_output import ChosenOutput, outputs_told
from core.explain.mean_maps import LEAST, MeanMap
from core.explain.occlusion import occlusion
from core.explain.tested import Tested
from core.jobs.importance import Importance

_PICTURES = 40  # of a class, at most, and as many as there is time for
_SECONDS = 150.0
_CLASSES = 20


def importance_of_pictures(tested: Tested) -> Importance:
    """Raises DataError, EvaluationError."""
    positions, pictures = _kept(tested.settings, tested.run_id)
    outputs = outputs_told(tested.info, tested.columns(pictures), _CLASSES, both=True)
    of_class = {each: MeanMap(each.name) for each in outputs}
    queue = _in_turns(tested, list(of_class), positions)
    until, done = time.monotonic() + _SECONDS, 0
    for output, place in queue:
        if done >= LEAST * len(of_class) and time.monotonic() > until:
            break
        tested.told(f"covering places of picture {done + 1:,} of {len(queue):,}", done / len(queue))
        of_class[output].add(pictures[place], _heat(tested, output, pictures[place]))
        done += 1
    regions = tuple(each.region() for each in of_class.values() if each.count >= LEAST)
    if not regions:
        raise DataError(f"No class has {LEAST} or more test pictures that are kept with the run to look at.")
    return Importance(rows=done, regions=regions, is_short=done < len(queue))


def _heat(tested: Tested, output: ChosenOutput, picture: Array) -> Array:
    fill = np.median(picture.reshape(-1, picture.shape[-1]).astype(np.float32), axis=0)
    return occlusion(lambda x: output.of(tested.answers(x)), picture, fill)


def _kept(settings: Settings, run_id: int) -> tuple[Array, Array]:
    """Positions in the test set, and pictures as the network takes them. Raises DataError."""
    try:
        return load_whole(present(settings, run_id, SAMPLES))
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise DataError(
            "Test pictures are kept once the run is evaluated, at its end, and there are none that can be read. Wait "
            "for it, or have it evaluated on its Evaluation tab."
        ) from error


def _in_turns(tested: Tested, outputs: list[ChosenOutput], positions: Array) -> list[tuple[ChosenOutput, int]]:
    """Which pictures (by their place) are asked about which class: one of each class after the other."""
    try:
        stored: Any = read_predictions(tested.settings, tested.run_id).set_index("index").loc[positions]
    except KeyError as error:
        raise DataError(
            "The kept pictures and predictions are of different evaluations. Have it done again."
        ) from error
    drawn = np.random.default_rng(0)
    places = [
        drawn.permutation(np.flatnonzero(_has(tested.info, stored, each)))[:_PICTURES].tolist() for each in outputs
    ]
    turns = [(turn, output, at) for output, some in zip(outputs, places, strict=True) for turn, at in enumerate(some)]
    return [(output, at) for _, output, at in sorted(turns, key=lambda each: each[0])]


def _has(info: DataInfo, stored: pd.DataFrame, output: ChosenOutput) -> Array:
    """Whether each picture is of the class, has the label; of a regression all are."""
    if not info.class_names:
        return np.ones(len(stored), bool)
    if info.task == "multilabel":
        name = f"{TRUTH}{output.name}"
        return stored[name].to_numpy(bool) if name in stored else np.zeros(len(stored), bool)
    return (stored["label"] == info.class_names.index(output.name)).to_numpy()
