"""From a user's file or folder to a data set of the workspace: read, checked, split, profiled, stored."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted
from core.data.array_checks import checked
from core.data.base import DataInfo
from core.data.library import (
    array_files,
    arrays,
    corpus,
    labelled_texts,
    picture_folders,
    series_table,
    table,
    table_preview,
)
from core.data.library.content import Content
from core.data.library.describe import describe
from core.data.library.folders import added_dir, private_folder, sweep, writing
from core.data.library.manifest import DatasetKind, Manifest
from core.data.library.names import check_name
from core.data.library.other_kind import pointed
from core.data.library.read_options import (
    ArrayOptions,
    CorpusOptions,
    CorpusPreview,
    ImageOptions,
    ImagesPreview,
    Options,
    Progress,
    TableOptions,
    TablePreview,
    TextOptions,
    TextPreview,
    silent,
    within,
)
from core.data.library.renaming import renamed
from core.data.library.series_options import SeriesOptions, SeriesPreview
from core.data.library.skew import skew_note
from core.data.library.store import MANIFEST, PROFILE, write_record
from core.data.library.trees import check_size
from core.data.prepare import fingerprint


def peek_table(
    settings: Settings, path: Path, options: TableOptions | None = None, progress: Progress = silent
) -> TablePreview:
    """What a table holds and how it is understood, before it is added. Raises DataError."""
    check_size(path, settings, path.name)
    with pointed("table", path, (options.origin if options else "") or path.name):
        return table_preview.peek(settings, path, options or TableOptions(), progress)


def peek_series(
    settings: Settings, path: Path, options: SeriesOptions | None = None, progress: Progress = silent
) -> SeriesPreview:
    """What a table of series holds and how it is understood, before it is added. Raises DataError."""
    check_size(path, settings, path.name)
    return series_table.peek(settings, path, options or SeriesOptions(), progress)


def peek_text(
    settings: Settings, path: Path, options: TextOptions | None = None, progress: Progress = silent
) -> TextPreview:
    """What a file, zip or folder of labelled texts holds, before it is added. Raises DataError."""
    check_size(path, settings, path.name)
    with pointed("text", path, (options.origin if options else "") or path.name):
        return labelled_texts.peek(settings, path, options or TextOptions(), progress)


def peek_corpus(
    settings: Settings, path: Path, options: CorpusOptions | None = None, progress: Progress = silent
) -> CorpusPreview:
    """What a running text holds, before it is added. Raises DataError."""
    check_size(path, settings, path.name)
    with pointed("corpus", path, (options.origin if options else "") or path.name):
        return corpus.peek(settings, path, options or CorpusOptions(), progress)


def peek_images(
    settings: Settings, path: Path, options: ImageOptions | None = None, progress: Progress = silent
) -> ImagesPreview:
    """What a zip or folder of pictures holds, before it is added. Raises DataError."""
    check_size(path, settings, path.name)
    with pointed("images", path, (options.origin if options else "") or path.name):
        return picture_folders.peek(settings, path, options or ImageOptions(), progress)


def add_table(
    settings: Settings, name: str, path: Path, options: TableOptions, progress: Progress = silent
) -> Manifest:
    """A file of rows in one of `table_files.formats`; or a zip or folder with those to train, validate and test on."""
    return _added(
        settings, "table", name, path, options, progress, lambda _, told: table.read(settings, path, options, told)
    )


def add_series(
    settings: Settings, name: str, path: Path, options: SeriesOptions | None = None, progress: Progress = silent
) -> Manifest:
    """A table, as `add_table`, with a row for each time of one or several series."""
    chosen = options or SeriesOptions()
    return _added(
        settings,
        "series",
        name,
        path,
        chosen,
        progress,
        lambda _, told: series_table.read(settings, path, chosen, told),
    )


def add_images(
    settings: Settings, name: str, path: Path, options: ImageOptions | None = None, progress: Progress = silent
) -> Manifest:
    """A zip or folder with a folder of pictures for each class, or pictures and a table that says what each shows; in
    or around them may be train, val and test."""
    chosen = options or ImageOptions()
    return _added(
        settings,
        "images",
        name,
        path,
        chosen,
        progress,
        lambda folder, told: picture_folders.read(settings, path, chosen, folder, told),
    )


def add_text(
    settings: Settings, name: str, path: Path, options: TextOptions | None = None, progress: Progress = silent
) -> Manifest:
    """A CSV or TSV file with a column of labels and one of texts; or a zip or folder with, for each class, a file with
    a text on each line, or a folder with a text in each file; in folders or files train, val and test."""
    chosen = options or TextOptions()
    return _added(
        settings,
        "text",
        name,
        path,
        chosen,
        progress,
        lambda _, told: labelled_texts.read(settings, path, chosen, told),
    )


def add_corpus(
    settings: Settings, name: str, path: Path, options: CorpusOptions | None = None, progress: Progress = silent
) -> Manifest:
    """A file of text or JSON; or a zip or folder of such files, joined in the order of their names."""
    chosen = options or CorpusOptions()
    return _added(
        settings, "corpus", name, path, chosen, progress, lambda _, told: corpus.read(settings, path, chosen, told)
    )


def add_arrays(
    settings: Settings, name: str, path: Path, options: ArrayOptions | None = None, progress: Progress = silent
) -> Manifest:
    """An npz file. What has the shape and type of pictures, uint8 with three or four axes, becomes images."""
    chosen = options or ArrayOptions()
    return _added(
        settings, "arrays", name, path, chosen, progress, lambda _, told: arrays.read(settings, path, chosen, told)
    )


def add(
    settings: Settings, kind: str, name: str, path: Path, options: Options | None = None, progress: Progress = silent
) -> Manifest:
    """By the kind's name; the options are those of that kind. Raises DataError for a kind that is not known, too."""
    if kind == "table":
        if not isinstance(options, TableOptions):
            raise DataError("A table needs a target: the column that is to be predicted.")
        return add_table(settings, name, path, options, progress)
    adders: dict[str, Callable[..., Manifest]] = {
        "images": add_images,
        "text": add_text,
        "corpus": add_corpus,
        "series": add_series,
        "arrays": add_arrays,
    }
    if kind not in adders:
        raise DataError(f"There is no kind {quoted(kind)} of data set; accepted are table, {', '.join(adders)}.")
    return adders[kind](settings, name, path, options, progress)


def _named(info: DataInfo, options: Options, origin: str) -> DataInfo:
    """With the names that are given for its classes. Raises DataError."""
    if not options.class_names:
        return info
    if not info.class_names:
        raise DataError(f"{origin} has no classes to name: its task is {info.task}. Leave the names of classes out.")
    return replace(info, class_names=renamed(info.class_names, options.class_names, origin))


def _added(
    settings: Settings,
    kind: DatasetKind,
    name: str,
    path: Path,
    options: Options,
    progress: Progress,
    read: Callable[[Path, Progress], Content],
) -> Manifest:
    """Read into a folder of its own, which gets its name when all is there."""
    check_name(settings, name)
    origin = options.origin or path.name
    check_size(path, settings, origin)
    sweep(settings)
    with private_folder(settings, "adding") as folder, writing(name):
        with pointed(kind, path, origin):
            content = read(folder, within(progress, 0.0, 0.6))
        info = _named(content.info, options, origin)
        raw = content.raw if info.kind == "corpus" else checked(content.raw, info, origin)
        progress(0.6, "storing")
        array_files.write(folder, raw, info)
        described = describe(raw, info, folder, within(progress, 0.7, 0.95), content.original_sizes)
        write_record(folder / PROFILE, described.profile)
        progress(0.95, "storing")
        note = skew_note(raw.y_train, info.target) if info.predicts_numbers else ""
        manifest = Manifest(
            name,
            "images" if info.kind == "image" else kind,
            options.title or name,
            options.description,
            origin,
            time.time(),
            settings.user,
            fingerprint(raw),
            sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
            info,
            described.tokens,
            (*content.warnings, *filter(None, [note])),
            described.leaks,
        )
        write_record(folder / MANIFEST, manifest)
        check_name(settings, name)  # nobody was faster
        folder.rename(added_dir(settings) / name)
    progress(1.0, "stored")
    return manifest
