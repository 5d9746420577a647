"""What the README and docs/ name is there: paths, make targets, commands, links."""

import importlib.util
import re
from pathlib import Path

import pytest
import typer

from core.cli.commands import cli
from core.common.settings import PROJECT_ROOT

DOCS = ["README.md", "CHANGELOG.md", *(f"docs/{path.name}" for path in sorted((PROJECT_ROOT / "docs").glob("*.md")))]
TOP = ("core/", "db/", "pages/", "tests/", "benchmarks/", "docs/", ".ci/", ".streamlit/", "requirements", "app.py")


def _code(text: str) -> list[str]:
    """What stands in backticks or in fenced blocks, line by line, without comments."""
    fenced = re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    return [line.partition("  #")[0].strip() for line in [*inline, *"\n".join(fenced).splitlines()] if line.strip()]


@pytest.fixture(params=DOCS)
def text(request: pytest.FixtureRequest) -> str:
    return (PROJECT_ROOT / str(request.param)).read_text()


def test_paths_exist(text: str) -> None:
    made = ("tests/browser/shots/",)  # by `make screenshots`
    named = [word for code in _code(text) for word in code.split() if word.startswith(TOP) and "<" not in word]
    assert [path for path in named if not (PROJECT_ROOT / path.rstrip(",.")).exists() and path not in made] == []


def test_make_targets_exist(text: str) -> None:
    targets = re.findall(r"^([a-z-]+):", (PROJECT_ROOT / "Makefile").read_text(), re.MULTILINE)
    named = [code.split()[1] for code in _code(text) if code.startswith("make ") and "=" not in code.split()[1]]
    assert [target for target in named if target not in targets and not target.startswith(".peers")] == []


def test_commands_exist(text: str) -> None:
    group = typer.main.get_command(cli)
    known = set(getattr(group, "commands", {}))
    named = [match for code in _code(text) for match in re.findall(r"python -m core ([a-z]+)", code)]
    assert [command for command in named if command not in known] == []


def test_modules_that_are_run_exist(text: str) -> None:
    named = [match for code in _code(text) for match in re.findall(r"python -m ((?:benchmarks|tests)[.\w]*)", code)]
    assert [module for module in named if importlib.util.find_spec(module) is None] == []


def test_links_lead_somewhere(text: str, request: pytest.FixtureRequest) -> None:
    folder = (PROJECT_ROOT / request.node.callspec.params["text"]).parent
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    local = [target for target in targets if target and "://" not in target]
    assert [target for target in local if not (folder / Path(target)).exists()] == []
