"""The checks, on installations that are fine and on such that are not."""

from pathlib import Path

import pytest

from core.common.settings import Settings
from core.common.workspace import Workspace
from core.system.doctor import Check, diagnose
from tests.conftest import Python


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_an_installation_without_a_supervisor_is_sound_and_says_what_is_missing(settings: Settings) -> None:
    found = by_name(diagnose(settings))
    assert [name for name, check in found.items() if check.status == "fail"] == []
    assert [name for name, check in found.items() if check.status == "warn"] == ["Supervisor", "Standby"]
    assert "python -m core supervise" in found["Supervisor"].message


def test_the_page_and_the_command_line_see_the_same(workspace: Workspace) -> None:
    assert diagnose(workspace.settings, workspace) == diagnose(workspace.settings)


def test_a_standby_that_is_switched_off_is_not_missed(settings: Settings) -> None:
    off = settings.model_copy(update={"standby": False})
    assert by_name(diagnose(off))["Standby"].status == "ok"


def test_a_file_that_is_no_database_fails_with_what_to_do(settings: Settings) -> None:
    settings.home.mkdir(parents=True)
    (settings.home / "traindeck.db").write_bytes(b"this is not a database, whatever its name says" * 100)
    found = by_name(diagnose(settings))
    assert found["Database"].status == "fail"
    assert "not a database" in found["Database"].message
    assert "Disk" in found


def test_a_damaged_database_fails(settings: Settings) -> None:
    Workspace.open(settings).close()
    file = settings.home / "traindeck.db"
    content = bytearray(file.read_bytes())
    content[8 * 4096 : 20 * 4096] = b"\x5a" * (12 * 4096)
    file.write_bytes(content)
    assert by_name(diagnose(settings))["Database"].status == "fail"


def test_a_workspace_below_a_file_cannot_be_written(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "file").touch()
    found = by_name(diagnose(settings.model_copy(update={"home": tmp_path / "file" / "workspace"})))
    assert found["Workspace"].status == "fail"
    assert "TRAINDECK_HOME" in found["Workspace"].message


@pytest.mark.parametrize(("exists", "status"), [(True, "ok"), (False, "fail")])
def test_the_data_folder_has_to_exist_when_it_is_set(
    tmp_path: Path, settings: Settings, exists: bool, status: str
) -> None:
    folder = tmp_path / "data"
    if exists:
        (folder / "mnist").mkdir(parents=True)
    check = by_name(diagnose(settings.model_copy(update={"data_dir": folder})))["Data folder"]
    assert check.status == status
    assert not exists or "mnist" in check.message


def test_tensorflow_is_looked_for_and_never_imported(python: Python) -> None:
    code = """
import sys
from core.system.doctor import diagnose
from core.common.settings import Settings
found = {check.name: check.status for check in diagnose(Settings())}
print(found["TensorFlow"], "tensorflow" in sys.modules, "keras" in sys.modules)
"""
    assert python(code).stdout.split() == ["ok", "False", "False"]


def test_a_workspace_that_everybody_may_read_is_told_with_the_command_that_closes_it(settings: Settings) -> None:
    settings.home.mkdir()
    settings.home.chmod(0o755)
    (check,) = (check for check in diagnose(settings) if check.name == "Workspace")
    assert (check.status, f"chmod o= {settings.home}" in check.message) == ("warn", True)
    settings.home.chmod(0o750)
    (check,) = (check for check in diagnose(settings) if check.name == "Workspace")
    assert check.status == "ok"
