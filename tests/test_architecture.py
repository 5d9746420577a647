"""The rules of the house: what may import what, what the server never loads, how large a file may be."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Python

LAYERS = {"app": ("pages", "core"), "pages": ("pages", "core"), "core": ("core", "db"), "db": ("db",)}
# Who may import a library, by the beginning of the path.
HOMES = {
    "streamlit": ("app.py", "pages/"),
    "sqlalchemy": ("db/",),
    "alembic": ("db/",),
    "tensorflow": ("core/data/", "core/models/", "core/training/", "core/evaluation/", "core/launch/standby.py"),
    "keras": ("core/data/", "core/models/", "core/training/", "core/evaluation/", "core/launch/standby.py"),
}
TOP_LEVEL = {
    "app.py",
    "pages",
    "core",
    "db",
    "tests",
    "benchmarks",
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-gpu.txt",
}
TOP_LEVEL |= {"README.md", "Makefile", "pyproject.toml", ".streamlit", ".ci", ".gitignore", ".gitattributes", "docs"}
MAX_LINES = 300

SOURCES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [ROOT / "app.py", *(each for layer in ("pages", "core", "db") for each in (ROOT / layer).rglob("*.py"))]
)
# Pages are scripts: what they import is loaded, not they themselves.
SERVER = [file for file in SOURCES if file.startswith(("app.py", "pages/"))]
SERVER += [
    "core/runs/__init__.py",
    "core/api.py",
    "core/config/check.py",
    "core/config/presets/__init__.py",
    "core/cli/commands.py",
]


@pytest.mark.parametrize("file", SOURCES)
def test_imports_point_down_and_libraries_stay_where_they_belong(file: str) -> None:
    layer = file.partition("/")[0].removesuffix(".py")
    for module in _imports(file):
        package = module.partition(".")[0]
        if package in LAYERS or package in ("tests", "benchmarks"):
            assert package in LAYERS[layer], f"{file} imports {module}"
        if package in HOMES:
            assert file.startswith(HOMES[package]), f"{file} imports {module}"


@pytest.mark.parametrize("file", SERVER)
def test_the_server_never_loads_tensorflow(file: str, loaded: dict[str, list[str]]) -> None:
    assert loaded[file] == []


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("db.runs", ("core", "pages", "streamlit", "alembic")),
        ("core.runs", ("pages", "streamlit", "fastapi", "plotly")),
    ],
)
def test_a_lower_layer_loads_nothing_of_a_higher_one(module: str, forbidden: tuple[str, ...], python: Python) -> None:
    told = python("import importlib, sys; importlib.import_module(sys.argv[1]); print(*sys.modules, sep='\\n')", module)

    assert told.returncode == 0, told.stderr
    assert set(forbidden) & set(told.stdout.split()) == set()


@pytest.mark.parametrize("file", SOURCES)
def test_files_stay_small(file: str) -> None:
    assert len((ROOT / file).read_text().splitlines()) <= MAX_LINES


def test_the_top_level_holds_what_was_agreed(tmp_path: Path) -> None:
    listed = _git("ls-files", "--cached", "--others", "--exclude-standard")

    assert {file.partition("/")[0] for file in listed} - TOP_LEVEL == set()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """By file, what of TensorFlow and Keras was loaded by its imports; all in one fresh interpreter, in order."""
    code = """if True:
        import importlib, json, sys
        found = {}
        for file, modules in json.loads(sys.argv[1]).items():
            before = set(sys.modules)
            for module in modules:
                try:
                    importlib.import_module(module)
                except ModuleNotFoundError as error:  # `from package import name`, where the name is no module
                    if error.name != module:
                        raise
            new = {name.partition(".")[0] for name in set(sys.modules) - before}
            found[file] = sorted(new & {"tensorflow", "keras"})
        print(json.dumps(found))
    """
    environment = {**os.environ, "TRAINDECK_HOME": str(tmp_path_factory.mktemp("home")), "PYTHONPATH": str(ROOT)}
    modules = {file: _imports(file, top_level=True) for file in SERVER}
    told = subprocess.run(
        [sys.executable, "-c", code, json.dumps(modules)], env=environment, cwd=ROOT, text=True, capture_output=True
    )
    assert told.returncode == 0, told.stderr
    found: dict[str, list[str]] = json.loads(told.stdout.splitlines()[-1])
    return found


def _imports(file: str, *, top_level: bool = False) -> list[str]:
    """Modules that a file imports, those within functions too unless only the top level is asked for.

    What is imported for type checkers only counts as well, except at the top level: it is not loaded.
    """
    tree = ast.parse((ROOT / file).read_text())
    found = []
    for node in tree.body if top_level else ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has a relative import"
            found += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def _git(*arguments: str) -> list[str]:
    return subprocess.run(["git", *arguments], cwd=ROOT, text=True, capture_output=True, check=True).stdout.splitlines()
