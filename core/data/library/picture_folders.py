"""Pictures in folders of classes or with a table of labels, packed as a zip or not, stored at one size."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from statistics import median

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural
from core.data.base import Array, DataInfo, Part, Raw
from core.data.label_sets import counts_of
from core.data.library.array_files import array_file, load_array
from core.data.library.content import Content
from core.data.library.cutting import cut
from core.data.library.file_groups import found_in_names, moments_of_names
from core.data.library.part_names import part_of
from core.data.library.picture_depth import white_of_all
from core.data.library.picture_labels import PictureLabels, picture_labels
from core.data.library.picture_targets import peeked_pictures, picture_targets
from core.data.library.placing import Placed
from core.data.library.read_options import ImageOptions, ImagesPreview, Progress, within
from core.data.library.splitting import check_count, rare
from core.data.library.trees import Tree, opened
from core.data.picture_files import BrokenPictureError, Header, header, pixels
from core.data.picture_formats import ACCEPTED, SUFFIXES

_LARGEST_KEPT = 256  # pixels of a side, when all pictures have one size
_SQUARES = (128, 96, 64, 48, 32)
_PEEKED = 1000
_PIECE = 256  # pictures at a time
_TOP_SIZES = 10
_PACKED = (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar", ".bz2", ".xz")
_BYTES_PER_PIXEL = 8  # of a file, at most: 16 bits, four channels


@dataclass(frozen=True)
class _Labelled:
    """Files with their classes, by path."""

    placed: tuple[Placed, ...]
    labels: tuple[str, ...]
    others: tuple[str, ...]  # files that are no pictures by their names
    warnings: tuple[str, ...]
    table: PictureLabels | None = None  # that the labels are from, where they are not folders

    def at(self, kept: Array) -> "_Labelled":
        """Those that are marked, bool [pictures]."""
        places = np.flatnonzero(kept).tolist()
        placed = tuple(self.placed[at] for at in places)
        return replace(self, placed=placed, labels=tuple(self.labels[at] for at in places))

    @property
    def parts(self) -> list[Part | None]:
        return [each.part for each in self.placed]


def peek(settings: Settings, path: Path, options: ImageOptions, progress: Progress) -> ImagesPreview:
    with opened(path, settings, options.origin or path.name) as tree:
        found = _labelled(tree, settings, options)
        targets, problem = peeked_pictures(found.labels, found.table, options, tree.name, settings)
        some = found.placed[:: max(1, len(found.placed) // _PEEKED)][:_PEEKED]
        headers, broken = _headers(tree, some, settings, progress)
        size = _size(list(headers.values()), ImageOptions())[0] if headers else (0, 0)
        counts = counts_of(targets.y, len(targets.names)) if targets and targets.names else ()
        table = found.table
        return ImagesPreview(
            dict(zip(targets.names, counts, strict=True)) if targets else {},
            found.parts.count("test"),
            _sizes(headers.values()),
            size,
            tuple(broken),
            found.parts.count("validation"),
            found.warnings,
            table.file if table else "",
            table.columns if table else (),
            table.column if table else "",
            targets.task if targets else "multiclass",
            targets.told if targets else (),
            problem,
        )


def read(settings: Settings, path: Path, options: ImageOptions, folder: Path, progress: Progress) -> Content:
    name = options.origin or path.name
    with opened(path, settings, name) as tree:
        found = _labelled(tree, settings, options)
        check_count(len(found.placed), name, settings)
        targets = picture_targets(found.labels, found.table, options, name, settings)
        found = found.at(targets.kept)
        names = targets.names
        headers, broken = _headers(tree, found.placed, settings, within(progress, 0, 0.3))
        if not options.skip_broken:
            _refuse_broken(broken, name)
        (height, width), warnings = _size(list(headers.values()), options)
        warnings += _several(found.placed, headers)
        white, told = white_of_all(tree, found.placed, headers, options, settings)
        warnings += told
        grey = all(each.grey for each in headers.values())
        shape = (height, width, 1 if grey else 3)
        if len(headers) * np.prod(shape) > settings.max_unpacked_mb * 1024**2:
            raise DataError(
                f"{name}: {len(headers):,} pictures of {width} x {height} need more than {settings.max_unpacked_mb:,} "
                "MB. Take a smaller size, or raise TRAINDECK_MAX_UNPACKED_MB."
            )
        kept, failed = _decode(tree, found.placed, headers, shape, white, folder, settings, within(progress, 0.3, 1))
    broken += failed
    if not options.skip_broken:
        _refuse_broken(broken, name)
    y = targets.y[kept]
    entries = [found.placed[at].entry for at in kept]
    parts = cut(
        y,
        names,
        [found.parts[at] for at in kept],
        options,
        name,
        found_in_names(entries, options.group, name) if options.group else None,
        *moments_of_names(entries, options.time, name),
    )
    raw = replace(_parted(folder, shape, y, parts.rows), groups=parts.groups)
    warnings = [*found.warnings, *targets.told, *parts.warnings, *warnings]
    warnings += rare(y[parts.train], names) if names else []
    warnings += [f"Left out: {plural(len(broken), 'file')} that cannot be read: {_some(broken)}."] if broken else []
    others = f"{plural(len(found.others), 'file')} with other endings than those of pictures"
    warnings += [f"Left out: {others}: {_some(found.others)}."] if found.others else []
    target = found.table.column if found.table and not found.table.label_columns else ""
    sizes = len(parts.train), len(parts.rows["test"])
    info = DataInfo(shape, names, *sizes, targets.task, "image", target=target, white=white, **parts.facts)
    return Content(raw, info, tuple(warnings), _sizes(headers.values()))


def _labelled(tree: Tree, settings: Settings, options: ImageOptions) -> _Labelled:
    """The pictures and their classes. Raises DataError: none, beside the folders, or an empty folder."""
    others = tuple(str(entry) for entry in sorted(tree.sizes) if entry.suffix.lower() not in SUFFIXES)
    if table := picture_labels(tree, settings, options):
        beside = tuple(each for each in others if each != table.file)
        return _Labelled(table.placed, table.cells, beside, table.warnings, table)
    layout = tree.laid_out(lambda entry: entry.suffix.lower() in SUFFIXES)
    placed = layout.placed
    if not placed:
        packed = next((str(entry) for entry in sorted(tree.sizes) if entry.suffix.lower() in _PACKED), "")
        raise DataError(
            f"{tree.name} holds no pictures; accepted are files that end in {', '.join(SUFFIXES)}."
            f"{f' {packed} is packed: unpack it.' if packed else ''}"
        )
    loose = [each.entry for each in placed if len(each.path.parts) == 1]
    if loose:
        raise DataError(
            f"{tree.name}: {loose[0]} lies in no folder of a class. Put the pictures of each class into a folder that "
            "has the name of the class, such as cats/1.jpg and dogs/1.jpg; or add a table, such as labels.csv, "
            "that names each picture and what it shows."
        )
    empty = _empty_folders(tree, placed)
    if empty:
        raise DataError(f"{tree.name}: the class folder {empty[0]} holds no pictures. Fill it, or leave it out.")
    labels = tuple(each.path.parts[0] for each in placed)
    return _Labelled(placed, labels, others, layout.warnings)


def _empty_folders(tree: Tree, placed: Sequence[Placed]) -> list[str]:
    """Folders beside those of the classes in which no picture lies, at whatever depth."""
    classes = {each.entry.parents[len(each.path.parts) - 2] for each in placed}
    beside = {folder.parent for folder in classes}
    folders = tree.folders | {parent for entry in tree.sizes for parent in entry.parents}
    named = {folder for folder in folders if folder.parent in beside and folder != PurePosixPath(".")}
    return sorted(str(folder) for folder in named - classes - beside if part_of(folder.name) is None)


def _headers(
    tree: Tree, placed: Sequence[Placed], settings: Settings, progress: Progress
) -> tuple[dict[int, Header], list[str]]:
    """By position, and files that are no pictures, each with why."""
    found: dict[int, Header] = {}
    broken = []
    for at, each in enumerate(placed):
        if at % 100 == 0:
            progress(at / len(placed), f"{at:,} of {len(placed):,} pictures looked at")
        try:
            if tree.sizes[each.entry] > settings.max_pixels * _BYTES_PER_PIXEL:
                raise BrokenPictureError("the file is too large")
            found[at] = header(tree.read(each.entry), settings.max_pixels)
        except BrokenPictureError as error:
            broken.append(f"{each.entry} ({error})")
    return found, broken


def _refuse_broken(broken: Sequence[str], name: str) -> None:
    if broken:
        raise DataError(
            f"{name}: {plural(len(broken), 'file')} cannot be read as pictures: {_some(broken)}. Accepted are whole "
            f"{ACCEPTED} files. Take them out or replace them, or choose to leave broken files out."
        )


def _several(placed: Sequence[Placed], headers: dict[int, Header]) -> list[str]:
    """Animated pictures and files of several pages: only one of each is an example."""
    found = [str(placed[at].entry) for at, each in headers.items() if each.several]
    if not found:
        return []
    hold = "holds" if len(found) == 1 else "hold"
    return [f"{plural(len(found), 'file')} {hold} several pictures, of which the first is taken: {_some(found)}."]


def _some(broken: Sequence[str]) -> str:
    return ", ".join(broken[:5]) + (", …" if len(broken) > 5 else "")


def _size(headers: Sequence[Header], options: ImageOptions) -> tuple[tuple[int, int], list[str]]:
    """Height and width to store, and what there is to tell."""
    sizes = {(each.height, each.width) for each in headers}
    if options.size is not None:
        height, width = options.size
        if not (1 <= height <= 2048 and 1 <= width <= 2048):
            raise DataError(f"Pictures are stored with sides of 1 to 2048 pixels; received {width} x {height}.")
        return options.size, []
    if len(sizes) == 1 and max(next(iter(sizes))) <= _LARGEST_KEPT:
        return next(iter(sizes)), []
    if not headers:
        return (_SQUARES[0], _SQUARES[0]), []
    shorter = median(min(each.height, each.width) for each in headers)
    side = next((square for square in _SQUARES if square <= shorter), _SQUARES[-1])
    told = "several sizes" if len(sizes) > 1 else f"{headers[0].width} x {headers[0].height} pixels"
    return (side, side), [f"The pictures have {told}; they are stored as {side} x {side}, stretched where needed."]


def _sizes(headers: Iterable[Header]) -> tuple[tuple[str, int], ...]:
    counts = Counter(f"{each.width}x{each.height}" for each in headers)
    return tuple(counts.most_common(_TOP_SIZES))


def _decode(
    tree: Tree,
    placed: Sequence[Placed],
    headers: dict[int, Header],
    shape: tuple[int, ...],
    white: int,
    folder: Path,
    settings: Settings,
    progress: Progress,
) -> tuple[list[int], list[str]]:
    """Pixels one after the other into a file; the positions of those that were read, and what failed.

    Written as it comes, not memory-mapped: on a full disk that raises OSError and does not end the process.
    """
    kept, failed = [], []
    with (folder / "all").open("wb") as file:
        for done, at in enumerate(headers):
            entry = placed[at].entry
            try:
                found = pixels(
                    tree.read(entry),
                    *shape[:2],
                    grey=shape[2] == 1,
                    max_pixels=settings.max_pixels,
                    white=white,
                )
            except BrokenPictureError as error:
                failed.append(f"{entry} ({error})")
                continue
            file.write(np.ascontiguousarray(found).data)
            kept.append(at)
            if done % 20 == 0:
                progress(done / len(headers), f"{done:,} of {len(headers):,} pictures")
    return kept, failed


def _parted(folder: Path, shape: tuple[int, ...], y: Array, parts: Mapping[Part, Array]) -> Raw:
    """The pixels as one file for each part."""
    everything = np.memmap(folder / "all", np.uint8, "r", shape=(len(y), *shape))
    x: dict[Part, Array] = {}
    for part, rows in parts.items():
        file = array_file(folder, "x", part)
        with file.open("wb") as target:
            facts = {"descr": "|u1", "fortran_order": False, "shape": (len(rows), *shape)}
            np.lib.format.write_array_header_1_0(target, facts)
            for start in range(0, len(rows), _PIECE):
                target.write(np.ascontiguousarray(everything[rows[start : start + _PIECE]]).data)
        x[part] = load_array(file)
    del everything
    (folder / "all").unlink()
    given = parts.get("validation")
    x_val, y_val = (None, None) if given is None else (x["validation"], y[given])
    return Raw(x["train"], y[parts["train"]], x["test"], y[parts["test"]], x_val, y_val)
