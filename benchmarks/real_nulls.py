"""Results of fifty seeds of one config, which `benchmarks.verdicts` divides at random, so that any winner is wrong.

TRAINDECK_DATA_DIR=../shared/data python -m benchmarks.real_nulls --to FILE.json [--seeds 50]

`digits-mlp` and `iris-mlp` as shipped, and a network on the Titanic's passengers; each trained on this machine by the
standby, as from the Launch page, and judged on its test set.
"""

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks.claims_data import data_folder
from core import runs
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.edit import Raw
from core.config.presets import PRESETS
from core.data import library
from core.runs.starting import for_dataset
from tests.host import Host, wait_until

_LONGEST = 1_800.0  # seconds of all trainings of a config
METRICS = ("test_accuracy", "test_loss", "val_loss")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=50)
    asked = parser.parse_args()
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Settings(home=Path(folder)))
        host = Host(workspace)
        host.start()
        try:
            for name, raw in _configs(workspace.settings).items():
                found |= _results(host, name, raw, asked.seeds)
                asked.to.write_text(json.dumps(found))
        finally:
            host.end()


def _configs(settings: Settings) -> dict[str, Raw]:
    found = {name: PRESETS[name].raw for name in ("digits-mlp", "iris-mlp")}
    folder = data_folder()
    if folder is not None:
        options = library.TableOptions(target="Survived")
        library.add_table(settings, "titanic", folder / "tabular" / "titanic.csv", options)
        found["titanic"] = for_dataset(settings, "titanic")
    return found


def _results(host: Host, name: str, raw: Raw, seeds: int) -> dict[str, list[float]]:
    made = runs.create(host.context, runs.Draft(raw, name=name), seeds)
    wait_until(lambda: all(run.state.is_finished for run in runs.get_many(host.context, made)), name, _LONGEST)
    known = runs.summaries(host.context, made, METRICS)
    return {
        f"{name} {metric}": [known[run][metric].best for run in made]
        for metric in METRICS
        if all(metric in known[run] for run in made)
    }


if __name__ == "__main__":
    main()
