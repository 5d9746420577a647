"""Data sets as people have them: added as given, what was decided, a plain baseline, our network, figures recomputed.

python -m benchmarks.data_sets FOLDER [--only NAME …]

FOLDER holds tabular/, text_en/, text_zh/ and images/ as TRAINDECK_DATA_DIR does. Each set is added with no more than
its target said, trained by a preset of its kind, and beside it a baseline of scikit-learn on the same split: the most
frequent class or the mean, and logistic or ridge regression, or naive Bayes on words. The last column is the largest
difference between a figure of the report and the same by scikit-learn from the stored predictions.
"""

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, mean_absolute_error, r2_score, root_mean_squared_error
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.check import parse
from core.config.edit import with_values
from core.config.presets import get_preset
from core.data import library
from core.data.base import CATEGORIES, NUMBERS, Array, Dataset
from core.data.library import Manifest
from core.data.prepare import load
from core.evaluation.report import Report
from core.evaluation.report_files import read_predictions, read_report
from core.runs.records import RunState
from tests.host import Host


@dataclass(frozen=True)
class DataSet:
    """A file or folder below the given one, and what is said of it."""

    name: str
    kind: str
    path: str
    options: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)  # of the preset


SETS = (
    DataSet("titanic", "table", "tabular/titanic.csv", {"target": "Survived"}),
    DataSet("california-housing", "table", "tabular/california_housing.csv", {"target": "median_house_value"}),
    DataSet("sms-spam", "text", "text_en/sms_spam.tsv"),
    DataSet("waimai", "text", "text_zh/waimai_10k.csv", {}, {"data.tokens": "character"}),
    DataSet("hotel-reviews", "text", "text_zh/ChnSentiCorp_htl_all.csv", {}, {"data.tokens": "character"}),
    DataSet("flowers", "images", "images/flowers_1500.zip", {}, {"data.resize": [32, 32]}),
)
PRESETS = {"table": "iris-mlp", "text": "sentiment-lstm", "images": "cifar10-cnn"}


def main(
    folder: Path, only: Annotated[list[str] | None, typer.Option(help="Names; all when not said.")] = None
) -> None:
    chosen = [each for each in SETS if not only or each.name in only]
    print("| data set | training, validation, test | decided and said | baseline | ours | figures differ by |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as home:
        workspace = Workspace.open(Settings(home=Path(home)))
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
    options = _OPTIONS[each.kind](**each.options)
    manifest = library.add(settings, each.kind, each.name, folder / each.path, options)
    preset = get_preset(PRESETS[each.kind])
    raw = preset.raw | {"data": {"source": manifest.kind, "dataset": each.name}}
    raw = with_values(raw, {"training.epochs": 10, **each.changes})
    run = host.ended(host.launch_config(raw), 3600)
    if run.state is not RunState.FINISHED:
        return f"| {each.name} | | {run.state}: {run.reason} | | | |"
    data = load(parse(raw, settings).data, settings, 0)
    sizes = f"{len(data.y_train):,}, {len(data.y_val):,}, {len(data.y_test):,}"
    report = read_report(settings, run.id)
    baseline, ours, apart = _judged(data, report, read_predictions(settings, run.id))
    return f"| {each.name} | {sizes} | {_decided(manifest)} | {baseline} | {ours} | {apart:.1e} |"


_OPTIONS: dict[str, type[library.Options]] = {
    "table": library.TableOptions,
    "text": library.TextOptions,
    "images": library.ImageOptions,
}


def _decided(manifest: Manifest) -> str:
    info = manifest.info
    kinds = Counter(feature.kind for feature in info.features)
    told = [f"{info.task}{f', {info.classes} classes' if info.classes else ''}"]
    told += [f"{count} as {kind}" for kind, count in kinds.items()]
    return "; ".join([*told, *manifest.warnings]).replace("|", "\\|")


def _judged(data: Dataset, report: Report, predicted: Any) -> tuple[str, str, float]:
    """Scores of the baselines and of the network, and how far the report is from what scikit-learn says."""
    label, guess = predicted["label"], predicted["predicted"]
    if (numbers := report.regression) is not None:
        again = (mean_absolute_error(label, guess), root_mean_squared_error(label, guess), r2_score(label, guess))
        told = (numbers.mae, numbers.rmse, numbers.r2 or 0.0)
        apart = max(abs(one - other) / max(1.0, abs(other)) for one, other in zip(told, again, strict=True))
        baselines = _baselines(data, DummyRegressor(), Ridge())
        scores = [f"{mean_absolute_error(data.y_test, each):,.4g}" for each in baselines]
        return f"mean {scores[0]}, ridge {scores[1]}", f"mean absolute error {numbers.mae:,.4g}", apart
    assert report.classification is not None
    apart = abs(report.classification.accuracy - accuracy_score(label, guess))
    simple = MultinomialNB() if data.texts_train is not None else LogisticRegression(max_iter=1000)
    scores = [f"{accuracy_score(data.y_test, each):.3f}" for each in _baselines(data, DummyClassifier(), simple)]
    return f"majority {scores[0]}, linear {scores[1]}", f"accuracy {report.classification.accuracy:.3f}", apart


def _baselines(data: Dataset, *models: Any) -> list[Array]:
    """What they say of the test set."""
    train, test = _inputs(data)
    return [model.fit(train, data.y_train).predict(test) for model in models]


def _inputs(data: Dataset) -> tuple[Any, Any]:
    """Of linear models: [examples, columns], training and test part."""
    if data.texts_train is not None and data.texts_test is not None:
        signs = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), min_df=2)
        return signs.fit_transform(data.texts_train), signs.transform(data.texts_test)
    if not isinstance(data.x_train, dict):
        assert not isinstance(data.x_test, dict)
        return data.x_train.reshape(len(data.x_train), -1) / 255.0, data.x_test.reshape(len(data.x_test), -1) / 255.0
    assert isinstance(data.x_test, dict)
    parts, width = [], 0
    steps = {
        NUMBERS: make_pipeline(SimpleImputer(), StandardScaler()),
        CATEGORIES: OneHotEncoder(handle_unknown="ignore"),
    }
    for kind in data.x_train:
        columns = list(range(width, width + data.x_train[kind].shape[1]))
        parts.append((kind, steps[kind], columns))
        width += len(columns)
    model = ColumnTransformer(parts)
    train, test = (
        np.concatenate([part.astype(object) for part in x.values()], axis=1) for x in (data.x_train, data.x_test)
    )
    return model.fit_transform(train), model.transform(test)


if __name__ == "__main__":
    typer.run(main)
