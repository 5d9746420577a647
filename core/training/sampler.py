"""What a generator makes of its text while it learns: a sample after an epoch, kept in the run's folder."""

import json
import time
from pathlib import Path

import keras

from core.common.errors import StoreError
from core.common.whole_files import append_whole
from core.data.base import Dataset
from core.evaluation.generated_samples import keep_until
from core.tracking.run_log import log_line
from core.training.callbacks import Callback, EpochEnd
from core.training.checkpoints import Publishing
from core.training.generate import Generator

TOKENS = 200
TEMPERATURE = 0.8
PROMPT = 16  # tokens of the validation text
SHARE = 0.05  # most of the training time that samples may take
KIND = "samples"


class Sampler(Callback):
    """The file of samples: one JSON object a line, with epoch, step, prompt, temperature and text."""

    def __init__(
        self,
        path: Path,
        model: keras.Model,
        data: Dataset,
        seed: int,
        steps: tuple[int, int],
        publishing: Publishing,
    ) -> None:
        """The file grows within `publishing`. `steps` are where the run begins or goes on, and its last: what was
        sampled after the first is taken out of the file.
        """
        step, self._total_steps = steps
        assert data.vocabulary is not None
        assert not isinstance(data.x_train, dict)
        assert not isinstance(data.x_val, dict)
        self.path = path
        self._seed = seed
        self._publishing = publishing
        self._generator = Generator(model, data.vocabulary, data.info.shape[0])
        windows = data.x_val if len(data.y_val) else data.x_train
        self._prompt = data.vocabulary.decode(windows[0][:PROMPT].tolist())
        self._next = 0.0
        self._waiting = ""  # lines that could not be written yet
        self._is_kept = True
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            with publishing(path, KIND):
                keep_until(path, step)

    def on_epoch_end(self, epoch: EpochEnd) -> str:
        """Write a sample, unless the ones before took too much of the time and more will come."""
        began = time.monotonic()
        if epoch.is_current and (began >= self._next or epoch.step >= self._total_steps):
            self._sample(epoch.number, epoch.step)
            ended = time.monotonic()
            self._next = ended + (ended - began) / SHARE
        return ""

    def _sample(self, epoch: int, step: int) -> None:
        text = self._generator(self._prompt, TOKENS, TEMPERATURE, self._seed)
        line = {"epoch": epoch, "step": step, "prompt": self._prompt, "temperature": TEMPERATURE, "text": text}
        self._waiting += json.dumps(line, ensure_ascii=False) + "\n"
        self._is_kept = False
        try:
            self.flush()
        except (OSError, StoreError) as error:
            log_line(f"The sample of epoch {epoch} waits in memory: {error}")

    def flush(self) -> None:
        """Write what waits. Raises OSError, StoreError."""
        if not self._is_kept:
            with self._publishing(self.path, KIND):
                append_whole(self.path, self._waiting.encode())
                self._waiting = ""  # in the file, whatever becomes of the store's row
            self._is_kept = True
