"""The folder of an export: network, manifest, vocabulary, the code that asks it, and how to run that."""

import ast
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core.common.settings import PROJECT_ROOT
from core.inference.description import EXAMPLES, MANIFEST, VOCABULARY
from core.inference.export_formats import Format
from core.inference.inputs import READERS
from core.models.version_manifest import Manifest

RUNTIME = "traindeck_runtime"  # name of the package within
_ASKED = ("core.inference.model",)  # what a bundle's code begins with
SERVED = (*_ASKED, "core.serving.questions")  # the same of one that brings a server
_OURS = re.compile(r"\bcore\.(?=(?:common|data|inference|serving)\b)")
_EXAMPLE = f'''"""Ask the network about one example: python example.py"""

import json
from pathlib import Path

from {RUNTIME} import Model

folder = Path(__file__).parent
model = Model(folder)
instances = json.loads((folder / "{EXAMPLES}").read_text(encoding="utf-8"))  # a list; yours in its place
for answer in model.predict(instances):
    print(json.dumps(answer, indent=2, ensure_ascii=False))
'''
_INSTANCES = {
    "image": 'a picture\'s file as bytes, a `Path`, `{"b64": …}`, or its pixels 0 to 255',
    "text": "a text",
    "table": "a row, `{feature: value}`; what is left out is missing",
    "rows": "a row, `{feature: value}` or its values in order",
    "series": "a window of numbers, [steps, channels]",
    "corpus": "a list of token ids",
}


def sources(kind: str, entries: tuple[str, ...] = _ASKED) -> list[Path]:
    """Files of the code that asks a network of such data: those of core.inference, and what they import of ours."""
    left = [*entries, *filter(None, [READERS.get(kind)])]
    found: dict[str, Path] = {}
    while left:
        module = left.pop()
        path = PROJECT_ROOT / f"{module.replace('.', '/')}.py"
        if module not in found and path.is_file():
            found[module] = path
            left += _imported(path)
    return [found[name] for name in sorted(found)]


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("core."):
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def write(folder: Path, manifest: Manifest, described: dict[str, Any], form: Format, instances: Iterable[Any]) -> None:
    """All but the network's file, which lies in the folder already. Raises OSError.

    Args:
        described: what the manifest says of the export beside the version: model, version, network.
        instances: examples to ask about.
    """
    raw = manifest.model_dump(mode="json") | described
    _text(folder / MANIFEST, json.dumps(raw, ensure_ascii=False, indent=1))
    _text(folder / EXAMPLES, json.dumps(list(instances), ensure_ascii=False))
    _text(folder / "example.py", _EXAMPLE)
    _text(folder / "requirements.txt", "\n".join(_requirements(manifest, form)) + "\n")
    _text(folder / "README.md", _readme(manifest, described, form))
    copy_runtime(folder / RUNTIME, manifest.info.kind)


def put_vocabulary(source: Path, folder: Path) -> None:
    shutil.copy2(source, folder / VOCABULARY)


def copy_runtime(target: Path, kind: str, entries: tuple[str, ...] = _ASKED) -> None:
    """The code that asks a network of such data, as a package. Raises OSError."""
    for source in sources(kind, entries):
        place = target / source.relative_to(PROJECT_ROOT / "core")
        place.parent.mkdir(parents=True, exist_ok=True)
        _text(place, _OURS.sub(f"{RUNTIME}.", source.read_text(encoding="utf-8")))
    _text(target / "__init__.py", f'from {RUNTIME}.inference.model import Model\n\n__all__ = ["Model"]\n')


def _requirements(manifest: Manifest, form: Format) -> list[str]:
    """In the versions by which the export was measured."""
    needed = ["numpy", *form.needs]
    needed += ["pillow"] if manifest.info.kind == "image" else []
    needed += ["pyarrow"] if any(each.date_order for each in manifest.info.features) else []  # reads dates
    return pinned(needed)


def pinned(names: Iterable[str]) -> list[str]:
    """Packages in the versions that are installed here."""
    return [f"{name}=={version(name)}" for name in names]


def _readme(manifest: Manifest, described: dict[str, Any], form: Format) -> str:
    info = manifest.info
    answers = {
        "regression": f"`prediction` is a number in the unit of {info.target or 'the target'}.",
        "forecast": f"`prediction` holds the next values of {info.target or 'the target'}.",
        "multilabel": "`prediction` holds the labels above their thresholds, `labels` all of them.",
        "generation": "`probabilities` are those of the token after each.",
    }
    within = "pixels are scaled and missing numbers are filled within"
    if described["network"].get("normal"):
        within = f"rows are normalised before it, as `network.normal` in `{MANIFEST}` says"
    if form.variant == "full-int8":
        within += "; real numbers are (whole ones - zero point) * scale, which its `get_input_details` tells"
    return f"""# {described["model"]}, version {described["version"]}, as {form.title}

Runs without Traindeck:

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python example.py

`Model(folder).predict(instances)` takes a list; each instance is {_INSTANCES[info.kind]}. \
{answers.get(info.task, "`prediction` is the class, `classes` has the probability of each.")}
`Model(folder).batch(arrays)` takes raw arrays and gives raw outputs.

| file | what it is |
| --- | --- |
| `{form.file}` | the network; {within} |
| `{MANIFEST}` | what it takes and what its answers mean: names, thresholds, scaling, categories by their codes |
| `{EXAMPLES}`, `background.json`, `profile.json` | examples of the test set; where there are any, rows of it that a \
row is compared with, and counts of the training data by bin. Take them out where nobody may see the data |
| `{RUNTIME}/` | the code that reads instances and asks the network |
"""


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
