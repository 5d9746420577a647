"""The worker that exports a version of a model; see core.jobs.export."""

import json
import shutil
import socket
import time
import traceback
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import db.events
import db.registry_exports
from core import models
from core.common.context import Actor, Context
from core.common.errors import NotFoundError, TraindeckError
from core.common.text import first_line
from core.data.data_info import Array, Examples
from core.data.examples import count
from core.data.number_scaling import Numbers, of_inputs, restored
from core.data.vocabulary import Vocabulary
from core.evaluation.outputs import outputs
from core.explain.explain_exported import BACKGROUND
from core.explain.explained_row import ROWS, sampled
from core.export import asked_examples, bundle, comparing, networks, uploaded_exports
from core.export.comparing import Asked
from core.export.networks import ExportError
from core.inference import description
from core.inference.export_formats import FORMATS, Format
from core.inference.inputs import network_inputs
from core.inference.model import Model
from core.jobs.export import Exported, Request, late
from core.models import exports, version_files, version_manifest
from core.models.exports import Measured
from core.models.version_manifest import Manifest
from core.runs.events import model_event
from core.runs.permissions import Action
from core.serving import training_profile as profile
from core.tracking.full_disk import problem_of
from core.workers.work import Work
from db.registry_records import ExportRecord, VersionRecord

_PIECE = 2**20  # bytes


def answer(work: Work, asked: Request) -> Exported:
    """Whatever goes wrong is told as its problem."""
    if asked.until is not None and time.time() > asked.until:
        return Exported(problem=late(asked.format))
    context = Context(work.workspace, Actor(asked.actor, asked.actor_kind))
    try:
        version = models.find(context, asked.reference)
        if version.id != asked.version_id:
            raise NotFoundError(f"{asked.reference} was deleted in the meantime.")
        return _Export(work, context, version, FORMATS[asked.format]).made()
    except Exception as error:  # noqa: BLE001 - whatever a network, a converter or a disk raises
        if _is_gone(context, asked):  # with its files, which is no fault of the format
            return Exported(problem=f"{asked.reference} was deleted in the meantime, so it is not exported.")
        if isinstance(error, TraindeckError):
            return Exported(problem=problem_of(error))
        traceback.print_exc()
        return Exported(problem=problem_of(error, f"The export failed: {type(error).__name__}: {first_line(error)}"))


def _is_gone(context: Context, asked: Request) -> bool:
    try:
        return models.find(context, asked.reference).id != asked.version_id
    except NotFoundError:
        return True
    except TraindeckError:  # the store is out of reach
        return False


@dataclass(frozen=True)
class _Put:
    """Of a network that was written."""

    batch: int | None  # examples that it takes at a time; None for any number
    original: Array | None  # outputs; None where the file is the original
    portable: Any  # keras.Model; None of a runtime's file
    tolerance: float | None
    normal: dict[str, Any] | None = None  # how rows are normalised before the network; None where it does that


@dataclass(frozen=True)
class _Export:
    work: Work
    context: Context
    version: VersionRecord
    form: Format

    def made(self) -> Exported:
        """Raises TraindeckError, OSError."""
        place = exports.place(self.work.settings, self.version, self.form.name)
        exports.remove_left_behind(self.work.settings)
        scratch = exports.scratch(place)
        folder = scratch / "bundle"
        folder.mkdir(parents=True)
        try:
            found = self._written(folder, scratch)
            if not found.passed:
                raise ExportError(self._apart(found))
            self._keep(folder, place, found)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return Exported(name=place.name, folder=str(place), size=found.size, measured=found.model_dump(mode="json"))

    def _written(self, folder: Path, scratch: Path) -> Measured:
        """The whole folder, and what was measured of it."""
        known = version_manifest.of_version(self.context, self.version)
        network = models.network_file(self.work.settings, self.version)
        self.work.progress("loading the test set", 0.0)
        words = network.with_name("vocabulary.json")
        vocabulary = Vocabulary.load(words) if known.info.vocabulary else None
        numbers = restored(known.numbers) if known.numbers else Numbers()
        data = uploaded_exports.examples(self.work.settings, self.version, known, vocabulary)
        x = data.x
        # What is meant to differ is judged by the test set alone.
        compared = x if self.form.tolerance is None or data.y is None else asked_examples.with_odd(x, known, numbers)
        put = self._put(known, network, data.learned_from, compared, folder)
        if vocabulary is not None:
            bundle.put_vocabulary(words, folder)
        described = {
            "model": self.version.model,
            "version": self.version.number,
            "network": {
                "format": self.form.engine,
                "file": self.form.file,
                "batch": put.batch,
                "normal": put.normal,
            },
        }
        instances = asked_examples.instances(known.info, x, data.texts, vocabulary)
        bundle.write(folder, known, described, self.form, instances)
        original = Model(folder).outputs(compared) if put.original is None else put.original
        if known.info.kind in ("table", "rows"):
            sample = sampled(x, made=data.y is None)
            rows = asked_examples.instances(known.info, sample.rows, None, None, ROWS)
            kept = {"rows": rows, "of": sample.of, "made": sample.made}
            (folder / BACKGROUND).write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        if data.learned is not None:
            described_as = description.read(folder)
            profile.write(folder, profile.made(described_as, data.learned, numbers.of_outputs(original[: count(x)])))
        try:
            found = comparing.in_own_process(folder, compared, scratch, lambda text: self.work.progress(text, 0.6))
        except comparing.LateError:
            raise
        except TraindeckError as error:  # it was written, and its runtime has not all that it needs
            if put.portable is None:
                raise
            raise networks.refused(put.portable, self.form, error) from error
        asked, size = Asked(compared, original, data.y), _size(folder, self.form)
        measured = comparing.compared(known, asked, found, put.tolerance, size)
        return measured.model_copy(update={"zipped": _zipped(folder, self.form)})

    def _put(self, known: Manifest, network: Path, learned: Examples, compared: Examples, folder: Path) -> "_Put":
        """The network's file. Raises ExportError."""
        if network.suffix != ".keras":
            batch = uploaded_exports.put(self.version, network, self.form, folder)
            return _Put(batch, None, None, self.form.tolerance)
        numbers = restored(known.numbers) if known.numbers else Numbers()
        self.work.progress("loading the network", 0.1)
        model = networks.load(network, self.version.run_uid)
        self.work.progress("asking the original", 0.2)
        original = outputs(networks.asked(model, known), of_inputs(numbers, compared), lambda: None)
        self.work.progress(f"writing {self.form.title}", 0.3)
        portable, normal = networks.after_columns(networks.portable(model, known, self.form), known.info, self.form)
        given = description.Normal(**normal) if normal else None
        examples = network_inputs(known.info, numbers, learned, given)
        batch = networks.write(portable, self.form, folder / self.form.file, examples)
        return _Put(batch, original, portable, networks.tolerance(model, self.form), normal)

    def _apart(self, found: Measured) -> str:
        most = "" if found.tolerance is None else f", at most {found.tolerance:.2g} is taken"
        return (
            f"As {self.form.title} the network answers otherwise: an output differs by {found.difference:.2g}{most}. "
            "It was not kept. Export it in another format."
        )

    def _keep(self, folder: Path, place: Path, found: Measured) -> None:
        """In the store and in its place."""
        record = ExportRecord(
            version_id=self.version.id,
            name=place.name,
            format=self.form.engine,
            host=socket.gethostname(),
            size=found.size,
            sha256=_sha256(folder / self.form.file),
            measured=found.model_dump(mode="json"),
            created_by=self.context.actor.name,
            created_at=time.time(),
        )
        # Renamed while the store is held for writing, so that of two at once one waits; back if it cannot be committed.
        with ExitStack() as until_stored, self.context.workspace.write() as session:
            if not db.registry_exports.put(session, record):
                raise NotFoundError(f"{self.version.title} was deleted in the meantime.")
            told = {"version": self.version.number, "export": place.name}
            event = model_event(self.context, Action.EXPORT, self.version.model, {}, told)
            db.events.add(session, [event])
            until_stored.enter_context(version_files.swapped(folder, place, folder.with_name("before")))


def _size(folder: Path, form: Format) -> int:
    return sum(each.stat().st_size for each in _files(folder / form.file))


def _zipped(folder: Path, form: Format) -> int:
    """Of a network with many zeros it is much less."""
    total = 0
    for path in _files(folder / form.file):
        packer = zlib.compressobj()
        with path.open("rb") as file:
            total += sum(len(packer.compress(piece)) for piece in iter(lambda: file.read(_PIECE), b""))
        total += len(packer.flush())
    return total


def _files(path: Path) -> list[Path]:
    return [each for each in ([path] if path.is_file() else path.rglob("*")) if each.is_file()]


def _sha256(path: Path) -> str:
    """Of a file; of a folder that of its manifest file."""
    return version_files.sha256(path if path.is_file() else path / "saved_model.pb")
