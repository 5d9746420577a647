"""The process that holds a run's best network and answers what people try on it; see core.jobs.prediction.

What people give is decoded here, not in the server: this process is bounded in time and memory.
"""

import base64
import binascii
import contextlib
import os
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from core import runs
from core.common.context import Actor, Context
from core.common.errors import TraindeckError
from core.common.text import first_line
from core.common.workspace import Workspace
from core.data.base import Array, Examples
from core.data.number_scaling import Numbers, of_inputs, restored
from core.data.picture_input import picture_input
from core.data.pictures import encoded, png_of, thumbnail
from core.data.row_input import outside, row_input
from core.data.series_input import Asked, ahead_of
from core.data.text_input import text_input
from core.data.vocabulary import UNKNOWN, Vocabulary
from core.engine.picture_views import with_views
from core.evaluation.given_labels import levels_of
from core.evaluation.kept_rows import kept_rows
from core.evaluation.report import Thresholds
from core.evaluation.report_files import folder as report_folder
from core.evaluation.report_files import read_report
from core.explain.explained_row import Background, sampled
from core.explain.explainer import Explainer
from core.explain.keras_subject import KerasSubject
from core.inference.decisions import HALF, given_labels, two_columns
from core.jobs.explanation import Explain, Explanation
from core.jobs.known_data import learned_ranges
from core.jobs.prediction import (
    Ahead,
    Input,
    Picture,
    Prediction,
    PredictionError,
    Prompt,
    Question,
    Row,
    Share,
    Text,
    Token,
    info,
    network_path,
    not_ready,
    stored_info,
)
from core.models import version_manifest
from core.runs.reported_networks import asked_spec
from core.training.checkpoints import load_network, read_position
from core.training.generate import Generator
from core.workers.work import Work

MOST_CLASSES = 100  # that are told
_RECEIVED = 280  # pixels of a side, of what is shown of a picture


@dataclass(frozen=True)
class _Prepared:
    """A batch of one example, and fields of the prediction that tell what was made of the input."""

    x: Examples
    told: dict[str, Any]


class Network:
    """The best network of a run, in memory; loaded anew when the run has found a better one."""

    def __init__(self, workspace: Workspace, process: str) -> None:
        """`process` is the run's number."""
        self._context = Context(workspace, Actor("predictor", "process"))
        self._run_id = int(process)
        self._loaded: tuple[int, int] | None = None  # time and size of the file
        self.vocabulary: Vocabulary | None = None
        self._generator: Generator | None = None
        self._explainer: Explainer | None = None

    def __call__(self, work: Work, asked: Question) -> Prediction:
        """Whatever goes wrong is told as the answer's problem."""
        question = asked.input
        try:
            self.load()
            started = time.perf_counter()
            if isinstance(question, Ahead) and self.info.task == "forecast":
                answer = self._ahead(question)
            else:
                answer = self._generate(question) if isinstance(question, Prompt) else self._predict(question)
            milliseconds = 1000 * (time.perf_counter() - started)
            if asked.explain is not None:
                answer = answer.model_copy(update={"explanation": self._explain(question, asked.explain, answer)})
        except TraindeckError as error:
            return Prediction(problem=str(error))
        except Exception as error:  # noqa: BLE001 - whatever a network raises
            traceback.print_exc()
            text = first_line(error)
            return Prediction(problem=f"The network could not be asked: {type(error).__name__}: {text}")
        told = {"milliseconds": milliseconds, "step": self.step, "epoch": self.epoch, "process": os.getpid()}
        return answer.model_copy(update={**told, "task": self.info.task, "target": self.info.target})

    def load(self) -> None:
        """Raises PredictionError, NotFoundError, ConfigError, DataError, CheckpointError."""
        run = runs.get(self._context, self._run_id)
        settings = self._context.workspace.settings
        path = network_path(settings, run)
        try:
            status = path.stat()
        except FileNotFoundError:
            raise PredictionError(not_ready(self._context, run)) from None
        stamp = status.st_mtime_ns, status.st_size
        if stamp == self._loaded:
            return
        self.info, self.stored = info(self._context, run), stored_info(self._context, run)
        self._ranges = learned_ranges(self._context, run)
        self.vocabulary = self._read_vocabulary() if self.info.vocabulary else None
        position = read_position(path, run.uid)
        if position is None:
            raise PredictionError(f"The checkpoint {path} is of another run. Relaunch this run to get one of its own.")
        self._model, numbers = load_network(path, position), position.numbers
        if run.kind == runs.NETWORK.name:
            self._model = with_views(self._model, runs.need_spec(run).evaluation)
        else:  # of others the file does not say how its inputs are prepared
            numbers = version_manifest.kept(path.parent).numbers
        self._numbers = restored(numbers) if numbers else Numbers()
        self._forward: Callable[[Any], tf.Tensor] = tf.function(
            lambda x: self._model(x, training=False), reduce_retracing=True
        )
        self._generator = self._explainer = None
        self.step = position.step
        self.epoch = position.step / run.steps_per_epoch if run.steps_per_epoch else None
        self._loaded = stamp

    def _read_vocabulary(self) -> Vocabulary:
        path = report_folder(self._context.workspace.settings, self._run_id) / "vocabulary.json"
        try:
            return Vocabulary.load(path)
        except (OSError, ValueError, KeyError) as error:
            raise PredictionError(
                f"The run's vocabulary {path} cannot be read ({error}), and without it no text can be turned into the "
                "numbers that the network learned. Relaunch the run."
            ) from error

    def _predict(self, question: Input) -> Prediction:
        prepared = self._prepare(question)
        given, told = self._asked(prepared.x), prepared.told
        if self.info.task == "regression":
            return Prediction(number=float(given.reshape(-1)[0]), **told)
        if self.info.task == "multilabel":
            names = self.info.class_names
            found = given_labels(names, given[0], self.levels())
            labels = [Share(name=n, probability=p, threshold=level, chosen=is_given) for n, p, level, is_given in found]
            return Prediction(classes=tuple(labels[:MOST_CLASSES]), **told)
        probabilities = two_columns(given)[0]
        order = np.argsort(-probabilities, kind="stable")[:MOST_CLASSES]
        shares = tuple(Share(name=self.info.class_names[n], probability=float(probabilities[n])) for n in order)
        notes = (*told.get("notes", ()), *self._decided(float(probabilities[-1])))
        return Prediction(classes=shares, **{**told, "notes": notes})

    def levels(self) -> tuple[float, ...]:
        """The thresholds of several labels."""
        return levels_of(self._context.workspace.settings, self._run_id, self.info.class_names)

    def threshold(self) -> Thresholds | None:
        """That of the run's evaluation, of two classes; None as long as there is none that can be read."""
        with contextlib.suppress(TraindeckError):  # not evaluated yet, or a damaged report, which its page tells
            scores = read_report(self._context.workspace.settings, self._run_id).classification
            return scores.thresholds if scores is not None else None
        return None

    def _decided(self, second: float) -> Iterator[str]:
        """What the run's threshold says of this probability of the second of two classes, where it is not 0.5."""
        chosen = self.threshold()
        if chosen is not None and chosen.threshold != HALF:
            name = self.info.class_names[int(second >= chosen.threshold)]
            yield f"By the run's threshold, {chosen.threshold:.3g} for {chosen.positive}, this is {name}."

    def _prepare(self, question: Input) -> _Prepared:
        """Raises PredictionError, DataError: not what the network takes."""
        known = self.info
        if isinstance(question, Picture) and known.is_image:
            return self._picture(question)
        if isinstance(question, Text) and known.kind == "text" and self.vocabulary is not None:
            text = text_input(question.text, self.vocabulary, known.shape[0])
            tokens = tuple(Token(text=token, state=state) for token, state in text.tokens)
            return _Prepared(text.ids, {"tokens": tokens, "notes": text.notes})
        if isinstance(question, Row) and known.kind in ("table", "rows"):
            x, notes = row_input(known, question.values)
            return _Prepared(x, {"notes": (*notes, *outside(known, x, self._ranges))})
        wanted = {"image": "a picture", "text": "a text", "corpus": "a prompt", "series": "a series"}.get(
            known.kind, "a row of values"
        )
        received = {
            "image": "a picture",
            "text": "a text",
            "row": "a row of values",
            "prompt": "a prompt",
            "series": "a series",
        }
        raise PredictionError(f"This run's network takes {wanted}; received {received[question.kind]}.")

    def _picture(self, question: Picture) -> _Prepared:
        try:
            data = base64.b64decode(question.content, validate=True)
        except binascii.Error as error:
            raise PredictionError("The picture is not written in base64. Draw it or upload it again.") from error
        wanted = self.info.shape
        found = picture_input(
            data,
            question.name or "The picture",
            wanted if question.is_ready else self.stored.shape,
            wanted,
            max_pixels=self._context.workspace.settings.max_pixels,
            white=self.stored.white,
            drawn=question.drawn,
            inverted=question.inverted,
        )
        received = encoded(thumbnail(found.received, _RECEIVED))
        told = {"seen": png_of(found.pixels), "received": received, "notes": found.notes}
        return _Prepared(found.pixels[np.newaxis], told)

    def _explain(self, question: Input, asked: Explain, answer: Prediction) -> Explanation:
        """What does not apply, or goes wrong, is told as its problem: the answer stands all the same."""
        try:
            if self._explainer is None:
                subject = KerasSubject(self._model, self.info, self._numbers, self.outputs)
                self._explainer = Explainer(subject, self.vocabulary, self._rows)
            if isinstance(question, Ahead):
                return self._explainer(self._window(question).x, asked)
            if isinstance(question, Prompt):
                return self._explainer.next_tokens(question.text)
            tokens = tuple(token.text for token in answer.tokens if token.state != "cut")
            return self._explainer(self._prepare(question).x, asked, tokens)
        except TraindeckError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - whatever a network raises
            traceback.print_exc()
            self._loaded = None  # its weights may be random ones still: the next question has it loaded anew
            problem = f"The answer could not be explained: {type(error).__name__}: {first_line(error)}"
        return Explanation(method=asked.method or "gradients", problem=problem)

    def _rows(self) -> Background:
        """Of the test set, to compare a row with. Raises DataError, EvaluationError."""
        return sampled(kept_rows(self._context.workspace.settings, self._run_id, self.info)[0])

    def outputs(self, examples: Examples) -> Array:
        """[examples, outputs], numbers in the target's unit."""
        x = tf.nest.map_structure(tf.constant, of_inputs(self._numbers, examples))
        return self._numbers.of_outputs(tf.cast(self._forward(x), tf.float32).numpy())

    def _asked(self, example: Examples) -> Array:
        """[1, outputs]. Raises PredictionError when it is not a number."""
        given = self.outputs(example)
        if not np.isfinite(given).all():
            raise PredictionError(
                "The network's answer is not a number: its weights or this input are out of bounds. Check the values, "
                "or look at the run's loss."
            )
        return given

    def _ahead(self, question: Ahead) -> Prediction:
        """Raises PredictionError, DataError."""
        asked = self._window(question)
        given = self._asked(asked.x).reshape(-1)
        forecast = tuple(zip(asked.times, map(float, given), strict=True))
        return Prediction(forecast=forecast, before=asked.before, notes=asked.notes)

    def _window(self, question: Ahead) -> Asked:
        """Raises DataError."""
        settings = self._context.workspace.settings
        source = asked_spec(settings, runs.get(self._context, self._run_id)).data
        content = base64.b64decode(question.content)
        return ahead_of(settings, source, self.info, question.series, content, question.name)

    def _generate(self, question: Prompt) -> Prediction:
        if self.info.task != "generation" or self.vocabulary is None:
            self._prepare(question)  # says what the network takes
        assert self.vocabulary is not None
        (length,) = self.info.shape
        self._generator = self._generator or Generator(self._model, self.vocabulary, length)
        text = self._generator(question.text, question.length, question.temperature, question.seed)
        unknown = self.vocabulary.prompt_ids(question.text).count(UNKNOWN)
        notes = [f"{unknown:,} of the prompt's tokens are not in the run's vocabulary."] if unknown else []
        if not question.text:
            notes.append("The prompt is empty; the text goes on from the beginning of a line.")
        return Prediction(text=text, notes=tuple(notes))
