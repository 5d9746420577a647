"""Why an exported network answers as it does, by asking it and nothing else: no TensorFlow, no gradients.

Pictures by occlusion, texts by leaving out, rows by Shapley values, as a run's network is explained, with the same
checks. For the one with random weights the network's file is taken with other matrices.
"""

import json
import math
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from core.common.errors import DataError
from core.data.base import Array, DataInfo, Examples
from core.data.examples import count, take
from core.data.pictures import png_of
from core.data.vocabulary import PADDING
from core.explain.budget import Budget
from core.explain.chosen_output import ChosenOutput, chosen_output
from core.explain.explained_row import Background, mean_of_kept, row_parts
from core.explain.faithfulness import faithfulness
from core.explain.occlusion import left_out, occlusion, without
from core.explain.patches import Patches, cells
from core.explain.rank_correlation import partial_correlation, rank_correlation
from core.explain.shapley import mixture, shapley
from core.inference.description import Description
from core.inference.inputs import batch_of
from core.inference.model import Model
from core.jobs.explanation import TITLES, Curves, Explanation, Part
from core.jobs.explanation_told import checks, compared

BACKGROUND = "background.json"  # rows of the test set, beside an export, that rows are compared with
_RANDOM = 3  # networks with random weights
_CELLS, _SHOWN = 14, 64  # along a side of a picture: that are removed and put in, that are told
_ORDERS = 8
_BATCH = 256

Answers = Callable[[Examples], Array]  # examples [n, …] -> the answer for each, [n]


class ExportedExplainer:
    """Of the folder of an export."""

    def __init__(self, folder: Path) -> None:
        """Raises BundleError."""
        self._folder = folder
        self.model = Model(folder)
        self.budget = Budget()

    @property
    def known(self) -> Description:
        return self.model.known

    def __call__(self, instance: Any, target: str = "") -> dict[str, Any]:
        """As JSON data, with its checks in sentences. Raises DataError."""
        started = time.perf_counter()
        self.budget = Budget()
        x, _ = batch_of(self.known, [instance])
        output = chosen_output(self.known.info, self.model.batch(x)[0].reshape(-1), target)
        found = self._explained(x, output)
        told = {"target": output.name, "is_short": self.budget.is_short}
        found = found.model_copy(update=told | {"milliseconds": 1000 * (time.perf_counter() - started)})
        said = [{"text": each.text, "is_good": each.is_good} for each in checks(self.known.info, found)]
        return found.model_dump(mode="json", exclude={"problem"}) | {
            "title": TITLES[found.method],
            "unit": self.known.info.target if self.known.info.predicts_numbers else "probability",
            "picture": _png(self.known.info, x),  # as the network takes it
            "compared": compared(self.known.info, found),
            "checks": said,
        }

    def _explained(self, x: Examples, output: ChosenOutput) -> Explanation:
        info = self.known.info
        if info.is_image:
            assert not isinstance(x, dict)
            return self._picture(x[0].astype(np.float32), output)
        if info.kind == "text":
            assert not isinstance(x, dict)
            return self._text(x[0], output)
        if info.kind in ("table", "rows"):
            return self._row(x, output)
        raise DataError("Answers of this kind are not explained here. Those for pictures, texts and rows are.")

    def _answers(self, output: ChosenOutput, model: Model | None = None) -> Answers:
        def answers(x: Examples) -> Array:
            given = []
            for at in range(0, count(x), _BATCH):
                self.budget.check()
                given.append((model or self.model).batch(take(x, slice(at, at + _BATCH))))
            found: Array = output.of(np.concatenate(given).reshape(count(x), -1))
            return found

        return answers

    def _picture(self, picture: Array, output: ChosenOutput) -> Explanation:
        fill = np.median(picture.reshape(-1, picture.shape[-1]), axis=0)
        answers, apart = self._answers(output), (picture != fill).any(axis=-1)
        heat = occlusion(answers, picture, fill)

        def changed(x: Array) -> Array:
            found: Array = np.abs(x - fill).sum(axis=(1, 2, 3))
            return found

        def quick(model: Model | None) -> Array:
            """For each unit that a patch changed by: a bright place moves any network more than a dim one."""
            by = occlusion(changed, picture, fill)
            found: Array = (occlusion(self._answers(output, model), picture, fill) / np.where(by > 0, by, np.inf))[
                apart
            ]
            return found

        ends = answers(np.stack([picture, np.broadcast_to(fill, picture.shape)]))
        return Explanation(
            method="occlusion",
            answer=float(ends[0]),
            baseline=float(ends[1]),
            heat=tuple(tuple(row) for row in cells(heat, _SHOWN).tolist()),
            curves=self.budget.optional(lambda: _picture_curves(answers, picture, fill, heat)),
            sanity=self.budget.optional(lambda: self._sanity(quick)),
        )

    def _text(self, ids: Array, output: ChosenOutput) -> Explanation:
        vocabulary, answers = self.known.vocabulary, self._answers(output)
        assert vocabulary is not None
        read = ids != PADDING
        places = np.flatnonzero(read)
        values = left_out(answers, ids)[read]
        ends = answers(np.stack([ids, np.full_like(ids, PADDING)]))

        def of_kept(kept: Array) -> Array:
            return answers(np.stack([without(ids, places[~row]) for row in kept]))

        def quick(model: Model | None) -> Array:
            again: Array = left_out(self._answers(output, model), ids)[read]
            return again

        names = [vocabulary.token(each) for each in ids[read].tolist()]
        return Explanation(
            method="left_out",
            answer=float(ends[0]),
            baseline=float(ends[1]),
            parts=tuple(Part(name=name, value=each) for name, each in zip(names, values.tolist(), strict=True)),
            curves=self.budget.optional(lambda: faithfulness(of_kept, values)),
            sanity=self.budget.optional(lambda: self._sanity(quick, places + 1.0)),
        )

    def _row(self, row: Examples, output: ChosenOutput) -> Explanation:
        answers, background = self._answers(output), self._background
        parts = row_parts(self.known.info, row)
        mixed, others = parts.mixed(mixture(row, background.rows)), count(background.rows)
        found = shapley(answers, mixed, len(parts.named), others, budget=self.budget)

        def of_kept(kept: Array) -> Array:
            return mean_of_kept(answers, mixed, others, kept)

        def quick(model: Model | None) -> Array:
            return shapley(self._answers(output, model), mixed, len(parts.named), others, most=1).values

        named = zip(parts.named, found.values.tolist(), strict=True)
        told = [Part(name=name, given=given, value=value) for (name, given), value in named]
        return Explanation(
            method="shapley",
            answer=float(answers(row)[0]),
            baseline=found.baseline,
            parts=tuple(sorted(told, key=lambda part: -abs(part.value))),
            steps=found.samples,
            standard_error=found.error if math.isfinite(found.error) else None,
            rows_error=found.rows_error,
            curves=self.budget.optional(lambda: faithfulness(of_kept, found.values, _ORDERS)),
            sanity=self.budget.optional(lambda: self._sanity(quick)),
            **background.told,
        )

    @cached_property
    def _background(self) -> Background:
        try:
            kept = json.loads((self._folder / BACKGROUND).read_text(encoding="utf-8"))
            told = kept if isinstance(kept, dict) else {"rows": kept, "of": 0}  # before, they were the first ones
            return Background(batch_of(self.known, told["rows"])[0], int(told["of"]), told.get("made") is True)
        except (OSError, ValueError, KeyError, TypeError, DataError) as error:
            raise DataError(
                "This export has no rows to compare with. Export the model again where its data set is, and then ask."
            ) from error

    def _sanity(self, quick: Callable[[Model | None], Array], given: Array | None = None) -> float | None:
        """The mean rank correlation with networks of random weights; None where it is not defined.

        Args:
            given: of each part, what is taken out of both, as core.explain.random_weights.sanity has it.
        """
        if not self._random:
            return None
        learned = quick(None)
        again = [quick(model) for model in self._random]
        found = [
            rank_correlation(learned, each) if given is None else partial_correlation(learned, each, given)
            for each in again
        ]
        known = [each for each in found if each is not None]
        return float(np.mean(known)) if known else None

    @cached_property
    def _random(self) -> list[Model]:
        """The same network with random weights; none of a format whose weights cannot be drawn anew."""
        return [_randomised(self._folder, self.known, seed) for seed in range(_RANDOM)] if _is_onnx(self.known) else []


def _is_onnx(known: Description) -> bool:
    return known.format == "onnx"


def _randomised(folder: Path, known: Description, seed: int) -> Model:
    """Matrices are drawn after Glorot and Bengio (2010); biases stay, and so does what scales the inputs."""
    import onnx

    draw, graph = np.random.default_rng(seed), onnx.load(folder / known.file)
    for tensor in graph.graph.initializer:
        values = onnx.numpy_helper.to_array(tensor)
        if values.dtype.kind == "f" and values.ndim > 1:
            most = math.sqrt(
                6 / (values.size / max(values.shape[-2:]) / min(values.shape[-2:]) * sum(values.shape[-2:]))
            )
            drawn = draw.uniform(-most, most, values.shape).astype(values.dtype)
            tensor.CopyFrom(onnx.numpy_helper.from_array(drawn, tensor.name))
    with tempfile.TemporaryDirectory() as place:
        for file in folder.iterdir():
            if file.is_file() and file.name != known.file:
                shutil.copy2(file, place)
        onnx.save(graph, Path(place) / known.file)
        return Model(place)


def _picture_curves(answers: Answers, picture: Array, fill: Array, heat: Array) -> Curves:
    """Cells of pixels are removed, in both orders: single pixels in a random order would change much at once."""
    patches = Patches.grid(heat, _CELLS)
    return faithfulness(patches.answers(answers, picture, fill), patches.sums(heat))


def _png(info: DataInfo, x: Examples) -> str:
    """In base64; "" of what is no picture that people can see."""
    return png_of(x[0]) if not isinstance(x, dict) and info.is_image and info.shape[-1] in (1, 3) else ""


def explained(explainer: ExportedExplainer, body: Mapping[str, Any]) -> dict[str, Any]:
    """Of a request {"instances": [one], "target": a class or none}. Raises DataError."""
    instances, target = body.get("instances"), body.get("target", "")
    if not isinstance(instances, list) or len(instances) != 1 or not isinstance(target, str):
        raise DataError(
            'Send {"instances": [one]}, one instance at a time, and "target" with the name of a class or without.'
        )
    return {"explanations": [explainer(instances[0], target)]}
