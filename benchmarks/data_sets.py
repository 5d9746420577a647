"""Data sets as people have them: added as given, what was decided, a plain baseline, our network, figures recomputed.

python -m benchmarks.data_sets FOLDER [--only NAME …]

FOLDER is what tests and benchmarks know as TRAINDECK_DATA_DIR. Each set is added with no more than its target or field
said, trained by a preset of its kind, and beside it a baseline of scikit-learn on the same split: the most frequent
class or the mean, and logistic or ridge regression, or naive Bayes on words; of running texts, how often tokens and
pairs of them are met. The last column is the largest difference between a figure of the report and the same by
scikit-learn from the stored predictions.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.data_baselines import judged
from core.common.errors import DataError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.check import parse
from core.config.edit import with_values
from core.config.presets import get_preset
from core.data import library
from core.data.base import DataInfo
from core.data.library import known
from core.data.prepare import load
from core.evaluation.report_files import read_predictions, read_report
from core.runs.records import RunState
from tests.host import Host


@dataclass(frozen=True)
class DataSet:
    """What lies below the given folder, and what is said of it."""

    name: str
    kind: str  # as of `datasets add`; "source" for what is found by its folder's name
    path: str  # for files of a folder that belong together a pattern
    options: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)  # of the preset


_CHARACTERS = {"data.tokens": "character"}
_SOME = {"data.limit": 5000}  # training examples, for time
_SHORT = {"data.length": 64, "training.epochs": 3, "data.limit": 3000, "data.vocabulary": 2000}
SETS = (
    DataSet("titanic", "table", "tabular/titanic.csv", {"target": "Survived"}),
    DataSet("california-housing", "table", "tabular/california_housing.csv", {"target": "median_house_value"}),
    DataSet("rotten-tomatoes", "text", "text_en/rt-polarity.*"),
    DataSet("sms-spam", "text", "text_en/sms_spam.tsv"),
    DataSet("waimai", "text", "text_zh/waimai_10k.csv", {}, _CHARACTERS),
    DataSet("hotel-reviews", "text", "text_zh/ChnSentiCorp_htl_all.csv", {}, _CHARACTERS),
    DataSet("tiny-shakespeare", "corpus", "corpora/tinyshakespeare.txt", {}, _SHORT),
    DataSet("tang-300", "corpus", "corpora/tang300.json", {"field": "paragraphs"}, {**_SHORT, "training.epochs": 20}),
    DataSet("tang-poems", "corpus", "corpora/tang_poems_20k.tsv", {"field": "text"}, _SHORT),
    DataSet("flowers", "images", "images/flowers_1500.zip", {}, {"data.resize": [32, 32]}),
    DataSet("mnist-file", "arrays", "mnist/mnist.npz", {}, _SOME),
    DataSet("mnist", "source", "mnist", {}, _SOME),
    DataSet("fashion_mnist", "source", "fashion_mnist", {}, _SOME),
    DataSet("cifar10", "source", "cifar10", {}, _SOME),
)
_LONG = {"training.epochs": 60}  # a few dozen rows
SMALL = (  # of another folder, each understood wrongly once
    DataSet("zip", "table", "zip.csv", {"target": "y", "columns": {"zip": "category"}}, _LONG),
    DataSet("zerostt", "table", "zeros_traintest.zip", {"target": "kind", "columns": {"code": "category"}}, _LONG),
    DataSet("nonecls", "table", "none_class.csv", {"target": "disorder"}, _LONG),
    DataSet("numhdr", "table", "numeric_header.csv", {"target": "target"}, _LONG),
    DataSet("adultlike", "table", "no_header.csv", {"target": "column 7"}, _LONG),
    DataSet("deccomma", "table", "decimal_comma.csv", {"target": "sorte"}, _LONG),
    DataSet("big", "table", "large_target.csv", {"target": "y"}, _LONG),
    DataSet("parts", "table", "three_parts", {"target": "kind"}, _LONG),
    DataSet("text-parts", "text", "text_parts", {}, _LONG),
    DataSet("hindi", "text", "hindi.csv", {}, _LONG),
    DataSet("load", "table", "date_series.csv", {"target": "load", "time": "date"}, _LONG),
    DataSet("poems", "corpus", "poems.json", {"field": "paragraphs"}, {"data.length": 4, "training.epochs": 3}),
    DataSet("leak", "table", "leak.csv", {"target": "y"}, _LONG),
    DataSet("img16", "images", "img16", {}, {"architecture": {"name": "mlp", "hidden": [16]}, **_LONG}),
)
PRESETS = {"table": "iris-mlp", "text": "sentiment-lstm", "corpus": "text-generator"}
_EPOCHS = {"text": 4}


def main(
    folder: Path, only: Annotated[list[str] | None, typer.Option(help="Names; all when not said.")] = None
) -> None:
    there = [each for each in (*SETS, *SMALL) if any(folder.glob(each.path))]
    chosen = [each for each in there if not only or each.name in only]
    print("| data set | accepted as | training, validation, test | decided and said | baseline | ours | differ by |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as home:
        workspace = Workspace.open(Settings(home=Path(home), data_dir=folder.absolute()))
        host = Host(workspace)
        host.ensure()
        try:
            for each in chosen:
                print(_row(host, each, folder), flush=True)
        finally:
            host.close()
            workspace.close()


def _row(host: Host, each: DataSet, folder: Path) -> str:
    settings = host.workspace.settings
    try:
        data, said = _accepted(settings, each, folder)
    except DataError as error:
        return f"| {each.name} | {each.path} | | refused: {error} | | | |"
    preset = get_preset(PRESETS.get(each.kind, "cifar10-cnn"))
    epochs = _EPOCHS.get(each.kind, 10)
    run = host.ended(
        host.launch_config(with_values(preset.raw | {"data": data}, {"training.epochs": epochs, **each.changes})), 3600
    )
    if run.state is not RunState.FINISHED:
        return f"| {each.name} | {each.path} | | {said}; {run.state}: {run.reason} | | | |"
    found = load(parse(run.config, settings).data, settings, 0)
    sizes = f"{len(found.y_train):,}, {len(found.y_val):,}, {len(found.y_test):,}"
    baseline, ours, apart = judged(found, read_report(settings, run.id), read_predictions(settings, run.id))
    shown = " ".join([each.path, *(f"--{option} {value}" for option, value in each.options.items())])
    return f"| {each.name} | {each.kind}, {shown} | {sizes} | {said} | {baseline} | {ours} | {apart:.1e} |"


def _accepted(settings: Settings, each: DataSet, folder: Path) -> tuple[dict[str, str], str]:
    """The data section of a config, and what was decided and said. Raises DataError."""
    if each.kind == "source":
        return {"source": each.name}, _decided(known.find(settings, each.name).info, ())
    with tempfile.TemporaryDirectory() as own:
        path = folder / each.path
        if "*" in path.name:
            for file in path.parent.glob(path.name):
                shutil.copy(file, own)
            path = Path(own)
        options = _OPTIONS[each.kind](**each.options)
        manifest = library.add(settings, each.kind, each.name, path, options)
    return {"source": manifest.kind, "dataset": manifest.name}, _decided(manifest.info, manifest.warnings)


_OPTIONS: dict[str, type[library.Options]] = {
    "table": library.TableOptions,
    "text": library.TextOptions,
    "corpus": library.CorpusOptions,
    "images": library.ImageOptions,
    "arrays": library.ArrayOptions,
}


def _decided(info: DataInfo, warnings: Sequence[str]) -> str:
    kinds = Counter(feature.kind for feature in info.features)
    told = [f"{info.task}{f', {info.classes} classes' if info.classes else ''}"]
    told += [f"{count} as {kind}" for kind, count in kinds.items()]
    return "; ".join([*told, *warnings]).replace("|", "\\|")


if __name__ == "__main__":
    typer.run(main)
