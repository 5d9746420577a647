"""What the standby answers about a config."""

from pathlib import Path
from typing import Any

import pytest

from core.common.settings import Settings
from core.data import library
from core.jobs.inspection import Inspection
from tests.core.warm import Warm


@pytest.fixture
def inspect(warm: Warm, settings: Settings) -> Any:
    def ask(**raw: Any) -> Inspection:
        return Inspection.model_validate(warm.call("tests.core.inside:answer", settings.environment(), raw))

    return ask


def test_layers_sizes_classes_and_examples_are_told(inspect: Any) -> None:
    found = inspect(data={"source": "digits"}, architecture={"name": "cnn", "filters": [4], "hidden": []})
    assert [(layer.kind, layer.output_shape, layer.params) for layer in found.layers] == [
        ("InputLayer", (8, 8, 1), 0),
        ("Rescaling", (8, 8, 1), 0),
        ("Conv2D", (8, 8, 4), 40),
        ("Activation", (8, 8, 4), 0),
        ("MaxPooling2D", (4, 4, 4), 0),
        ("Flatten", (64,), 0),
        ("Dense", (10,), 650),
        ("Activation", (10,), 0),
    ]
    assert found.layers[2].inputs == ("scale",)
    assert found.layers[2].detail == "4, 3 x 3, same"
    assert (found.train_examples, found.validation_examples, found.test_examples) == (1150, 287, 360)
    assert sum(found.class_counts.values()) == 1150
    assert [example.label for example in found.examples] == [*"0123456789", "0", "1"]
    assert found.examples[0].picture
    assert found.problems == ()


def test_rows_are_shown_as_values(inspect: Any) -> None:
    found = inspect(data={"source": "iris"}, architecture={"name": "mlp"})
    assert len(found.examples[0].values) == 4
    assert found.params == sum(layer.params for layer in found.layers)


def test_shapes_that_do_not_fit_are_told_in_one_sentence_with_the_layer(inspect: Any) -> None:
    layers = [
        {"Conv2D": {"filters": 4, "kernel_size": 9}},
        "Flatten",
        {"Dense": {"units": 10, "activation": "softmax"}},
    ]
    found = inspect(data={"source": "digits"}, architecture={"name": "layers", "layers": layers})
    [(field, message)] = found.problems
    assert field == "architecture.layers"
    assert message == (
        "layer 1 (Conv2D) does not fit: it receives 8 x 8 x 1 and Keras says: Computed output size would be zero or "
        "negative"
    )
    assert found.train_examples == 1150  # the data are told all the same


def test_problems_of_data_and_network_are_told_together(inspect: Any) -> None:
    found = inspect(data={"source": "mnist"}, architecture={"name": "mlp", "hidden": [100_000, 100_000, 100_000]})
    fields = [field for field, _ in found.problems]
    assert fields == ["architecture", "data.source"]
    assert "20,079,700,010 parameters" in found.problems[0][1]


def test_a_config_that_cannot_be_read_is_answered_with_its_problems(inspect: Any) -> None:
    found = inspect(data={"source": "nowhere"}, architecture={"name": "mlp"})
    assert found.problems[0][0] == "data.source"


def test_the_precision_auto_is_that_of_the_device(inspect: Any) -> None:
    found = inspect(data={"source": "digits"}, architecture={"name": "mlp"}, training={"precision": "auto"})
    assert found.problems == ()
    assert found.layers[-1].output_shape == (10,)


@pytest.mark.parametrize("name", ["mlp", "cnn", "resnet"])
def test_half_precision_ends_in_float32_probabilities(inspect: Any, name: str) -> None:
    architecture = {"name": name, "dropout": 0.5, "l2": 0.01, "batch_norm": True}
    found = inspect(data={"source": "digits"}, architecture=architecture, training={"precision": "mixed_float16"})
    assert found.problems == ()
    assert found.layers[-1].output_shape == (10,)


def test_augmented_pictures_stand_beside_their_originals(inspect: Any) -> None:
    data = {"source": "digits", "resize": [16], "augmentation": {"flip": "both", "crop": 2, "contrast": 0.9}}
    found = inspect(data=data, architecture={"name": "mlp"})
    assert found.shape == (16, 16, 1)
    assert [len(example.altered) for example in found.examples] == [4] * 4 + [0] * 8
    first = found.examples[0]
    assert len({first.picture, *first.altered}) > 2


def test_tables_show_their_features_and_what_is_missing(inspect: Any, settings: Settings, tmp_path: Path) -> None:
    rows = [f"{n if n % 3 else ''},{'ab'[n % 2] if n % 5 else ''},{n * 1.5}" for n in range(1, 60)]
    (tmp_path / "t.csv").write_text("\n".join(["size,kind,price", *rows]))
    library.add_table(settings, "prices", tmp_path / "t.csv", library.TableOptions(target="price"))
    found = inspect(data={"source": "table", "dataset": "prices"}, architecture={"name": "mlp"})
    assert (found.problems, found.columns, found.target) == ((), ("size", "kind"), "price")
    assert [layer.detail for layer in found.layers if layer.kind == "StringLookup"] == ["kind"]
    assert found.targets is not None
    assert sum(found.targets.counts) == found.train_examples
    assert found.class_counts == {}
    cells = [cell for example in found.examples for cell in example.values]
    assert None in cells
    assert "a" in cells
    labels = [float(example.label) for example in found.examples]
    assert labels == sorted(labels)


def test_texts_show_what_the_network_does_not_see(inspect: Any, settings: Settings, tmp_path: Path) -> None:
    lines = [
        f"{'good' if n % 2 else 'bad'}\tIt was word{n} and then a {'Fine' if n % 2 else 'dull'} end" for n in range(60)
    ]
    (tmp_path / "t.tsv").write_text("\n".join(["label\ttext", *lines]))
    library.add_text(settings, "reviews", tmp_path / "t.tsv", library.TextOptions(text="text", label="label"))
    data = {"source": "text", "dataset": "reviews", "length": 3, "vocabulary": 8}
    found = inspect(data=data, architecture={"name": "recurrent", "units": [4]})
    assert found.problems == ()
    good = next(example for example in found.examples if example.label == "good")
    assert good.text == "a Fine end"
    assert good.cut.startswith("It was word")
    assert found.tokens is not None
    assert (found.tokens.vocabulary, found.tokens.length, found.tokens.full) == (8, 3, 1.0)
    assert 0 < found.tokens.unknown < 1


def test_a_running_text_shows_windows_and_what_follows(inspect: Any, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text("to be or not to be " * 80)
    library.add_corpus(settings, "play", tmp_path / "c.txt")
    data = {"source": "corpus", "dataset": "play", "length": 8}
    found = inspect(data=data, architecture={"name": "recurrent_generator", "units": [4]})
    assert found.problems == ()
    assert (found.examples[0].text, found.examples[0].label) == ("to be or", " ")
