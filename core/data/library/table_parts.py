"""The files of a table: one, or those that its author made to train, to validate and to test on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library.folders import private_folder
from core.data.library.part_names import is_document
from core.data.library.part_tables import PartTable, part_tables, parts_in_sheets
from core.data.library.table_files.formats import endings, is_table, is_workbook, unpacked
from core.data.library.trees import is_tree, opened


@contextmanager
def part_files(
    settings: Settings, path: Path, name: str, sheet: str = ""
) -> Iterator[tuple[list[PartTable], list[str]]]:
    """The files, and what is to be said of them. Raises DataError: none holds a table, or which is which is open."""
    with private_folder(settings, "unpacked") as folder:
        if not is_tree(path) or is_workbook(Path(name)) or is_workbook(path):
            files, notes = [PartTable(None, *unpacked(settings, path, name, folder), name)], list[str]()
        else:
            files, notes = _in_tree(settings, path, name, folder)
        if len(files) == 1 and not sheet:
            files, told = parts_in_sheets(files[0])
            notes = notes + told
        yield files, notes


def _in_tree(settings: Settings, path: Path, name: str, folder: Path) -> tuple[list[PartTable], list[str]]:
    with opened(path, settings, name) as tree:
        tables = [entry for entry in sorted(tree.sizes) if is_table(Path(entry.name)) and not is_document(entry)]
        if not tables:
            known = ", ".join(endings()[:4])
            raise DataError(f"{tree.name} holds no table; accepted are one file that ends in {known}, …, or train.csv "
                            "and test.csv.")  # fmt: skip
        return part_tables(settings, tree, tables, folder)
