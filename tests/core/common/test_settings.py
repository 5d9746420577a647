from pathlib import Path

import pytest

from core.common.settings import Settings


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
        ("postgresql://server/name", None),
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
    ],
)
def test_a_password_is_never_shown(url: str, shown: str) -> None:
    assert Settings(db_url=url).shown_database_url == shown


def test_empty_variables_mean_the_default_and_negative_slots_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINDECK_CPU_SLOTS", "")
    monkeypatch.setenv("TRAINDECK_HOME", "")

    assert Settings().cpu_slots is None
    assert Settings().home == Path("workspace").resolve()
    with pytest.raises(ValueError, match="greater than or equal to 0"):
        Settings(cpu_slots=-1)
