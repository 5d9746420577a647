"""Every data set that this host knows: those that users added, and the built-in ones, which are profiled on request."""

import contextlib
import functools
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from core.common.errors import DataError, NotFoundError
from core.common.settings import Settings
from core.common.text import quoted
from core.data.array_checks import checked
from core.data.base import DataInfo, Source
from core.data.library.describe import describe
from core.data.library.folders import private_folder, writing
from core.data.library.leaks.leak import Leak
from core.data.library.manifest import Manifest, TokenCounts
from core.data.library.profile import Profile, Sample
from core.data.library.read_options import Progress, silent
from core.data.library.store import PROFILE, listing
from core.data.prepare import fingerprint
from core.data.source_registry import SOURCES
from core.data.sources.downloads import Download
from core.data.sources.local_copies import how_to_get, present_files, read_present

BUILT_IN: Mapping[str, type[Source]] = {
    source.model_fields["source"].default: source for source in SOURCES if "dataset" not in source.model_fields
}


@dataclass(frozen=True)
class Known:
    name: str
    title: str
    summary: str
    info: DataInfo
    place: Literal["added", "bundled", "local", "missing"]  # "missing": a download that is not on this host
    bytes: int | None  # on disk
    fingerprint: str  # "" while it is not known
    manifest: Manifest | None = None  # of an added one
    tokens: TokenCounts | None = None  # of texts, where it is known
    how: str = ""  # of a missing one: what to put where
    leaks: tuple[Leak, ...] = ()  # as far as is known


def known(settings: Settings) -> list[Known]:
    """Added ones first, the newest at the top. Looks at the files of those that can be downloaded."""
    return [*map(_added, listing(settings)), *(_built_in(settings, name) for name in BUILT_IN)]


def find(settings: Settings, name: str) -> Known:
    """Raises NotFoundError."""
    added = next((each for each in listing(settings) if each.name == name), None)
    if added is not None:
        return _added(added)
    if name in BUILT_IN:
        return _built_in(settings, name)
    raise NotFoundError(
        f"There is no data set {quoted(name)} on this host. It may have been removed; the list has all."
    )


def source_of(settings: Settings, name: str) -> Source:
    """As it is, with the usual options. Raises NotFoundError."""
    found = find(settings, name)
    if found.manifest is None:
        return _source(name)
    kind = found.manifest.kind
    source = next(
        each for each in SOURCES if "dataset" in each.model_fields and each.model_fields["source"].default == kind
    )
    return source.model_validate({"source": kind, "dataset": name})


def _added(manifest: Manifest) -> Known:
    return Known(
        manifest.name,
        manifest.title,
        manifest.description,
        manifest.info,
        "added",
        manifest.bytes,
        manifest.fingerprint,
        manifest,
        manifest.tokens,
        leaks=manifest.leaks,
    )


def _built_in(settings: Settings, name: str) -> Known:
    kind = BUILT_IN[name]
    stored = built_in_profile(settings, name)
    files = present_files(name, settings) if issubclass(kind, Download) else []
    place: Literal["bundled", "local", "missing"] = "bundled"
    if issubclass(kind, Download):
        place = "local" if files else "missing"
    return Known(
        name,
        kind.title,
        kind.summary,
        _source(name).published(settings),
        place,
        sum(file.stat().st_size for file in files) or None,
        stored.fingerprint if stored else "",
        tokens=stored.tokens if stored else None,
        how=how_to_get(name, settings) if place == "missing" else "",
        leaks=stored.leaks if stored else (),
    )


def _source(name: str) -> Source:
    source: Any = BUILT_IN[name]
    made: Source = source()
    return made


@dataclass(frozen=True)
class BuiltInProfile:
    fingerprint: str
    profile: Profile
    tokens: TokenCounts | None = None  # of texts
    leaks: tuple[Leak, ...] = ()


@functools.cache
def _as_json() -> TypeAdapter[BuiltInProfile]:
    """Made once: it takes five milliseconds, and a page may ask for all sets."""
    return TypeAdapter(BuiltInProfile)


def built_in_profile(settings: Settings, name: str) -> BuiltInProfile | None:
    """The profile, None while nobody has asked for it."""
    with contextlib.suppress(OSError, ValidationError):
        return _as_json().validate_json((_folder(settings, name) / PROFILE).read_bytes())
    return None


def picture(settings: Settings, name: str, sample: Sample) -> Path:
    """The file of a built-in set's sample that has a picture."""
    return _folder(settings, name) / sample.picture


def _folder(settings: Settings, name: str) -> Path:
    return settings.datasets_dir / "profiles" / name


def make_built_in_profile(settings: Settings, name: str, progress: Progress = silent) -> BuiltInProfile:
    """Look at all of a built-in set that is on this host, and keep what was found. Raises DataError."""
    source = _source(name)
    info = source.published(settings)
    progress(0.0, "reading")
    found = read_present(name, info, settings) if isinstance(source, Download) else source.read(settings)
    if found is None:
        raise DataError(f"{source.title} is not on this host. {how_to_get(name, settings)}")
    raw = checked(found, info, source.title)
    target = _folder(settings, name)
    with private_folder(settings, "profile") as folder, writing(f"The profile of {source.title}"):
        described = describe(raw, info, folder, progress)
        made = BuiltInProfile(fingerprint(raw), described.profile, described.tokens, described.leaks)
        (folder / PROFILE).write_bytes(_as_json().dump_json(made))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        folder.rename(target)
    return made
