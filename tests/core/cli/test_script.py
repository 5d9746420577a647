"""`script`: what the Script page has, from the shell."""

import shutil
import zipfile
from pathlib import Path

from core import runs
from core.common.context import Context
from db.records import RunRecord
from tests.core.cli.conftest import Core, answer
from tests.core.scripts.test_parameters import SAMPLES


def test_a_script_of_a_zip_waits_for_the_slots_that_were_asked_for(
    core: Core, context: Context, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "walk.zip", "w") as archive:
        for each in (SAMPLES / "dataclass_config").glob("*.py"):
            archive.write(each, f"walk/{each.name}")
    asked = ["--device", "gpu", "--gpus", "2", "--stop-seconds", "3", "--hours", "1"]
    done = core("script", str(tmp_path / "walk.zip"), "--set", "rate=0.5", *asked, "--json")
    assert done.returncode == 0, done.stderr
    run = runs.get(context, answer(done)["id"])
    assert run.config["resources"] == {"device": "gpu", "gpus": 2, "slot": ""}
    assert run.config["limits"] == {"stop_seconds": 3.0, "memory_gb": None, "hours": 1.0}
    assert run.facts["code"]["zip"] == "walk.zip"
    assert core("script", str(tmp_path / "walk.zip"), "--device", "tpu").returncode != 0


def test_a_run_is_copied_as_it_was_or_as_its_folder_is_now(core: Core, context: Context, tmp_path: Path) -> None:
    folder = tmp_path / "walk"
    shutil.copytree(SAMPLES / "dataclass_config", folder)
    first = ["--set", "rate=0.5", "--env", "A=1", "--slot", "cpu:0", "--experiment", "walks", "--tag", "long"]
    number = answer(core("script", str(folder), *first, "--stop-seconds", "7", "--json", "--", "--fail_at", "3"))["id"]
    original = runs.get(context, number)
    (folder / "added.py").write_text("new = True\n")

    def copied(*more: str) -> RunRecord:
        done = core("script", f"run:{number}", *more, "--json")
        assert done.returncode == 0, done.stderr
        return runs.get(context, answer(done)["id"])

    same = copied("--set", "rate=0.25", "--env", "B=2")
    assert (same.experiment, same.tags, same.parent_id) == ("walks", ("long",), number)
    assert same.config["arguments"] == original.config["arguments"] | {"rate": 0.25}
    assert (same.config["environment"], same.config["extra"]) == ({"A": "1", "B": "2"}, ["--fail_at", "3"])
    assert same.config["resources"]["slot"] == "cpu:0"
    assert same.config["limits"]["stop_seconds"] == 7
    assert same.facts["code"] == original.facts["code"], "its code as it was"
    assert copied("--code-now").facts["code"]["files"] == original.facts["code"]["files"] + 1
    shutil.rmtree(folder)
    assert copied().facts["code"] == original.facts["code"]
    gone = core("script", f"run:{number}", "--code-now")
    assert (gone.returncode != 0, str(folder) in gone.stderr) == (True, True)


def test_a_folder_is_run_as_python_runs_it_and_takes_lists_and_mappings_as_people_write_them(
    core: Core, context: Context, tmp_path: Path
) -> None:
    source = """
import argparse, json
if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, nargs="+", default=[8])
    parser.add_argument("--weights", type=json.loads, default=None)
    parser.parse_args()
"""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__main__.py").write_text(source)
    done = core("script", str(tmp_path / "app"), "--set", "units=1,2,3", "--set", "weights={cat: 2.5}", "--json")
    assert done.returncode == 0, done.stderr
    run = runs.get(context, answer(done)["id"])
    assert run.config["entry"] == "__main__.py"
    assert run.config["arguments"] == {"units": [1, 2, 3], "weights": {"cat": 2.5}}
    wrong = core("script", str(tmp_path / "app"), "--set", "units={a: 1}", "--set", "weights=3")
    assert "units: must be a list, such as [1, 2]; received" in wrong.stderr
    assert 'weights: must be JSON, such as {"a": 1}; received 3' in wrong.stderr
