"""The columns that a browser chose are found again, and only its own."""

from core.common.settings import Settings
from core.runs import kept_columns

ADA, BOB = "a" * 16, "b" * 16


def test_columns_are_kept_by_browser_until_the_usual_ones_are_wanted(settings: Settings) -> None:
    kept_columns.keep(settings, ADA, ["notes", "param:data.source"])
    kept_columns.keep(settings, BOB, [])
    assert kept_columns.kept(settings, ADA) == ["notes", "param:data.source"]
    assert kept_columns.kept(settings, BOB) == []
    kept_columns.keep(settings, ADA, None)
    assert kept_columns.kept(settings, ADA) is None


def test_what_is_no_browsers_name_keeps_nothing(settings: Settings) -> None:
    for name in ("", "../../etc", "A" * 16):
        kept_columns.keep(settings, name, ["notes"])
        assert kept_columns.kept(settings, name) is None


def test_a_file_that_is_broken_or_cannot_be_written_harms_nothing(settings: Settings) -> None:
    kept_columns.keep(settings, ADA, ["notes"])
    folder = settings.home / "columns"
    (folder / f"{ADA}.json").write_bytes(b'["notes"\xff')
    assert kept_columns.kept(settings, ADA) is None
    (folder / f"{ADA}.json").unlink()
    folder.rmdir()
    folder.write_text("in the way")
    kept_columns.keep(settings, ADA, ["notes"])
    assert kept_columns.kept(settings, ADA) is None
