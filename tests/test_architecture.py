"""The rules of the house: what may import what, what the server never loads, how large a file may be."""

import ast
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path

import pytest

from core.common.settings import PROJECT_ROOT
from tests.conftest import Python

LAYERS = {"app": ("pages", "core"), "pages": ("pages", "core"), "core": ("core", "db"), "db": ("db",)}
# The rooms of core/ in the order of imports: a room uses itself and those before it. docs/architecture.md says why.
ROOMS = (
    *("client", "common", "tracking", "data", "inference", "architectures", "config", "scripts", "runs", "imports"),
    *(
        "system",
        "sweeps",
        "jobs",
        "evaluation",
        "verdicts",
        "models",
        "serving",
        "mlflow",
        "comparison",
        "charts",
        "engine",
        "training",
    ),
    *("reports", "script_runs", "export", "explain", "workers", "launch", "web", "cli"),
)
# Who may import a library, by the beginning of the path.
WITH_TENSORFLOW = (
    *("core/engine/", "core/training/", "core/explain/", "core/workers/", "core/data/formats/from_keras.py"),
    *(
        "core/client/keras_callback.py",
        "core/evaluation/evaluate.py",
        "core/evaluation/outputs.py",
        "core/export/networks.py",
    ),
    "core/architectures/",  # its builders, when they are called; nothing at the top of a file outside build/
)
HOMES = {
    "streamlit": ("app.py", "pages/"),
    "sqlalchemy": ("db/",),
    "alembic": ("db/",),
    "tensorflow": WITH_TENSORFLOW,
    "keras": WITH_TENSORFLOW,
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
    "requirements-explain.txt",
}
TOP_LEVEL |= {
    "LICENSE",
    "CHANGELOG.md",
    "requirements-postgres.txt",
    "README.md",
    "Makefile",
    "pyproject.toml",
    ".streamlit",
    ".ci",
    ".gitignore",
    ".gitattributes",
    "docs",
}
MAX_LINES = 300

SOURCES = sorted(
    path.relative_to(PROJECT_ROOT).as_posix()
    for path in [
        PROJECT_ROOT / "app.py",
        *(each for layer in ("pages", "core", "db") for each in (PROJECT_ROOT / layer).rglob("*.py")),
    ]
)
CORE = [file for file in SOURCES if file.startswith("core/") and file not in ("core/__init__.py", "core/__main__.py")]
# Pages are scripts: what they import is loaded, not they themselves.
SERVER = [file for file in SOURCES if file.startswith(("app.py", "pages/"))]
SERVER += [
    "core/runs/__init__.py",
    "core/web/api.py",
    "core/config/check.py",
    "core/config/presets/__init__.py",
    "core/cli/commands.py",
]


def test_imports_point_down_and_libraries_stay_where_they_belong() -> None:
    assert [
        f"{file} imports {module}" for file in SOURCES for module in _imports(file) if _misplaced(file, module)
    ] == []


def _misplaced(file: str, module: str) -> bool:
    layer, package = file.partition("/")[0].removesuffix(".py"), module.partition(".")[0]
    if package in LAYERS or package in ("tests", "benchmarks"):
        return package not in LAYERS[layer]
    return package in HOMES and not file.startswith(HOMES[package])


def test_every_file_of_core_stands_in_a_room() -> None:
    assert [file for file in CORE if _room(file) not in ROOMS] == [], f"rooms are {', '.join(ROOMS)}"


def test_the_package_for_scripts_needs_nothing_but_python() -> None:
    known = {*sys.stdlib_module_names, "core"}
    for file in (each for each in CORE if _room(each) == "client" and not each.endswith("keras_callback.py")):
        assert {module.partition(".")[0] for module in _imports(file)} <= known, file
        assert all(module.startswith("core.client.") for module in _imports(file) if module.startswith("core")), file


def test_no_imports_run_in_a_circle() -> None:
    modules = {_module(file): file for file in SOURCES}
    left = {module: _modules_of(file, modules) for module, file in modules.items()}
    while ready := [module for module, needs in left.items() if not needs & left.keys()]:
        for module in ready:
            del left[module]
    assert left == {}


def test_no_two_files_share_a_name_but_a_job_and_its_worker() -> None:
    by_name: dict[str, set[str]] = {}
    for file in CORE:
        if not file.endswith("__init__.py"):
            by_name.setdefault(Path(file).stem, set()).add(file)
    shared = [files for files in by_name.values() if len(files) > 1]
    assert [files for files in shared if {_room(file) for file in files} != {"jobs", "workers"}] == []


def test_workers_are_jobs_and_the_machinery_of_their_process() -> None:
    """What a worker computes beside its job stands in the room of what it is about."""
    machinery = {"job_process", "warm_up", "work"}
    stems = {room: {Path(file).stem for file in CORE if _room(file) == room} for room in ("jobs", "workers")}
    assert stems["workers"] - machinery - {"__init__"} <= stems["jobs"]


def test_no_product_file_has_the_name_of_a_test() -> None:
    assert [file for file in SOURCES if Path(file).name.startswith("test_") or file.endswith("_test.py")] == []


def test_the_picture_of_imports(record_property: Callable[[str, object], None]) -> None:
    """A room uses those before it only. Rooms and arrows; `python -m tests.test_architecture` prints them."""
    arrows = _arrows()
    record_property("picture", _picture(arrows))
    assert [arrow for arrow in arrows if ROOMS.index(arrow[1]) > ROOMS.index(arrow[0])] == [], _picture(arrows)


def _arrows() -> "Counter[tuple[str, str]]":
    """How often a room imports from another: (user, used)."""
    used = ((_room(file), module.split(".")[1]) for file in CORE for module in set(_imports(file)) if "core." in module)
    return Counter(arrow for arrow in used if arrow[0] != arrow[1] and arrow[1] in ROOMS)


def _picture(arrows: "Counter[tuple[str, str]]") -> str:
    up = sum(ROOMS.index(used) > ROOMS.index(user) for user, used in arrows)
    lines = [f"{len(ROOMS)} rooms, {len(arrows)} arrows, {up} back up"]
    for room in ROOMS:
        uses = [f"{used} ({arrows[room, used]})" for used in ROOMS if arrows[room, used]]
        lines.append(f"{room:>14} uses {', '.join(uses) or 'nothing'}")
    return "\n".join(lines)


def test_insides_of_libraries_are_leant_on_in_two_places() -> None:
    """pages/frontend/ for Streamlit and Plotly, core/engine/ for Keras: tests there fail when an upgrade moves them."""
    others = [file for file in SOURCES if not file.startswith(("pages/frontend/", "core/engine/"))]
    insides = ("streamlit.", "plotly.io._", "keras.src")
    assert [(file, module) for file in others for module in _imports(file) if module.startswith(insides)] == []
    assert [(file, name) for file in others for name in _foreign_privates(file)] == []


def _foreign_privates(file: str) -> list[str]:
    """Attributes that begin with an underscore, of anything but the object itself; a process may end at once."""
    nodes = (node for node in _nodes(file) if isinstance(node, ast.Attribute))
    private = (node for node in nodes if node.attr.startswith("_") and not node.attr.startswith("__"))
    allowed = ("os._exit", "row._mapping")  # both are documented
    named = (ast.unparse(node) for node in private)
    return [name for name in named if name.partition(".")[0] not in ("self", "cls") and name not in allowed]


def test_a_run_is_changed_under_its_lease_or_by_a_transition_only() -> None:
    wrong = []
    for file in SOURCES:
        calls = [node for node in _nodes(file) if isinstance(node, ast.Call)]
        called = {ast.unparse(call.func).removeprefix("db.") for call in calls}
        if file not in ("db/runs.py", "db/leases.py", "db/reported.py"):  # neither a lease nor an expected state
            changes = {"sa.update(Run)", "sa.update(Attempt)"} & {ast.unparse(call) for call in calls}
            wrong += [(file, *(changes | called & {"runs.update", "runs.put_artifact"}))]
        if not file.startswith("db/") and "from db.runs import" in (PROJECT_ROOT / file).read_text():
            wrong.append((file, "names where a change of a run comes from"))
        if file.startswith(("core/training/", "core/script_runs/")):
            recorders = [call for call in calls if ast.unparse(call.func) == "Recorder"]
            wrong += [(file, "a trainer records under its lease") for call in recorders if len(call.args) != 3]
    assert [each for each in wrong if each[1:]] == []


def test_architectures_load_keras_when_they_build_only() -> None:
    configs = [file for file in CORE if file.startswith("core/architectures/") and "/build/" not in file]
    loaded = {file: {module.partition(".")[0] for module in _imports(file, top_level=True)} for file in configs}
    assert {file: found for file, found in loaded.items() if found & {"keras", "tensorflow"}} == {}


def test_the_server_never_loads_tensorflow(tmp_path: Path) -> None:
    assert {file: found for file, found in _loaded(tmp_path).items() if found} == {}


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("db.runs", ("core", "pages", "streamlit", "alembic")),
        ("core.runs", ("pages", "streamlit", "fastapi", "plotly")),
        ("core.explain.explaining", ("pages", "tensorflow", "keras", "fastapi")),
        ("core.cli.commands", ("pages", "tensorflow", "streamlit", "pandas", "scipy", "sklearn")),
    ],
)
def test_a_lower_layer_loads_nothing_of_a_higher_one(module: str, forbidden: tuple[str, ...], python: Python) -> None:
    told = python("import importlib, sys; importlib.import_module(sys.argv[1]); print(*sys.modules, sep='\\n')", module)

    assert told.returncode == 0, told.stderr
    assert set(forbidden) & set(told.stdout.split()) == set()


def test_files_stay_small() -> None:
    lines = {file: len((PROJECT_ROOT / file).read_text().splitlines()) for file in SOURCES}
    assert {file: count for file, count in lines.items() if count > MAX_LINES} == {}


def test_the_top_level_holds_what_was_agreed() -> None:
    listed = _git("ls-files", "--cached", "--others", "--exclude-standard")

    assert {file.partition("/")[0] for file in listed} - TOP_LEVEL == set()


def _loaded(home: Path) -> dict[str, list[str]]:
    """By file, what of TensorFlow and Keras was loaded by its imports; all in one fresh interpreter, in order."""
    code = """if True:
        import importlib, json, sys
        found = {}
        for file, modules in json.loads(sys.stdin.read()).items():
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
    environment = {
        **os.environ,
        "TRAINDECK_HOME": str(home),
        "PYTHONPATH": str(PROJECT_ROOT),
    }
    modules = {file: _imports(file, top_level=True) for file in SERVER}
    told = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(modules),  # too long for an argument
        env=environment,
        cwd=PROJECT_ROOT,
        text=True,
        capture_output=True,
    )
    assert told.returncode == 0, told.stderr
    found: dict[str, list[str]] = json.loads(told.stdout.splitlines()[-1])
    return found


@cache
def _tree(file: str) -> ast.Module:
    return ast.parse((PROJECT_ROOT / file).read_text())


@cache
def _nodes(file: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(_tree(file)))


@cache
def _imports(file: str, *, top_level: bool = False) -> list[str]:
    """Modules that a file imports, those within functions too unless only the top level is asked for.

    What is imported for type checkers only counts as well, except at the top level: it is not loaded.
    """
    found = []
    for node in _tree(file).body if top_level else _nodes(file):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.level == 1 and file.startswith("core/client/"):  # which is `traindeck` where it is installed
                found.append(f"core.client.{node.module}")
                continue
            assert node.level == 0, f"{file} has a relative import"
            found += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def _modules_of(file: str, modules: Collection[str]) -> set[str]:
    """The modules of ours that a file imports; of `from package import module` only the module, not its package."""
    imported = set(_imports(file)) & set(modules) - {_module(file)}
    return {each for each in imported if not any(other.startswith(f"{each}.") for other in imported)}


def _room(file: str) -> str:
    return file.split("/")[1]


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _git(*arguments: str) -> list[str]:
    return subprocess.run(
        ["git", *arguments], cwd=PROJECT_ROOT, text=True, capture_output=True, check=True
    ).stdout.splitlines()


if __name__ == "__main__":
    sys.stdout.write(_picture(_arrows()) + "\n")
