"""People's own scripts, from the draft to the end of the last of their processes, on a real host."""

import io
import shutil
import sys
import time
import zipfile
from pathlib import Path
from textwrap import dedent
from typing import Any

import h5py
import numpy as np
import psutil
import pytest

from core import runs
from core.common.errors import ConfigError, StateError
from core.common.settings import PROJECT_ROOT
from core.runs import logged
from core.scripts import code_store
from core.system import devices
from db.records import RunRecord, RunState
from tests.core.scripts.test_parameters import SAMPLES
from tests.host import Host, wait_until


def launch(host: Host, folder: Path, source: str = "", **spec: Any) -> int:
    """Queue the script of a folder; `source`, when given, is written there first."""
    if source:
        (folder / "train.py").write_text(dedent(source))
    raw = {"project": {"folder": str(folder)}, "entry": "train.py", **spec}
    return runs.create_script(host.context, runs.Draft(raw))[0]


def log_of(host: Host, run: RunRecord) -> str:
    return runs.log_tail(host.context, run.id, 1000)


def printed(host: Host, run_id: int, word: str) -> str:
    """The log, once the word is in it."""
    return str(wait_until(lambda: word in (log := log_of(host, host.run(run_id))) and log, f"{word} is in the log"))


def test_a_keras_script_runs_as_it_is_and_its_progress_becomes_metrics(host: Host) -> None:
    folder = SAMPLES / "keras_argparse"
    run = host.ended(launch(host, folder, arguments={"epochs": 3, "train_examples": 128, "seed": 5}))

    assert run.state is RunState.FINISHED, log_of(host, run)
    assert run.kind == "script"
    assert run.config["arguments"]["lr"] == 0.01  # also what was left as it is
    assert runs.history(host.context, run.id, "val_accuracy").step.tolist() == [4, 8, 12]
    assert {"loss", "accuracy", "val_loss"} <= set(runs.summaries(host.context, [run.id])[run.id])
    assert (run.total_steps, run.step) == (12, 12)
    assert "model.keras" in {each.name for each in runs.artifacts(host.context, run.id)}
    assert "$ python train.py --epochs 3 --train-examples 128 --seed 5" in log_of(host, run)
    assert run.facts["versions"]["tensorflow"]


@pytest.mark.parametrize(
    ("sample", "arguments", "said"),
    [
        ("absl_flags", {"out": "o.txt", "verbose": True, "start": ["1"], "steps": 3}, "step 2 loss"),
        ("click_numpy", {"epochs": 2, "verbose": True, "penalty": "none", "tag": ["a", "b"]}, "a b"),
        ("dataclass_config", {"rate": 0.25}, "\x1b[32mwalk\x1b[0m ends at 0.00390625"),
    ],
)
def test_scripts_of_other_kinds(host: Host, sample: str, arguments: dict[str, Any], said: str) -> None:
    run = host.ended(launch(host, SAMPLES / sample, arguments=arguments))

    assert run.state is RunState.FINISHED, log_of(host, run)
    assert said in log_of(host, run)
    assert len(runs.artifacts(host.context, run.id)) == 1
    assert "step 1 of" not in log_of(host, run)  # written over by what came after it


def test_a_script_that_fails_says_why_and_runs_again_when_its_folder_is_gone(host: Host, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(SAMPLES / "dataclass_config", folder)
    failed = host.ended(launch(host, folder, arguments={"fail_at": 2}))
    assert (failed.state, failed.reason) == (RunState.FAILED, "ValueError: step 2 was to fail (train.py, line 34)")
    assert "core/script_runs" not in log_of(host, failed)  # nothing of ours is in the traceback
    shutil.rmtree(folder)

    again = host.ended(runs.relaunch(host.context, failed.id))
    assert again.reason == failed.reason
    assert again.parent_id == failed.id
    assert again.facts["code"] == failed.facts["code"]
    snapshot = code_store.snapshot(host.workspace.settings, again.config["project"]["snapshot"])
    assert list(snapshot.files) == ["train.py"]


def test_it_runs_as_a_python_of_its_own_would(host: Host, tmp_path: Path) -> None:
    """Modules of our names, handlers, threads, children that import the script again, an unseeded draw, exit codes."""
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "__init__.py").write_text("mine = True")
    source = """
        import atexit, multiprocessing, os, sys, threading, time
        import numpy as np
        import core

        def work(x):
            return x * x

        def late():
            time.sleep(0.2)
            print("thread done", flush=True)

        if __name__ == "__main__":
            print("mine", core.mine, __file__ == os.path.abspath(sys.argv[0]), sys.modules["__main__"].work(3))
            print("tf", "tensorflow" in sys.modules, "db" in sys.modules, sorted(sys.path)[0] == "")
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                print("spawned", pool.map(work, [2, 3]))
            print("draw", np.random.rand())
            atexit.register(lambda: print("handled"))
            threading.Thread(target=late).start()
            sys.exit("gave up")
    """
    first, second = (host.ended(launch(host, tmp_path, source)) for _ in range(2))
    log = log_of(host, first)
    lines = [line.partition(" ")[2] for line in log.splitlines()]
    assert {"mine True True 9", "tf True False False", "spawned [4, 9]"} <= set(lines), log
    assert lines.index("gave up") < lines.index("thread done") < lines.index("handled")
    assert first.reason == "The script ended with exit code 1: handled"
    draws = {
        next(line for line in log_of(host, each).splitlines() if " draw " in line)[20:] for each in (first, second)
    }
    assert len(draws) == 2


FOLLOWED = """
    import keras, numpy as np, traindeck

    class Judge(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs):
            logs["quality"] = [0.1, 0.9, 0.5][epoch]
            np.save(f"epoch-{epoch}.npy", self.model.layers[0].get_weights()[0])

    traindeck.autolog(every=2, monitor="quality", mode="max", data="digits")
    x = np.random.default_rng(0).normal(size=(64, 2)).astype("float32")
    model = keras.Sequential([keras.layers.Dense(4), keras.layers.Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    history = model.fit(x, x[:, 0] > 0, epochs=3, batch_size=16, validation_split=0.25, callbacks=Judge(), verbose=0)
    own = traindeck.KerasCallback(run=traindeck.current())
    print("kept", model.fit(x, x[:, 0] > 0, epochs=0, callbacks=[own]).history, traindeck.run.url.rpartition('/')[2])
"""


def test_keras_is_followed_by_epoch_and_step_and_its_best_network_kept(host: Host, tmp_path: Path) -> None:
    run = host.ended(launch(host, tmp_path, FOLLOWED))
    assert run.state is RunState.FINISHED, log_of(host, run)
    assert f"kept {{}} run?id={run.id}" in log_of(host, run)
    told = {name: runs.history(host.context, run.id, name) for name in runs.summaries(host.context, [run.id])[run.id]}
    assert told["val_loss"].step.tolist() == told["quality"].step.tolist() == [3, 6, 9]
    assert told["quality"].value.tolist() == [0.1, 0.9, 0.5]
    assert told["step_accuracy"].step.tolist() == told["step_loss"].step.tolist() == [2, 4, 6, 8]
    wanted = {"monitor": "quality", "value": 0.9, "epoch": 1, "step": 6, "data": "digits"}
    assert run.facts["checkpoint"] == wanted
    params = runs.params(host.context, [run.id])[run.id]
    assert (params["optimizer"], params["epochs"], params["batch_size"]) == ("adam", "3", "16")
    with zipfile.ZipFile(runs.artifact_file(host.context, run.id, "best.keras")) as network:
        weights = h5py.File(io.BytesIO(network.read("model.weights.h5")))
    best = np.load(runs.artifact_file(host.context, run.id, "epoch-1.npy"))
    np.testing.assert_array_equal(weights["layers/dense/vars/0"][:], best)


def test_another_interpreter_is_used_and_its_versions_are_facts(host: Host, tmp_path: Path) -> None:
    source = "import os, sys\nprint('here', sys.executable, os.environ['APP'], 'tensorflow' in sys.modules)"
    environment = tmp_path / "venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    run = host.ended(launch(host, tmp_path, source, interpreter=str(environment), environment={"APP": "x y"}))

    assert run.state is RunState.FINISHED, log_of(host, run)
    assert f"here {environment}/bin/python x y False" in log_of(host, run)
    assert run.facts["interpreter"] == f"{environment}/bin/python"
    assert run.facts["versions"]["python"].startswith("3.")
    assert run.facts["device"] == ", ".join(card.name for card in devices.cards()) or devices.cpu_name()


STUBBORN = """
    import os, signal, subprocess, sys, time
    signal.signal(signal.SIGTERM, lambda *_: print("heard", flush=True))
    detached = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"], start_new_session=True)
    print("children", os.getpid(), detached.pid, flush=True)
    while True:
        time.sleep(0.05)
"""


@pytest.mark.parametrize("now", [False, True])
def test_what_does_not_heed_a_stop_is_killed_with_all_its_children(host: Host, tmp_path: Path, now: bool) -> None:
    run_id = launch(host, tmp_path, STUBBORN, limits={"stop_seconds": 0.5})
    log = printed(host, run_id, "children")
    told = next(line for line in log.splitlines() if "children" in line).split()
    processes = [psutil.Process(int(pid)) for pid in told[-2:]]
    runs.stop(host.context, [run_id], now=now)

    run = host.ended(run_id)
    assert run.state is RunState.STOPPED, run.reason
    wait_until(lambda: not any(each.is_running() and each.status() != "zombie" for each in processes), "all have ended")
    if not now:
        assert run.reason == "Stopped on request."
        assert "heard" in log_of(host, run)
        assert "it is killed" in log_of(host, run)
    else:
        assert run.reason == "Stopped at once; what it had recorded is kept."  # it had begun


LISTENING = """
    import signal, sys, time, traindeck
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(print("signalled", flush=True)))
    run, step = traindeck.start(), 0
    while not run.should_stop:
        run.log({"x": step}, step)
        if not step:
            print("begun", flush=True)
        step += 1
        time.sleep(0.01)
    run.log({"last": 0.25}, step)
    print("told, and ends by itself", flush=True)
    while "--deaf" in sys.argv:
        signal.pause()
"""


@pytest.mark.parametrize("deaf", [False, True])
def test_who_looks_at_should_stop_is_asked_so_before_any_signal(host: Host, tmp_path: Path, deaf: bool) -> None:
    more = {"limits": {"stop_seconds": 0.5}, "extra": ["--deaf"]} if deaf else {"limits": {"stop_seconds": 1000}}
    run_id = launch(host, tmp_path, LISTENING, **more)
    printed(host, run_id, "begun")
    runs.stop(host.context, [run_id])
    run = host.ended(run_id)
    assert (run.state, run.reason) == (RunState.STOPPED, "Stopped on request.")
    assert runs.summaries(host.context, [run.id])[run.id]["last"].last == 0.25, "what it told at its end is stored"
    log = log_of(host, run)
    assert ("told, and ends by itself" in log, "signalled" in log, "SIGTERM" in log) == (True, deaf, deaf)


def test_limits_of_memory_and_time_end_it(host: Host, tmp_path: Path) -> None:
    source = "import time\nkept = []\nwhile True:\n    kept.append(bytearray(50_000_000))\n    time.sleep(0.01)"
    run = host.ended(launch(host, tmp_path, source, limits={"memory_gb": 1.5}))
    assert run.state is RunState.FAILED
    assert "more than its limit of 1.5 GB" in run.reason
    run = host.ended(launch(host, tmp_path, "import time\ntime.sleep(1000)", limits={"hours": 0.0001}))
    assert (run.state, run.reason) == (RunState.FAILED, "Took longer than its limit of 0.0001 hours.")


def test_the_first_line_comes_at_once_from_the_warm_process(host: Host, tmp_path: Path, record_property: Any) -> None:
    """How soon is recorded, and not bounded: a small machine may have other work."""
    source = "import time, tensorflow\nprint('first', time.time(), flush=True)"
    run = host.ended(launch(host, tmp_path, source))
    first = float(next(line for line in log_of(host, run).splitlines() if "first" in line).split()[-1])
    assert run.starting_at is not None
    record_property("seconds", first - run.starting_at)
    assert first > run.starting_at


def test_a_draft_with_mistakes_is_refused_with_all_of_them_and_seeds_count_up(host: Host, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        launch(
            host,
            SAMPLES / "keras_argparse",
            arguments={"epochs": "many"},
            interpreter="/nowhere/python",
            resources={"device": "gpu"},
        )
    assert {each.field for each in refused.value.problems} == {"arguments.epochs", "interpreter", "resources.device"}
    host.end()  # so that they stay in the queue
    draft = runs.Draft({"project": {"folder": str(SAMPLES / "keras_argparse")}, "entry": "train.py"}, tags=("a",))
    created = runs.create_script(host.context, draft, seeds=3)
    found = runs.get_many(host.context, created)
    assert [run.config["arguments"]["seed"] for run in found] == [0, 1, 2]
    assert len({run.config["project"]["snapshot"] for run in found}) == 1
    assert found[0].name == "keras_argparse-train · seed 0"
    assert time.time() - found[0].queued_at < 3600
    runs.stop(host.context, created)


WRITES = f"""
    import sys, traindeck
    from pathlib import Path
    sys.path.insert(0, {str(PROJECT_ROOT)!r})
    from core.tracking.event_files.writing import framed
    from tests.event_writer import tensor
    traindeck.start(params={{"found": 7}}, tags=["told"])
    for epoch in range(3):
        for part in ("train", "validation"):
            file = Path("logs", part, "events.out.tfevents.1.host.v2")
            file.parent.mkdir(parents=True, exist_ok=True)
            event = tensor("epoch_loss", epoch, "scalars", float_val=[0.5], dtype=1)
            with file.open("ab") as events:
                events.write(framed([event.SerializeToString()]))
        print(f"Epoch {{epoch + 1}}/3", "4/4 - 0s - 1ms/step - loss: 0.25", sep=chr(10))
    traindeck.log({{"own": 0.5}}, 10)
"""


def test_what_a_script_writes_of_its_metrics_is_recorded_and_its_progress_is_not(host: Host, tmp_path: Path) -> None:
    run = host.ended(launch(host, tmp_path, WRITES))

    assert run.state is RunState.FINISHED, log_of(host, run)
    for name in ("loss", "val_loss"):
        steps = runs.history(host.context, run.id, name).step.tolist()
        assert steps == [0, 1, 2]  # the epochs, as TensorBoard has them
    assert runs.history(host.context, run.id, "own").value.tolist() == [0.5]
    assert runs.params(host.context, [run.id])[run.id]["found"] == "7"
    assert (run.tags, run.step) == (("told",), 10)


SPEAKS = """
    import json, os, urllib.request
    at, run = os.environ["MLFLOW_TRACKING_URI"], os.environ["MLFLOW_RUN_ID"]

    def ask(method, path, body=None, **headers):
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        request = urllib.request.Request(at + path, data, headers, method=method)
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    api = "/api/2.0/mlflow"
    assert ask("GET", "/version") == b"3.17.2"
    assert os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] == "true"  # no page is there
    experiment = json.loads(ask("GET", f"{api}/experiments/get-by-name?experiment_name=theirs"))["experiment"]
    info = json.loads(ask("GET", f"{api}/runs/get?run_id={run}&run_uuid={run}"))["run"]["info"]
    assert (experiment["name"], experiment["experiment_id"]) == ("theirs", info["experiment_id"])
    for epoch in range(3):
        print(f"Epoch {epoch + 1}/3", "4/4 - 0s - 1ms/step - loss: 9.0", sep=chr(10))
        metric = {"key": "loss", "value": 0.5 ** epoch, "timestamp": 1000, "step": epoch}
        params = [{"key": "opt", "value": "adam"}]
        ask("POST", f"{api}/runs/log-batch", {"run_id": run, "run_uuid": run, "metrics": [metric], "params": params})
    ask("POST", f"{api}/runs/log-parameter", {"run_id": run, "key": "opt", "value": "sgd"})  # what is known stays
    ask("POST", f"{api}/runs/set-tag", {"run_id": run, "key": "who", "value": "me"})
    files = "/api/2.0/mlflow-artifacts/artifacts/" + info["artifact_uri"].partition("/")[2]
    ask("PUT", f"{files}/notes/a.txt", b"kept")
    ask("PUT", f"{files}/b.txt", iter([b"in ", b"pieces"]))
    assert ask("GET", f"{files}/b.txt") == b"in pieces"
    ask("POST", f"{api}/runs/update", {"run_id": run, "status": "FAILED", "end_time": 2000})
    try:
        ask("GET", f"{api}/experiments/get-by-name?experiment_name=a", Host="elsewhere.example")
    except urllib.error.HTTPError as refused:
        assert refused.code == 404
    print("all said")
"""


def test_what_its_client_of_mlflow_says_lands_in_its_run(host: Host, tmp_path: Path) -> None:
    run = host.ended(launch(host, tmp_path, SPEAKS))

    assert (run.state, run.reason) == (RunState.FINISHED, ""), log_of(host, run)  # its process alone says how it ends
    loss = runs.history(host.context, run.id, "loss")
    assert (loss.step.tolist(), loss.value.tolist()) == ([0, 1, 2], [1.0, 0.5, 0.25])  # nothing of what it printed
    assert runs.params(host.context, [run.id])[run.id]["opt"] == "adam"
    assert "opt" not in run.config
    assert logged.keyed_tags(host.context, run.id)["who"] == "me"
    assert {"notes/a.txt", "b.txt"} <= {each.name for each in runs.artifacts(host.context, run.id)}
    own = host.ended(launch(host, tmp_path, SPEAKS, environment={"MLFLOW_TRACKING_URI": "http://elsewhere"}))
    assert own.reason.startswith("KeyError: 'MLFLOW_RUN_ID'")


CONFIGURED = """
    import json, sys, yaml
    print("got", json.dumps([yaml.safe_load(open("conf/train.yaml")), json.load(open("more.json"))]))
"""


def test_a_config_file_is_filled_in_and_stands_in_its_place(host: Host, tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    text = "# ours\nmodel: {units: [8, 4], name: a}\nrate: 1.0e-3\nlayers: [{a: 1}]\nnothing:\n"
    (tmp_path / "conf" / "train.yaml").write_text(text)
    (tmp_path / "more.json").write_text('{"k": 1}')
    values = {"model.units": [2], "rate": 0.5}
    with pytest.raises(ConfigError) as refused:
        launch(host, tmp_path, CONFIGURED, config_file="conf/train.yaml", config={"rate": "x", "rte": 1})
    assert [each.field for each in refused.value.problems] == ["config.rte", "config.rate"]
    assert "did you mean" in str(refused.value).lower()
    run = host.ended(launch(host, tmp_path, CONFIGURED, config_file="conf/train.yaml", config=values))
    told = '[{"model": {"units": [2], "name": "a"}, "rate": 0.5, "layers": [{"a": 1}], "nothing": null}, {"k": 1}]'
    assert f"got {told}" in log_of(host, run)
    assert runs.params(host.context, [run.id])[run.id]["config.model.name"] == "a"  # also what was left as it is
    assert not runs.artifacts(host.context, run.id)
    again = host.ended(launch(host, tmp_path, CONFIGURED, config_file="more.json"))
    assert '"name": "a"' in log_of(host, again)


def wheel(folder: Path, name: str, source: str) -> None:
    """A package that pip can install with no index."""
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as made:
        made.writestr(f"{name}.py", source)
        made.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        made.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        made.writestr(f"{name}-1.0.dist-info/RECORD", "")


def test_packages_of_a_requirements_file_are_installed_once_and_failure_is_told(host: Host, tmp_path: Path) -> None:
    wheel(tmp_path, "tinything", "VALUE = 42")
    (tmp_path / "requirements.txt").write_text("--no-index\n--find-links .\n-r more.txt\n")
    (tmp_path / "more.txt").write_text("tinything\n")
    source = "import sys, tinything\nprint('got', tinything.VALUE, sys.prefix)"
    first = host.ended(launch(host, tmp_path, source, requirements="requirements.txt"))
    assert first.state is RunState.FINISHED, log_of(host, first)
    log = log_of(host, first)
    assert "are installed" in log
    second = host.ended(launch(host, tmp_path, source, requirements="requirements.txt"))
    assert "are installed" not in log_of(host, second)
    place = next(line for line in log.splitlines() if "got 42" in line).split()[-1]
    assert f"got 42 {place}" in log_of(host, second)
    assert second.facts["interpreter"] == f"{place}/bin/python"

    (tmp_path / "more.txt").write_text("nothing-of-this-name\n")  # what is included counts, too
    failed = host.ended(launch(host, tmp_path, source, requirements="requirements.txt"))
    assert failed.state is RunState.FAILED
    assert failed.reason.startswith("The packages could not be installed: ")
    assert "nothing-of-this-name" in failed.reason
    assert "Looking in" not in failed.reason
    assert "nothing-of-this-name" in failed.reason


GOES_ON = """
    import os, sys, time, traindeck
    from pathlib import Path
    kept = Path("kept.txt")
    first = int(kept.read_text()) if os.environ.get("TRAINDECK_RESUME") else 0
    print("begins at", first, flush=True)
    run = traindeck.start()
    for step in range(first, 8):
        run.log({"value": first * 100 + step}, step)
        if step == 3:
            kept.write_text("3")
        if step == 5 and not first:
            run.finish()
            sys.exit("gave up")
"""


def test_a_script_that_says_so_goes_on_where_it_was_left(host: Host, tmp_path: Path) -> None:
    run_id = launch(host, tmp_path, GOES_ON)
    failed = host.ended(run_id)
    assert runs.can_resume(host.context, failed)
    runs.resume(host.context, run_id)
    run = host.ended(run_id)
    assert (run.state, run.attempt, run.step) == (RunState.FINISHED, 2, 7), log_of(host, run)
    value = runs.history(host.context, run_id, "value")
    assert value.step.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]  # what the second attempt repeated is there once
    assert value.value.tolist() == [0, 1, 2, 303, 304, 305, 306, 307]
    other = host.ended(launch(host, tmp_path, "raise SystemExit(1)"))
    assert not runs.can_resume(host.context, other)
    with pytest.raises(StateError, match="nor reads TRAINDECK_RESUME"):
        runs.resume(host.context, other.id)


RESTARTS = f"""
    import argparse, sys
    sys.path.insert(0, {str(PROJECT_ROOT)!r})
    from core.tracking.event_files.writing import framed
    from tests.event_writer import tensor
    parser = argparse.ArgumentParser()
    parser.add_argument("--resume", action="store_true")
    for number, (steps, value) in enumerate(((range(10), 0.5), (range(6, 12), 0.25))):
        events = [tensor("loss", step, "scalars", float_val=[value], dtype=1) for step in steps]
        name = f"events.out.tfevents.{{number}}.host.v2"
        with open(name, "wb") as file:
            file.write(framed([each.SerializeToString() for each in events]))
    print("resumed", parser.parse_args().resume)
"""


def test_where_event_files_overlap_the_later_value_stands(host: Host, tmp_path: Path) -> None:
    run = host.ended(launch(host, tmp_path, RESTARTS, arguments={"resume": True}))
    assert "resumed True" in log_of(host, run)
    loss = runs.history(host.context, run.id, "loss")
    assert (loss.step.tolist(), loss.value.tolist()) == ([*range(12)], [0.5] * 6 + [0.25] * 6)
    assert "loss goes on from step 6" in log_of(host, run)
