"""Pictures of some test examples, kept with the run: to look at without TensorFlow and without the data set.

Large ones are made smaller; of some of these the network's input is kept as it was, too, to ask about.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from core.data.base import Array
from core.data.pictures import fitted

if TYPE_CHECKING:  # the command line starts without pandas
    import pandas as pd

PER_CELL = 12  # of the confusion matrix; of mistakes all, as long as there is room
MOST = 4000
_LONGEST = 96  # pixels of a side
_MOST_BYTES = 48 * 2**20
_MOST_WHOLE, _MOST_WHOLE_BYTES = 64, 16 * 2**20  # of those that are kept at their size


def chosen(predictions: "pd.DataFrame", bytes_each: int) -> Array:
    """Positions in the test set: from each cell the most confident ones first, in turns, then the other mistakes."""
    if "confidence" not in predictions:
        return _spread_out(predictions, bytes_each)
    known = predictions[predictions["predicted"] >= 0].sort_values("confidence", ascending=False, kind="stable")
    rank = known.groupby(["label", "predicted"]).cumcount()
    wanted = known[(rank < PER_CELL) | (known["label"] != known["predicted"])]
    order = rank[wanted.index].clip(upper=PER_CELL).sort_values(kind="stable").index
    return predictions["index"].to_numpy()[order[: min(MOST, _MOST_BYTES // max(1, bytes_each))]]


def _spread_out(predictions: "pd.DataFrame", bytes_each: int) -> Array:
    """Of labels and numbers: the worst ones, and as many from the best to the worst."""
    size = predictions["wrong"] if "wrong" in predictions else predictions["residual"].abs()
    order = np.lexsort((predictions.get("loss", size), size))[::-1]
    most = min(MOST, _MOST_BYTES // max(1, bytes_each))
    every = np.unique(np.linspace(0, len(order) - 1, min(len(order), most // 2 + 1)).astype(int))
    chosen: Array = np.unique(np.concatenate([order[: most // 2], order[every]]))[:most]
    return chosen


def save_samples(path: Path, pictures: Array, predictions: "pd.DataFrame") -> None:
    """`pictures` are the test set's, uint8 [examples, height, width, channels]. Raises OSError."""
    positions = np.sort(chosen(predictions, _bytes_each(pictures)))
    shown = _shown(pictures[positions])
    whole: dict[str, Any] = {}
    if shown.shape[1:3] != pictures.shape[1:3]:
        fit = min(_MOST_WHOLE, max(1, _MOST_WHOLE_BYTES // pictures[0].nbytes), len(positions))
        asked = positions[np.linspace(0, len(positions) - 1, fit).astype(int)]
        whole = {"whole": pictures[asked], "whole_index": asked}
    np.savez_compressed(path, images=shown, index=positions, **whole)


def save_pictures(path: Path, pictures: Array, positions: Array) -> None:
    """Those at these positions, the first of them where there is no room for all. Raises OSError."""
    kept = np.sort(positions[: min(MOST, _MOST_BYTES // _bytes_each(pictures))])
    np.savez_compressed(path, images=_shown(pictures[kept]), index=kept)


def load_whole(path: Path) -> tuple[Array, Array]:
    """Positions in the test set, and pictures as the network took them; of an older run as they are shown.

    Raises OSError, ValueError, KeyError.
    """
    with np.load(path, allow_pickle=False) as stored:
        return (stored["whole_index"], stored["whole"]) if "whole" in stored else (stored["index"], stored["images"])


def load_samples(path: Path, positions: Sequence[int]) -> dict[int, Array]:
    """Pictures of these test examples, by position; without those that were not kept. Raises OSError, ValueError."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            index = stored["index"]
            places = np.searchsorted(index, positions)
            found = [
                (position, place)
                for position, place in zip(positions, places.tolist(), strict=True)
                if place < len(index) and index[place] == position
            ]
            images = stored["images"] if found else ()
            return {position: images[place] for position, place in found}
    except (KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is damaged ({error}).") from error


def picture(pixels: Array, side: int) -> Image.Image:
    """uint8 [height, width, channels] as a picture of about this side; small ones are enlarged by whole pixels."""
    image = Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels[..., :3])
    factor = max(1, round(side / max(image.size)))
    return image.resize((image.width * factor, image.height * factor), Image.Resampling.NEAREST)


def _shown(pictures: Array) -> Array:
    """Large ones made smaller."""
    size = _size(*pictures.shape[1:3])
    return (
        pictures
        if size == pictures.shape[1:3] or not len(pictures)
        else np.stack([fitted(each, *size) for each in pictures])
    )


def _bytes_each(pictures: Array) -> int:
    height, width = _size(*pictures.shape[1:3])
    return max(1, height * width * int(pictures.shape[3]))


def _size(height: int, width: int) -> tuple[int, int]:
    share = min(1.0, _LONGEST / max(height, width))
    return max(1, round(height * share)), max(1, round(width * share))
