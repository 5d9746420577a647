"""What a network of texts goes by: words, each left out of the test texts that have it."""

import time

import numpy as np

from core.common.errors import DataError, NotFoundError
from core.common.settings import Settings
from core.data.vocabulary import Vocabulary
from core.evaluation.kept_texts import TEXT, UNSEEN
from core.evaluation.report_files import read_predictions
from core.explain.chosen_output import outputs_told
from core.explain.occlusion import left_out
from core.explain.tested import Tested
from core.explain.word_importance import LEAST, WordImportance
from core.jobs.importance import Importance

_TEXTS = 1000  # at most, and as many as there is time for
_SECONDS = 150.0
_CLASSES = 20


def importance_of_texts(tested: Tested, vocabulary: Vocabulary) -> Importance:
    """Raises DataError, EvaluationError."""
    ids = vocabulary.encode(_texts(tested.settings, tested.run_id), tested.info.shape[0])
    outputs = outputs_told(tested.info, tested.columns(ids), _CLASSES)
    answers = tested.of(outputs)
    words = WordImportance(vocabulary, tuple(each.name for each in outputs))
    until, done = time.monotonic() + _SECONDS, 0
    for text in ids:
        if done and time.monotonic() > until:
            break
        tested.told(f"leaving words out of text {done + 1:,} of {len(ids):,}", done / len(ids))
        words.add(text, left_out(answers, text))
        done += 1
    return Importance(rows=done, words=words.words(), looked=words.looked, least=LEAST, is_short=done < len(ids))


def _texts(settings: Settings, run_id: int) -> list[str]:
    """What the network saw of some test texts, in a random order. Raises DataError, EvaluationError."""
    try:
        stored = read_predictions(settings, run_id, [TEXT, UNSEEN])
    except NotFoundError as error:
        raise DataError(
            "Words are left out of test texts, which are kept once the run is evaluated, at its end. Wait for it, or "
            "have it evaluated on its Evaluation tab."
        ) from error
    some = stored.iloc[np.random.default_rng(0).permutation(len(stored))[:_TEXTS]]
    return [str(text)[unseen:] for text, unseen in zip(some[TEXT], some[UNSEEN], strict=True)]
