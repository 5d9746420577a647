"""Text from a generator, token by token: one graph, in which the network reads its own words again and again."""

import functools

import keras
import numpy as np
import tensorflow as tf

from core.data.vocabulary import RESERVED, Vocabulary

_NEVER = -1e9  # log-probability of what may not be drawn
_COLDEST = 1e-6  # temperature, in place of 0


class Generator:
    """Continues texts with a model [batch, length] -> [batch, length, vocabulary] of next-token probabilities."""

    def __init__(self, model: keras.Model, vocabulary: Vocabulary, length: int) -> None:
        """`length` is the number of tokens that the model reads at once."""
        self._model = model
        self._vocabulary = vocabulary
        self._length = length
        signature = [
            tf.TensorSpec([length], tf.int32),
            *(tf.TensorSpec([], kind) for kind in (tf.int32, tf.int32, tf.float32, tf.int64, tf.int32)),
        ]
        self._graph = tf.function(self._continue, input_signature=signature)

    def __call__(self, prompt: str, count: int, temperature: float = 1.0, seed: int = 0, top_k: int = 0) -> str:
        """What follows the prompt: `count` tokens, without the prompt, spaced to stand behind it; the same for a seed.

        Args:
            prompt: any text; what the vocabulary does not hold counts as unknown. "" begins a new line.
            temperature: below 1 for likelier tokens, 0 for always the likeliest, above 1 for more surprising ones.
            top_k: draw from so many of the likeliest tokens; 0 draws from all.
        """
        ids = self._vocabulary.prompt_ids(prompt or "\n")[-self._length :] or [RESERVED]
        window = np.zeros(self._length, np.int32)
        window[: len(ids)] = ids
        drawn = self._graph(window, len(ids), count, float(temperature), seed, top_k)
        return self._vocabulary.decode(drawn.numpy().tolist(), prompt)

    def _continue(
        self,
        window: tf.Tensor,
        filled: tf.Tensor,
        count: tf.Tensor,
        temperature: tf.Tensor,
        seed: tf.Tensor,
        top_k: tf.Tensor,
    ) -> tf.Tensor:
        """The ids of the next tokens; `window` holds the text so far from its beginning, `filled` tokens of it."""
        found = tf.TensorArray(tf.int32, count)
        for number in tf.range(count):
            # A text shorter than the window stands at its start, as in training; what is read behind it is not used.
            given = self._model(window[None], training=False)[0, filled - 1]
            scores = self._scores(tf.cast(given, tf.float32), temperature, top_k)
            place = tf.stack([seed, tf.cast(number, tf.int64)])
            token = tf.random.stateless_categorical(scores[None], 1, place, tf.int32)[0, 0]
            found = found.write(number, token)
            # The window moves on once it is full.
            window = tf.roll(window, -tf.cast(filled == self._length, tf.int32), 0)
            filled = tf.minimum(filled + 1, self._length)
            window = tf.tensor_scatter_nd_update(window, [[filled - 1]], [token])
        return found.stack()

    def _scores(self, probabilities: tf.Tensor, temperature: tf.Tensor, top_k: tf.Tensor) -> tf.Tensor:
        """Log-probabilities to draw from, without padding, unknown, and numbers that no token has."""
        numbers = tf.range(tf.shape(probabilities)[0])
        allowed = (numbers >= RESERVED) & (numbers < len(self._vocabulary)) & tf.math.is_finite(probabilities)
        scores = tf.where(allowed, tf.math.log(probabilities + 1e-20), _NEVER)
        size = tf.shape(scores)[0]
        least = tf.sort(scores, direction="DESCENDING")[tf.where(top_k > 0, tf.minimum(top_k, size), size) - 1]
        scores = tf.where(scores >= least, scores, _NEVER)
        return tf.where(scores > _NEVER, scores / tf.maximum(temperature, _COLDEST), _NEVER)


@functools.lru_cache(maxsize=1)
def _generator(model: keras.Model, vocabulary: Vocabulary, length: int) -> Generator:
    return Generator(model, vocabulary, length)


def generate(
    model: keras.Model,
    vocabulary: Vocabulary,
    length: int,
    prompt: str,
    count: int,
    temperature: float = 1.0,
    seed: int = 0,
    top_k: int = 0,
) -> str:
    """As `Generator`, whose graph is kept for the next call with the same model."""
    return _generator(model, vocabulary, length)(prompt, count, temperature, seed, top_k)
