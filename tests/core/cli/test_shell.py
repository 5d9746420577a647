"""Which workspace a command looks at is said where it holds nothing."""

from pathlib import Path

import pytest

from core.cli.known_runs import RunsHere
from core.cli.shell import none_told, shell_context
from core.common.settings import Settings
from tests.core.cli.conftest import Core


def test_a_workspace_that_a_command_makes_is_named_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAINDECK_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.delenv("TRAINDECK_DB_URL", raising=False)
    told = f"Made a new workspace, {tmp_path / 'elsewhere'}. TRAINDECK_HOME names another.\n"
    for expected in (told, ""):
        context = shell_context()
        assert capsys.readouterr().err == expected
        assert RunsHere(context).none_told.startswith(f"None in the workspace {tmp_path / 'elsewhere'}. ")
        context.workspace.close()
    other = Settings(home=tmp_path, db_url="postgresql://ada:secret@there/runs")
    assert "whose database is postgresql://ada:***@there/runs. " in none_told(other)


@pytest.mark.parametrize("listing", [["runs"], ["sweep", "list"], ["models"], ["reports", "list"], ["datasets"]])
def test_a_list_without_entries_names_the_workspace(core: Core, listing: list[str]) -> None:
    assert "TRAINDECK_HOME names another." in core(*listing).stdout
    assert "TRAINDECK_HOME" not in core(*listing, "--csv").stdout
