from pathlib import Path

import pytest

from core.common.settings import Settings
from core.common.workspace import Workspace
from core.system.hosts import database_location, settings_in_force


def test_settings_come_back_from_the_environment_that_they_give_to_a_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path / "wörk space", user="O'Ada", standby=False, cpu_slots=3, data_dir=tmp_path)
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)

    assert Settings() == settings


def test_paths_are_absolute_so_that_a_child_in_another_folder_finds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert Settings(home=Path("here")).home == tmp_path / "here"
    assert Settings(home=Path("~/here")).home == Path.home() / "here"


@pytest.mark.parametrize(
    ("url", "file"),
    [
        (None, "home/traindeck.db"),
        ("sqlite:////var/x.db", "/var/x.db"),
        ("sqlite:///file:/var/x.db?mode=ro&uri=true", "/var/x.db"),
        ("sqlite:////var/a%3Fb%23c%2541.db", "/var/a?b#c%41.db"),
        ("sqlite:///file:/var/a%2520b.db?mode=ro&uri=true", "/var/a b.db"),
        ("sqlite://", None),
        ("postgresql://server/name", None),
        ("no url at all", None),
    ],
)
def test_the_database_file_is_known_where_there_is_one(tmp_path: Path, url: str | None, file: str | None) -> None:
    expected = None if file is None else tmp_path / file

    assert Settings(home=tmp_path / "home", db_url=url).database_file == expected


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ada:se:c@ret@server/name", "postgresql://ada:***@server/name"),
        ("postgresql://ada@server/name", "postgresql://ada@server/name"),
        ("sqlite:////var/x@y.db", "sqlite:////var/x@y.db"),
        ("postgresql+psycopg://ada:s%40cret@server:5432/name", "postgresql+psycopg://ada:***@server:5432/name"),
        (
            "postgresql://server/name?user=ada&password=secret&sslmode=require",
            "postgresql://server/name?password=***&sslmode=require&user=ada",
        ),
        ("postgresql://ada:a@server/name?sslpassword=secret", "postgresql://ada:***@server/name?sslpassword=***"),
        ("ada:secret@server", "of TRAINDECK_DB_URL, which is no URL of a database"),
    ],
)
def test_a_password_is_never_shown(url: str, shown: str) -> None:
    settings = Settings(db_url=url)

    assert settings.shown_database_url == shown
    assert database_location(settings) == shown.removeprefix("sqlite:///")
    assert "cret" not in str(settings_in_force(settings))


@pytest.mark.parametrize("name", ["what?mode=memory", "a%41b", "one#two", "três 100 %", "file:x", "a@b:c"])
def test_the_database_is_in_the_workspace_whatever_its_path_is_made_of(tmp_path: Path, name: str) -> None:
    settings = Settings(home=tmp_path / name)

    Workspace.open(settings).close()

    assert settings.database_file == tmp_path / name / "traindeck.db"
    assert settings.database_file.is_file()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert settings.shown_database_url == f"sqlite:///{tmp_path / name}/traindeck.db"


def test_empty_variables_mean_the_default_and_negative_slots_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINDECK_CPU_SLOTS", "")
    monkeypatch.setenv("TRAINDECK_HOME", "")

    assert Settings().cpu_slots is None
    assert Settings().home == Path("workspace").resolve()
    with pytest.raises(ValueError, match="greater than or equal to 0"):
        Settings(cpu_slots=-1)
