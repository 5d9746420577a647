"""What a run on text leaves beside its network: the vocabulary, and of a generator, samples by epoch."""

import json
import math
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.data import library
from core.data.library.store import MANIFEST
from core.data.vocabulary import Vocabulary
from db.records import RunRecord, RunState
from tests.core.conftest import Queue, StartRun
from tests.core.warm import eventually

Train = Callable[[int], RunRecord]


@pytest.fixture
def queue_generator(settings: Settings, queue: Queue, tmp_path: Path) -> Callable[..., int]:
    """A small generator on lines of a play."""
    file = tmp_path / "play.txt"
    file.write_text("".join(f"Scene {number}: enter the king, and then the queen.\n" for number in range(60)))
    library.add_corpus(settings, "play", file)

    def add(architecture: Mapping[str, Any] = MappingProxyType({}), **training: Any) -> int:
        return queue(
            data={"source": "corpus", "dataset": "play", "tokens": "character", "length": 16},
            architecture={"name": "recurrent_generator", "units": [16], "embedding": 8, **architecture},
            training={"epochs": 2, "batch_size": 32, **training},
        )

    return add


def _samples(context: Context, run_id: int) -> list[dict[str, Any]]:
    path = runs.artifact_file(context, run_id, "samples.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_generator_keeps_its_vocabulary_its_samples_and_its_perplexity(
    workspace: Workspace, context: Context, queue_generator: Callable[..., int], train: Train
) -> None:
    run_id = queue_generator()
    run = train(run_id)

    assert run.state is RunState.FINISHED, run.reason
    vocabulary = Vocabulary.load(runs.artifact_file(context, run_id, "vocabulary.json"))
    assert vocabulary.unit == "character"
    assert {"k", "q", " ", "\n"} <= set(vocabulary.tokens)
    first = _samples(context, run_id)[0]
    assert (first["epoch"], first["step"]) == (1, run.steps_per_epoch)
    assert _samples(context, run_id)[-1]["epoch"] == 2  # the last one in any case, however short the epochs are
    assert first["text"]
    assert set(first["text"]) <= set(vocabulary.tokens)
    found = runs.summaries(context, [run_id])[run_id]
    assert found["val_loss"].count == 2
    assert found["test_perplexity"].last > 1
    assert found["perplexity"].count == 2
    assert found["val_perplexity"].best == pytest.approx(math.exp(found["val_loss"].best))


def test_the_perplexity_of_a_generator_leaves_out_what_l2_adds_to_its_loss(
    context: Context, queue_generator: Callable[..., int], train: Train
) -> None:
    run = train(queue_generator(max_steps=1, architecture={"l2": 0.1}))
    assert run.state is RunState.FINISHED, run.reason
    found = {name: summary.last for name, summary in runs.summaries(context, [run.id])[run.id].items()}
    # Hardly trained, it still hesitates between nearly all tokens, whatever the penalty on its weights.
    assert found["loss"] > math.log(found["perplexity"]) + 1
    assert found["val_loss"] == pytest.approx(math.log(found["val_perplexity"]))
    assert found["val_perplexity"] == pytest.approx(found["test_perplexity"], rel=0.2)
    assert found["val_perplexity"] == pytest.approx(found["perplexity"], rel=0.2)


def test_a_run_that_ends_within_an_epoch_is_validated_and_sampled_at_its_end(
    workspace: Workspace, context: Context, queue_generator: Callable[..., int], train: Train
) -> None:
    run_id = queue_generator(epochs=5, max_steps=2)
    run = train(run_id)

    assert run.state is RunState.FINISHED
    assert run.step == 2
    assert runs.history(context, run_id, "val_loss").step.tolist() == [2]
    assert [sample["step"] for sample in _samples(context, run_id)] == [2]


def test_a_run_goes_on_only_with_words_cut_as_it_has_learned_them(
    workspace: Workspace, context: Context, queue: Queue, start: StartRun, tmp_path: Path
) -> None:
    rows = "".join(f"{at % 2},{('हिन्दी भाषा', 'बहुत अच्छी')[at % 2]} {at}\n" for at in range(40))
    (tmp_path / "some.csv").write_text(f"label,text\n{rows}", encoding="utf-8")
    library.add_text(workspace.settings, "some", tmp_path / "some.csv")
    manifest = workspace.settings.datasets_dir / "added" / "some" / MANIFEST
    now = manifest.read_text(encoding="utf-8")
    before = json.loads(now)
    del before["info"]["word_rules"]  # as it was before there were versions
    manifest.write_text(json.dumps(before), encoding="utf-8")
    run_id = queue(
        data={"source": "text", "dataset": "some"},
        architecture={"name": "recurrent", "units": [4], "embedding": 4},
        training={"epochs": 100_000, "batch_size": 8},
    )
    child = start(run_id, "at_step", 20)
    eventually(lambda: runs.get(context, run_id).step >= 20)
    child.kill(signal.SIGTERM)
    assert child.wait() == 0, child.log

    manifest.write_text(now, encoding="utf-8")
    assert start(run_id).result() == 1
    refused = runs.get(context, run_id)

    assert refused.state is RunState.FAILED
    assert "The texts are cut into words by rules 2, and were by rules 1 in attempt 1" in refused.reason
