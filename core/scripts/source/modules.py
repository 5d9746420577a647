"""Modules of a project, found from the names that it imports them by."""

import ast
from pathlib import Path

MOST_BYTES = 1_000_000  # of a source file that is read
_MOST_FILES = 200


class Modules:
    """Sources below a project's folder, each parsed once. Nothing outside of it is read."""

    def __init__(self, project: Path, entry: Path) -> None:
        self.project = project.resolve()
        self._roots = list(dict.fromkeys([entry.parent.resolve(), self.project, self.project / "src"]))
        self._parsed: dict[Path, ast.Module | None] = {}

    def find(self, name: str) -> Path | None:
        """The file of a module of the project, by its full name."""
        for root in self._roots:
            path = root.joinpath(*name.split("."))
            for file in (path.with_suffix(".py"), path / "__init__.py"):
                if file.is_file() and file.resolve().is_relative_to(self.project):
                    return file.resolve()
        return None

    def parse(self, file: Path) -> ast.Module | None:
        """None where it cannot be read, or is no Python."""
        if file not in self._parsed:
            self._parsed[file] = _parse(file) if len(self._parsed) < _MOST_FILES else None
        return self._parsed[file]


def _parse(file: Path) -> ast.Module | None:
    try:
        if file.stat().st_size > MOST_BYTES:
            return None
        return ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def package_of(name: str, file: Path) -> str:
    """The package that relative imports of a module begin at: "package" for package.module."""
    return name if file.name == "__init__.py" else name.rpartition(".")[0]


def absolute(package: str, level: int, module: str | None) -> str:
    """The full name that a relative import names; `level` is the number of its dots."""
    if not level:
        return module or ""
    parts = package.split(".") if package else []
    kept = parts[: len(parts) - (level - 1)] if level > 1 else parts
    return ".".join([*kept, *([module] if module else [])])
