"""Where a project can be entered: scripts, packages that can be run, and the commands that it installs."""

import ast
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.scripts.source.modules import MOST_BYTES

_PASSED_OVER = {"node_modules", "site-packages", "__pycache__", "build", "dist", "venv", "env", "egg-info"}
_MOST = 200  # entries
_MOST_LOOKED_AT = 3000  # files
_LIKELY = ("train", "main", "run", "fit", "finetune")
_TESTS = ("test_", "conftest", "setup", "noxfile")


@dataclass(frozen=True)
class EntryPoint:
    """One way into a project.

    `name` is what a config says: a path within the project, "-m package" of what is run as a module, or
    "package.module:function" of a command that the project installs.
    """

    name: str
    file: str  # that is read for parameters, within the project
    title: str = ""  # of a command, its name


def entry_points(project: Path) -> list[EntryPoint]:
    """All of a project, the likely ones first; where nothing looks like one, the Python files of its folder."""
    found: dict[str, EntryPoint] = {}
    for entry in (*_scripts(project), *_commands(project)):
        found.setdefault(entry.name, entry)
        if len(found) >= _MOST:
            break
    plain = () if found else (path.name for path in _sources(project) if path.parent == project)
    return sorted([*found.values(), *(EntryPoint(name, name) for name in plain if name != "__init__.py")], key=_rank)


def find(project: Path, name: str) -> EntryPoint | None:
    """What a config names, where the project has it; any Python file within it will do."""
    name = name.strip()
    if name.startswith("-m "):
        return _module(project, name.removeprefix("-m ").strip())
    module, colon, function = name.partition(":")
    if colon and function.isidentifier():
        file = _file_of(project, module)
        return EntryPoint(name, file) if file else None
    path = project / name
    inside = path.resolve().is_relative_to(project.resolve())
    return EntryPoint(name, name) if inside and name.endswith(".py") and path.is_file() else None


def _rank(entry: EntryPoint) -> tuple[bool, int, bool, str]:
    stem = Path(entry.file).stem.lower()
    stem = Path(entry.file).parent.name.lower() if stem == "__main__" else stem
    likely = any(word in stem for word in _LIKELY)
    return not likely, entry.file.count("/"), ":" in entry.name, entry.name


def _scripts(project: Path) -> Iterator[EntryPoint]:
    for path in _sources(project):
        name = path.relative_to(project).as_posix()
        if path.name == "__main__.py":
            package = path.parent.relative_to(project).as_posix()
            as_module = f"-m {package.removeprefix('src/').replace('/', '.')}"
            yield EntryPoint(as_module if package != "." else name, name)
        elif _is_script(path):
            yield EntryPoint(name, name)


def _sources(project: Path) -> Iterator[Path]:
    looked = 0
    for place, folders, files in os.walk(project):
        folders[:] = sorted(
            each
            for each in folders
            if not each.startswith(".") and each not in _PASSED_OVER and not Path(place, each, "pyvenv.cfg").exists()
        )
        for file in sorted(files):
            looked += 1
            if looked > _MOST_LOOKED_AT:
                return
            if file.endswith(".py") and not file.startswith(_TESTS):
                yield Path(place, file)


def _is_script(path: Path) -> bool:
    """Whether running the file is meant: it asks for its name, or does something at its top level."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return False
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(_runs(each) for each in tree.body)


def _runs(node: ast.stmt) -> bool:
    if isinstance(node, ast.If):
        return any(isinstance(each, ast.Name) and each.id == "__name__" for each in ast.walk(node.test))
    if isinstance(node, ast.For | ast.While | ast.With):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
        return True  # main()
    parsed = (ast.Expr, ast.Assign)
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)] if isinstance(node, parsed) else []
    names = {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)}
    return bool(names & {"parse_args", "parse_known_args", "cli", "fit", "run"})


def _commands(project: Path) -> Iterator[EntryPoint]:
    """Of pyproject.toml: what `pip install` would put on the path."""
    try:
        told = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    tables = [_inside(told, "project", "scripts"), _inside(told, "tool", "poetry", "scripts")]
    for title, target in (pair for table in tables for pair in table.items()):
        if isinstance(target, str) and (found := find(project, target.partition("[")[0].strip())):
            yield EntryPoint(found.name, found.file, title)


def _inside(table: object, *keys: str) -> dict[str, object]:
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


def _module(project: Path, name: str) -> EntryPoint | None:
    file = _file_of(project, f"{name}.__main__") or _file_of(project, name)
    return EntryPoint(f"-m {name}", file) if file and not file.endswith("__init__.py") else None


def _file_of(project: Path, module: str) -> str:
    """The file of a module of the project, within it; "" where it has none."""
    parts = module.split(".")
    if not all(part.isidentifier() for part in parts):
        return ""
    for root in (project, project / "src"):
        for path in (root.joinpath(*parts).with_suffix(".py"), root.joinpath(*parts) / "__init__.py"):
            if path.is_file():
                return path.relative_to(project).as_posix()
    return ""


def package(entry: EntryPoint) -> str:
    """The full name of the module that is run, for one that is run as such; "" of a script."""
    if entry.name.startswith("-m ") or ":" in entry.name:
        name = entry.file.removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
        return name.replace("/", ".").removesuffix(".__main__")
    return ""
