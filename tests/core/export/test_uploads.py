"""Files of networks become versions, measured where their inputs are known; what carries code is refused."""

import json
import os
import re
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import db.jobs
from core import models
from core.common.context import Context
from core.export.file_checks import FileError, check
from core.inference.model import Model
from core.jobs.export import Exported
from core.jobs.export import request as export_request
from core.jobs.new_version import KIND, Asked, Made, ahead, can_ask_again
from core.models import exports, making, origin
from core.serving.chosen_export import folder_there, wanted
from db.records import JobClaim, RunRecord
from tests.core.conftest import Queue
from tests.core.training.test_joined_networks import SHORT, made
from tests.core.warm import Warm

Train = Callable[[int], RunRecord]


@pytest.fixture(scope="module")
def files(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("networks")
    return {name: Path(path) for name, path in warm.call("tests.core.export.inside_uploads:files", str(folder)).items()}


def given(warm: Warm, context: Context, path: Path, name: str, like: str = "", **how: Any) -> Made:
    return made(warm, context, making.upload_request(context, path, path.name, name, like, **how))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("lambda", r"lambda\.keras carries code: a layer Lambda\. .* or export the network as ONNX"),
        ("custom", "carries code: the object '.*Own', which is not of Keras"),
        ("function", "carries code: a function of Python's"),
        ("door", "carries code: the function 'load_data'"),
        ("hdf5", r"is an HDF5 file, as Keras 2 wrote them, under the ending \.keras"),
        ("cut", r"is damaged, or no \.keras file"),
        (
            "bomb",
            r"model\.weights\.h5 in bomb\.keras unpacks from [\d,]+ to 209,715,200 bytes, as no weights do",
        ),
        (
            "gigabytes",
            r"config\.json in gigabytes\.keras unpacks from [\d,]+ to 4,294,967,296 bytes, .* 200 times their",
        ),
        ("declared", r"declared\.keras unpacks to 12,884,901,\d+ bytes from 6 entries; at most 8,589,934,592 bytes"),
        ("liar", r"liar\.keras is damaged, or no \.keras file"),
        ("weights", r"has no config\.json in it, so it is no network of Keras 3"),
        ("external", r"The weights of external\.onnx are not in it but in '\.\./\.\./etc/passwd'"),
        ("operator", r"uses the operator 'Mine' of 'own\.ops', which needs code"),
        ("no_onnx", "is damaged, or no ONNX file"),
        ("flex", r"uses operators of TensorFlow \(.*Det.*\), which LiteRT alone does not have"),
        ("no_tflite", "is damaged"),
    ],
)
def test_what_carries_code_or_is_damaged_is_refused_with_a_reason(files: dict[str, Path], name: str, why: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FileError, match=why):
        check(files[name], files[name].name)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**20, "kilobytes: nothing was unpacked whole"


def test_files_prepared_like_a_run_are_judged_exported_and_asked_as_any_version(
    context: Context, queue: Queue, train: Train, warm: Warm, files: dict[str, Path]
) -> None:
    run = train(queue(training=SHORT))
    settings = context.workspace.settings
    references = []
    for name in ("good", "good_onnx", "good_tflite"):
        done = given(warm, context, files[name], "flowers", str(run.id), note=name)
        assert done.problem == ""
        references.append(done.reference)
    versions = [models.find(context, each) for each in references]
    values = [each.metrics["test_accuracy"] for each in versions]
    assert values == [values[0]] * 3
    known = origin.uploaded(versions[1])
    assert (known["file"], known["by"], known["like"], len(known["sha256"])) == (
        "good.onnx",
        "ada",
        f"run {run.id}",
        64,
    )
    assert "Nothing was measured" not in versions[1].card
    assert "whether it learned from these test examples is not known" in versions[1].card
    assert [wanted(each) for each in versions] == ["onnx", "onnx", "litert"]
    models.set_gate(context, "flowers", "champion", models.Gate(not_worse=True))
    models.point(context, versions[0], "champion")
    models.point(context, versions[1], "champion")  # McNemar has the predictions of both
    assert not list((settings.cache_dir / "uploaded_networks").glob("*"))

    asked = [
        export_request(context, version, form).model_dump(mode="json")
        for version, form in zip([*versions, versions[1]], ("onnx", "onnx", "litert", "litert"), strict=True)
    ]
    *done_exports, refused = warm.call("tests.core.export.inside:export", settings.environment(), asked)
    assert "is ONNX and no other format can be made of. Export it as ONNX" in refused["problem"]
    for version, raw in zip(versions, done_exports, strict=True):
        exported = Exported.model_validate(raw)
        assert exported.problem == ""
        found = exports.Measured.model_validate(exported.measured)
        assert found.of == "test"
        assert found.value == pytest.approx(values[0])
        folder = folder_there(context, version)
        assert folder is not None
        instances = json.loads((folder / "example.json").read_text())
        answers = Model(folder).predict(instances)
        assert {each["prediction"] for each in answers} <= {"setosa", "versicolor", "virginica"}
    for name, why in (
        ("five", r"five\.keras takes .*\[5\].*; inputs prepared like those of flowers@1 are \[4\]"),
        ("logits", r"which are no probabilities\. If they are logits, say so \(--logits"),
    ):
        refused = given(warm, context, files[name], "flowers", "flowers@1")
        assert refused.problem
        assert re.search(why, refused.problem), refused.problem


def test_numbers_as_they_are_are_served_and_nothing_is_said_of_them(
    context: Context, warm: Warm, files: dict[str, Path]
) -> None:
    done = given(warm, context, files["raw"], "plain")
    assert done.problem == ""
    version = models.find(context, "plain")
    assert version.metrics == {}
    assert "Nothing was measured: it takes numbers as they are." in version.card
    asked = export_request(context, version, "onnx").model_dump(mode="json")
    [raw] = warm.call("tests.core.export.inside:export", context.workspace.settings.environment(), [asked])
    assert raw["problem"] == ""
    answers = Model(raw["folder"]).predict([[[1, 2, 3], [4, 5, 6]]])
    assert len(answers[0]["prediction"]) == 2
    refused = given(warm, context, files["lambda"], "plain")
    assert "carries code" in refused.problem
    assert len(models.get(context, "plain").versions) == 1
    told = warm.call("tests.core.export.inside:export_of_a_deleted", context.workspace.settings.environment(), asked)
    assert told == "plain@1 was deleted in the meantime, so it is not exported."


def test_a_network_that_does_not_answer_for_each_example_or_is_larger_than_its_file_is_refused(
    warm: Warm, tmp_path: Path
) -> None:
    found = warm.call("tests.core.export.inside_odd_uploads:told", str(tmp_path))
    expected = {
        "mean": r"gives float32 of shape \[1, 3\] for 8 examples; accepted are numbers, and as many answers as",
        "axis": r"answers otherwise about the same example, by .* its answer depends on the others in a batch",
        "nan": r"gives what is no finite number for 8 of 8 made examples",
        "named": r"gives its outputs by name \(x\); accepted is one tensor of numbers",
        "fixed": r"takes 7 examples at a time; accepted is any number of them",
        "huge": r"The config of .* tells of 5,000,000,000 weights, and 15 are in the file, so it was not built",
        "words": r"gives tensor\(string\); accepted is a tensor of numbers",
        "path": r"\(ValueError: Requested the loading of a vocabulary file outside of the model archive\)",
    }
    expected |= {
        "wide": r"takes 2,000,000,000 numbers for an example, of shape \[2000000000\]; 1 to 16,777,216 are taken",
        "none": r"takes 0 numbers for an example, of shape \[0\]; 1 to",
        "cell": r"cell\.onnx cannot be asked: indices element out of data bounds, idx=70",
        "filled": r"filled\.onnx cannot be asked: it needs more memory than there is for it on this host",
        "later": r"later\.onnx cannot be loaded by ONNX Runtime: Unsupported model IR version: 99, max supported",
    }
    for name, why in expected.items():
        assert re.search(why, found[name]), found[name]
        assert "::" not in found[name]
        assert str(tmp_path) not in found[name]
        assert "\n" not in found[name]
    assert found["listed"] == found["lite"] == [3]
    assert found["mixed"] == {"numbers": [[2], "float32"], "categories": [[4], "string"]}
    assert found["bytes"] == [0, 255]


def test_a_network_that_does_not_come_to_an_end_is_given_up_and_its_file_is_not_asked_again(
    context: Context, warm: Warm, tmp_path: Path
) -> None:
    child = warm.start("tests.core.export.inside_odd_uploads:endless", str(tmp_path))
    assert child.wait() == -signal.SIGXCPU
    done = KIND.failed(KIND.failure(child.wait(), late=False, log=""))
    assert "did not answer a few made examples within 120 s" in done.problem
    request = making.upload_request(context, tmp_path / "loop.onnx", "loop.onnx", "plain")
    key, other = making.ask(context, request), making.ask(context, request)
    with context.workspace.write() as session:
        claim = JobClaim(key, "a supervisor", 1.0)
        assert db.jobs.claim(session, claim)
        assert db.jobs.tell(session, claim, {"text": "asking it about made examples", "share": 0.2})
    assert (ahead(context, other), ahead(context, key)) == ("loop.onnx", "")
    settings = context.workspace.settings
    assert not can_ask_again(settings, Asked(key, request, made=done))
    assert can_ask_again(settings, Asked(key, request, made=done.model_copy(update={"passing": True})))


def test_what_is_no_file_of_a_network_or_too_large_is_refused_before_it_is_kept(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, large = tmp_path / "weights.h5", tmp_path / "large.onnx"
    other.write_bytes(b"x")
    with pytest.raises(models.ModelError, match=r"weights\.h5 is no file of a network that is taken; accepted are"):
        making.upload_request(context, other, other.name, "digits")
    with pytest.raises(models.ModelError, match=r"There is no file .*gone\.keras"):
        making.upload_request(context, tmp_path / "gone.keras", "gone.keras", "digits")
    large.touch()
    os.truncate(large, context.workspace.settings.max_upload_mb * 1024**2 + 1)
    with pytest.raises(models.ModelError, match=r"at most 2,048 are taken\. Make it smaller"):
        making.upload_request(context, large, large.name, "digits")
    assert not list((context.workspace.settings.cache_dir / "uploaded_networks").glob("*"))


def test_a_network_of_other_pixels_and_of_logits_is_completed_and_its_range_is_hinted(
    warm: Warm, tmp_path: Path
) -> None:
    found = warm.call("tests.core.export.inside_ranges:asked", {}, str(tmp_path))
    assert found["apart"] == pytest.approx({"keras": 0.0, "onnx": 0.0}, abs=1e-5)
    told = found["told"]
    assert told["keras 1"] == told["onnx 1"] == ""
    for form in ("keras", "onnx"):
        assert "It seems to have learned from pixels 0..1: asked in 0..255 its loss" in told[f"{form} 255"]


def test_a_range_or_logits_are_of_a_task_and_a_range_has_two_ends(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "mine.onnx"
    path.write_bytes(b"x")
    with pytest.raises(models.ModelError, match="say whose inputs it takes"):
        making.upload_request(context, path, path.name, "digits", logits=True)
    assert making.pixel_range("-1..1") == (-1.0, 1.0)
    for text in ("1", "1..0", "a..b", "0..inf"):
        with pytest.raises(models.ModelError, match=r"LOW\.\.HIGH, such as 0\.\.1"):
            making.pixel_range(text)
