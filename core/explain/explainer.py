"""Explains answers of one network, whatever its data are: the one thing that a worker asks."""

import time
from collections.abc import Callable

import numpy as np

from core.common.errors import DataError
from core.data.base import Examples
from core.data.vocabulary import PADDING, RESERVED, Vocabulary
from core.explain.budget import Budget
from core.explain.chosen_output import ChosenOutput, chosen_output
from core.explain.explain_picture import explain_picture
from core.explain.explain_row import explain_row
from core.explain.explain_text import explain_text
from core.explain.explain_window import explain_window
from core.explain.explained_row import Background
from core.explain.subject import Subject
from core.jobs.explanation import Explain, Explanation, Method, Part

_ALTERNATIVES = 10  # next tokens


class Explainer:
    """With the rows that tables are compared with, read once."""

    def __init__(self, subject: Subject, vocabulary: Vocabulary | None, background: Callable[[], Background]) -> None:
        """
        Args:
            background: rows of the test set; raises DataError where there are none.
        """
        self._subject = subject
        self._vocabulary = vocabulary
        self._background = background
        self._rows: Background | None = None

    def __call__(self, x: Examples, asked: Explain, tokens: tuple[str, ...] = ()) -> Explanation:
        """Of a batch of one, as the data have it.

        Args:
            tokens: of a text, those that the network reads, as they are written.

        Raises:
            DataError: what is asked does not apply, or takes too long.
        """
        started = time.perf_counter()
        self._subject.budget = Budget()
        method = self._method(asked)
        output = chosen_output(self._subject.info, self._subject.outputs(x)[0].reshape(-1), asked.target)
        found = self._explained(x, output, method, tokens)
        milliseconds = 1000 * (time.perf_counter() - started)
        told = {"target": output.name, "milliseconds": milliseconds, "is_short": self._subject.budget.is_short}
        return found.model_copy(update=told)

    def next_tokens(self, prompt: str) -> Explanation:
        """Which tokens may come after the prompt, the most probable first, as the network has them: temperature 1."""
        assert self._vocabulary is not None
        started = time.perf_counter()
        (length,) = self._subject.info.shape
        ids = self._vocabulary.prompt_ids(prompt or "\n")[-length:] or [RESERVED]
        window = np.full((1, length), PADDING, np.int32)
        window[0, : len(ids)] = ids
        given = self._subject.outputs(window)[0, len(ids) - 1].astype(np.float64)
        size = min(len(given), len(self._vocabulary))
        order = np.argsort(-given[:size], kind="stable")
        order = order[order >= RESERVED][:_ALTERNATIVES]
        parts = tuple(Part(name=self._vocabulary.token(int(each)), value=float(given[each])) for each in order)
        milliseconds = 1000 * (time.perf_counter() - started)
        return Explanation(method="next_tokens", answer=parts[0].value, parts=parts, milliseconds=milliseconds)

    def _method(self, asked: Explain) -> Method:
        known = self._subject.methods
        if not known:
            raise DataError(
                "Answers of this kind are not explained here. Those for pictures, texts, rows and series are; of "
                "numbers it must be known what they mean."
            )
        if asked.method is not None and asked.method not in known:
            raise DataError(f"{asked.method} does not explain data of this kind; {', '.join(known)} do.")
        return asked.method or known[0]

    def _explained(self, x: Examples, output: ChosenOutput, method: Method, tokens: tuple[str, ...]) -> Explanation:
        subject = self._subject
        if subject.info.is_image:
            assert not isinstance(x, dict)
            return explain_picture(subject, x[0], output, method)
        if subject.info.kind == "text":
            assert not isinstance(x, dict)
            assert self._vocabulary is not None
            read = [self._vocabulary.token(each) for each in x[0].tolist() if each != PADDING]
            return explain_text(subject, x[0], [*tokens] if len(tokens) == len(read) else read, output, method)
        if subject.info.kind == "series":
            assert not isinstance(x, dict)
            return explain_window(subject, x[0], output)
        if self._rows is None:
            self._rows = self._background()
        return explain_row(subject, x, self._rows, output, method)
