"""Which words speak for and against each class, over many texts: the mean of what each text loses without them."""

import numpy as np
from scipy.stats import t as student

from core.data.base import Array
from core.data.vocabulary import PADDING, RESERVED, Vocabulary
from core.jobs.importance import Word, Words

LEAST = 5  # texts that a word has to be in
_MOST = 12  # words for a class, and as many against it
_LEVEL = 0.05  # of all intervals together


class WordImportance:
    """Texts are added one by one; a word counts once a text, by the mean over its places there."""

    def __init__(self, vocabulary: Vocabulary, names: tuple[str, ...]) -> None:
        """`names`: of the outputs."""
        self._vocabulary, self._names = vocabulary, names
        self._texts = np.zeros(len(vocabulary), int)
        self._sums = np.zeros((len(vocabulary), len(names)))
        self._squares = np.zeros_like(self._sums)

    def add(self, ids: Array, lost: Array) -> None:
        """Of a text [length], what each output loses without each token, [length, outputs]."""
        words, place = np.unique(ids, return_inverse=True)
        total = np.zeros((len(words), lost.shape[1]))
        np.add.at(total, place, lost)
        mean = total / np.bincount(place)[:, np.newaxis]
        self._texts[words] += 1
        self._sums[words] += mean
        self._squares[words] += mean**2

    def words(self) -> tuple[Words, ...]:
        """Of each output, the surest first: those whose interval does not hold 0.

        The intervals hold together (Bonferroni): of many words some would be far from 0 by chance.
        """
        known = np.flatnonzero(self._texts >= LEAST)
        known = known[(known >= RESERVED) & (known != PADDING)]
        count = self._texts[known][:, np.newaxis]
        mean = self._sums[known] / count
        variance = np.maximum(self._squares[known] / count - mean**2, 0) * count / np.maximum(count - 1, 1)
        wide = student.ppf(1 - _LEVEL / 2 / max(1, len(known)), np.maximum(count - 1, 1)) * np.sqrt(variance / count)
        return tuple(self._of(place, known, mean, wide) for place in range(len(self._names)))

    @property
    def looked(self) -> int:
        """Words that are in enough texts."""
        return int((self._texts[RESERVED:] >= LEAST).sum())

    def _of(self, output: int, known: Array, mean: Array, wide: Array) -> Words:
        low, high = mean[:, output] - wide[:, output], mean[:, output] + wide[:, output]
        rising, falling = np.argsort(-low, kind="stable"), np.argsort(high, kind="stable")

        def told(place: int) -> Word:
            return Word(
                text=self._vocabulary.token(int(known[place])),
                value=float(mean[place, output]),
                low=float(low[place]),
                high=float(high[place]),
                texts=int(self._texts[known[place]]),
            )

        return Words(
            name=self._names[output],
            speaks_for=tuple(told(each) for each in rising[:_MOST].tolist() if low[each] > 0),
            against=tuple(told(each) for each in falling[:_MOST].tolist() if high[each] < 0),
        )
