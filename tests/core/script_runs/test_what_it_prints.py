"""What a script prints: lines that are written over, colours, Keras's progress, and the reason of its end."""

from pathlib import Path

import pytest

from core.script_runs.keras_progress import KerasProgress
from core.script_runs.script_endings import reason_of
from core.script_runs.script_output import ScriptOutput


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_lines_are_told_as_they_stand_however_the_bytes_come(size: int, capsys: pytest.CaptureFixture[str]) -> None:
    text = "a\r\nstep 1\rstep 2\rstep 3\n\x1b[31mröd\x1b[0m\nold\r\nabc\b\b\bxyz\nend".encode()
    heard: list[str] = []
    output = ScriptOutput(heard.append)
    for start in range(0, len(text), size):
        output.feed(text[start : start + size])
    output.feed(b"", final=True)
    assert heard == ["a", "step 3", "röd", "old", "xyz", "end"]
    assert capsys.readouterr().out == "a\nstep 3\n\x1b[31mröd\x1b[0m\nold\nxyz\nend\n"


def test_keras_progress_in_both_its_forms() -> None:
    progress = KerasProgress()
    lines = [
        "8/8 - 0s - loss: 9.0",  # before any epoch: an evaluation, perhaps
        "Epoch 1/5",
        "\x1b[1m1/8\x1b[0m ━━━ 0s 3ms/step - accuracy: 0.1 - loss: 0.9".replace("\x1b[1m", "").replace("\x1b[0m", ""),
        "8/8 ━━━━━━━━━━ 0s 3ms/step - accuracy: 0.5312 - loss: 6.9e-01",
        "8/8 ━━━━━━━━━━ 0s 9ms/step - accuracy: 0.5312 - loss: 6.9e-01 - val_loss: nan",
        "Epoch 2/5",
        "8/8 - 1s - 98ms/step - accuracy: 0.75 - learning_rate: 1.0000e-04 - loss: 0.5 - val_loss: 0.4",
        "loss: 3.0",
        "8/8 - 1s - 98ms/step - accuracy: 0.75 - loss: 0.5",
        "3/3 ━━━━━━━━━━ 0s 3ms/step - accuracy: 0.7 - loss: 0.6",
    ]
    told = [found for line in lines if (found := progress.hear(line)) is not None]
    assert [(each.step, each.steps_per_epoch, each.total_steps) for each in told] == [
        (8, 8, 40),
        (8, 8, 40),
        (16, 8, 40),
        (16, 8, 40),
    ]
    assert told[0].values == {"accuracy": 0.5312, "loss": 0.69}
    assert list(told[1].values) == ["val_loss"]
    assert told[2].values == {"accuracy": 0.75, "learning_rate": 1e-4, "loss": 0.5, "val_loss": 0.4}
    assert told[3].values == {"test_accuracy": 0.7, "test_loss": 0.6}


def test_the_reason_is_the_last_tracebacks_last_line_with_the_place_in_its_own_files() -> None:
    lines = [
        "50%Traceback (most recent call last):",
        '  File "/runs/1/work/train.py", line 3, in <module>',
        "    main()",
        '  File "/usr/lib/python3/json/decoder.py", line 9, in decode',
        "json.decoder.JSONDecodeError: Expecting value",
        "bye",
    ]
    folder = Path("/runs/1/work")
    assert reason_of(1, lines, folder) == "json.decoder.JSONDecodeError: Expecting value (train.py, line 3)"
    assert reason_of(2, ["usage: x", "x: error: no"], folder) == "The script ended with exit code 2: x: error: no"
    assert reason_of(-9, [], folder).startswith("Its process was ended by signal 9 (SIGKILL)")
    long = reason_of(1, [*lines[:3], f"torch.OutOfMemoryError: CUDA out of memory. {'x' * 900}"], folder)
    assert long.endswith("x… (train.py, line 3)")  # what was cut off shows as cut off
    assert len(long) < 330
