"""The data sets of the claims that no source has built in, added as a user would add them."""

import csv
import functools
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from core.common.settings import Settings
from core.data import library

POETS = 6  # the most frequent ones


@functools.cache
def data_folder() -> Path | None:
    """TRAINDECK_DATA_DIR; None, and a sentence on standard error, where there is no such folder."""
    named = os.environ.get("TRAINDECK_DATA_DIR", "")
    if named and Path(named).is_dir():
        return Path(named)
    sys.stderr.write(
        f"TRAINDECK_DATA_DIR names no folder (received {named!r}), so what needs its data is left out: it should hold "
        "Keras's mnist/, fashion_mnist/ and cifar10/, and text_en/, text_zh/ and corpora/ as benchmarks/claims_data.py "
        "reads them.\n"
    )
    return None


def add_data_sets(settings: Settings) -> None:
    """Rotten Tomatoes, take-away reviews, poets, Shakespeare and Tang poems; those that are there already stay."""
    source = data_folder()
    if source is None:
        return
    known = {manifest.name for manifest in library.listing(settings)}
    with tempfile.TemporaryDirectory() as folder:
        for name, add in ADDERS.items():
            if name not in known:
                add(settings, name, source, Path(folder))


def _rotten_tomatoes(settings: Settings, name: str, source: Path, folder: Path) -> None:
    classes = folder / name
    classes.mkdir()
    for label, file in (("negative", "rt-polarity.neg"), ("positive", "rt-polarity.pos")):
        (classes / f"{label}.txt").write_bytes((source / "text_en" / file).read_bytes())
    library.add_text(settings, name, classes, library.TextOptions(title="Rotten Tomatoes sentences"))


def _waimai(settings: Settings, name: str, source: Path, folder: Path) -> None:
    options = library.TextOptions(title="Take-away reviews", text="review", label="label")
    library.add_text(settings, name, source / "text_zh" / "waimai_10k.csv", options)


def _poets(settings: Settings, name: str, source: Path, folder: Path) -> None:
    poems = _poems(source)
    frequent = [poet for poet, _ in Counter(poem["author"] for poem in poems).most_common(POETS)]
    file = folder / "poets.csv"
    with file.open("w", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["poet", "poem"])
        rows.writerows((poem["author"], poem["text"]) for poem in poems if poem["author"] in frequent)
    library.add_text(settings, name, file, library.TextOptions(title="Tang poets", text="poem", label="poet"))


def _shakespeare(settings: Settings, name: str, source: Path, folder: Path) -> None:
    options = library.CorpusOptions(title="Tiny Shakespeare")
    library.add_corpus(settings, name, source / "corpora" / "tinyshakespeare.txt", options)


def _tang_poems(settings: Settings, name: str, source: Path, folder: Path) -> None:
    file = folder / "tang.txt"
    file.write_text("\n".join(poem["text"] for poem in _poems(source)))
    library.add_corpus(settings, name, file, library.CorpusOptions(title="Tang poems"))


def _poems(source: Path) -> list[dict[str, str]]:
    with (source / "corpora" / "tang_poems_20k.tsv").open(newline="") as opened:
        return list(csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE))


ADDERS: dict[str, Callable[[Settings, str, Path, Path], None]] = {
    "rotten-tomatoes": _rotten_tomatoes,
    "waimai": _waimai,
    "tang-poets": _poets,
    "tiny-shakespeare": _shakespeare,
    "tang-poems": _tang_poems,
}
