"""Pictures beside a table that says what each shows: classes, several labels or numbers, by the file's name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural, quoted
from core.data.base import Part
from core.data.library.folders import private_folder, writing
from core.data.library.gathered import Gathered, gathered
from core.data.library.label_columns import as_cell, expanded, looks_like_label
from core.data.library.part_names import is_document, part_of
from core.data.library.placing import Placed
from core.data.library.read_options import ImageOptions, TableOptions, silent
from core.data.library.table_files.formats import is_table
from core.data.library.text_header import LABELS
from core.data.library.trees import Tree
from core.data.picture_formats import SUFFIXES

_NO_LABELS = (".txt", ".dat", ".data", ".test", ".md")  # unless one is said to be the file
_ENOUGH = 0.5  # share of a column's cells that name a picture
_TOLD = 5


@dataclass(frozen=True)
class PictureLabels:
    """Pictures with a cell each, and how the table was understood."""

    placed: tuple[Placed, ...]
    cells: tuple[str, ...]
    file: str
    column: str  # of the labels
    label_columns: tuple[str, ...]  # where several are a label each
    columns: tuple[str, ...]  # all but the one of the names
    warnings: tuple[str, ...]


def picture_labels(tree: Tree, settings: Settings, options: ImageOptions) -> PictureLabels | None:
    """None where folders say what is what. Raises DataError: a file that was said and does not fit, or several do."""
    pictures = [entry for entry in sorted(tree.sizes) if entry.suffix.lower() in SUFFIXES]
    if not options.labels_file and (not pictures or len(_class_folders(pictures)) > 1):
        return None
    tables = _tables(tree, options)
    found = [each for entry in tables if (each := _read(tree, entry, pictures, settings, options)) is not None]
    if len(found) > 1:
        files = ", ".join(each.file for each in found[:_TOLD])
        raise DataError(
            f"{tree.name} holds several tables that name its pictures: {files}. Say one with --labels-file."
        )
    if not found and options.labels_file:
        raise DataError(f"{options.labels_file} of {tree.name} has no column that names the pictures beside it.")
    return found[0] if found else None


def _class_folders(pictures: Sequence[PurePosixPath]) -> set[str]:
    """Names of the folders that hold pictures, without those of parts."""
    return {entry.parent.name for entry in pictures if part_of(entry.parent.name) is None}


def _tables(tree: Tree, options: ImageOptions) -> list[PurePosixPath]:
    every = [entry for entry in sorted(tree.sizes) if is_table(Path(entry.name))]
    if not options.labels_file:
        return [entry for entry in every if entry.suffix.lower() not in _NO_LABELS and not is_document(entry)]
    said = [entry for entry in every if options.labels_file in (str(entry), entry.name)]
    if not said:
        listed = ", ".join(map(str, every[:_TOLD])) or "none"
        raise DataError(f"{tree.name} has no table {quoted(options.labels_file)}. It holds {listed}.")
    return said[:1]


def _read(
    tree: Tree, entry: PurePosixPath, pictures: Sequence[PurePosixPath], settings: Settings, options: ImageOptions
) -> PictureLabels | None:
    with private_folder(settings, "labels") as folder:
        file = folder / entry.name
        with writing(tree.name):
            tree.unpack(entry, file)
        told = f"{tree.name}, {entry}"
        with gathered(settings, file, told, TableOptions(encoding=options.encoding), silent) as table:
            return _matched(table, str(entry), pictures, options)


def _matched(
    table: Gathered, file: str, pictures: Sequence[PurePosixPath], options: ImageOptions
) -> PictureLabels | None:
    places = _by_name(pictures)
    texts = {name: [str(cell) for cell in _cells(table, name)] for name in table.cells.columns}
    shares = {name: _share(cells, places) for name, cells in texts.items()}
    named = max(shares, key=shares.__getitem__)
    others = tuple(name for name in texts if name != named)
    if shares[named] < _ENOUGH or not others:
        return None
    columns = _label_columns(texts, others, file, options)
    rows: dict[PurePosixPath, int] = {}
    missing = []
    for row, cell in enumerate(texts[named]):
        entry = places.get(_plain(cell))
        if entry is None:
            missing.append(cell)
        elif entry in rows:
            raise DataError(f"{file} names {entry} in two rows; accepted is one for each picture. Join or remove them.")
        else:
            rows[entry] = row
    several = len(columns) > 1
    joined = [as_cell((name, texts[name][row]) for name in columns) if several else texts[columns[0]][row]
              for row in rows.values()]  # fmt: skip
    parts = _parts(list(rows))
    placed = tuple(Placed(entry, part, PurePosixPath(entry.name)) for entry, part in zip(rows, parts, strict=True))
    warnings = [f"What each picture shows is read from {file}, which names them in {named}."]
    if missing:
        some = ", ".join(map(quoted, missing[:_TOLD]))
        warnings.append(f"Left out: {plural(len(missing), 'row')} of {file} without a picture, such as {some}.")
    if left := len(pictures) - len(rows):
        warnings.append(f"Left out: {plural(left, 'picture')} that {file} does not name.")
    own = columns if several else ()
    return PictureLabels(placed, tuple(joined), file, columns[0], own, others, tuple(warnings))


def _label_columns(
    texts: dict[str, list[str]], others: Sequence[str], file: str, options: ImageOptions
) -> tuple[str, ...]:
    if options.label:
        return expanded((options.label, *options.more_targets), others)
    if len(others) == 1:
        return (others[0],)
    if all(looks_like_label(set(texts[name])) for name in others):
        return tuple(others)
    likely = [name for name in others if name.lower() in LABELS]
    if len(likely) == 1:
        return (likely[0],)
    listed = ", ".join(others[:_TOLD]) + (", …" if len(others) > _TOLD else "")
    raise DataError(f"{file} has several columns: {listed}. Say which one is predicted, with --label.")


def _cells(table: Gathered, name: str) -> Iterator[str]:
    column = table.cells.column(name)
    values = [*column.texts(), ""]
    return (values[code] for code in column.codes.tolist())


def _share(cells: Sequence[str], places: dict[str, PurePosixPath | None]) -> float:
    return sum(places.get(_plain(cell)) is not None for cell in cells) / max(1, len(cells))


def _plain(cell: str) -> str:
    return cell.replace("\\", "/").removeprefix("./").strip("/")


def _by_name(pictures: Sequence[PurePosixPath]) -> dict[str, PurePosixPath | None]:
    """Each picture by its path, by the end of it, and by both without the ending; None where two have the name."""
    found: dict[str, PurePosixPath | None] = {}
    for entry in pictures:
        names = ["/".join(entry.parts[start:]) for start in range(len(entry.parts))]
        for name in {*names, *(name.removesuffix(entry.suffix) for name in names)}:
            found[name] = None if name in found else entry
    return found


def _parts(entries: Sequence[PurePosixPath]) -> list[Part | None]:
    """By the nearest folder that says so, where some are to be trained on."""
    found: list[Part | None] = [next(filter(None, map(part_of, reversed(entry.parts[:-1]))), None) for entry in entries]
    return found if "train" in found else [None] * len(found)
