"""W&B's `Artifact`: files under one name, for `log_artifact`."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from .notices import tell
from .spooled_files import files_to_log


class Artifact:
    """Files that are logged together, below its name. Versions and aliases are no idea of Traindeck's runs."""

    def __init__(self, name: str, type: str = "", description: str = "", metadata: Any = None, **_options: Any) -> None:
        self.name, self.type, self.description, self.metadata = str(name), type, description, metadata
        self.entries: list[tuple[Path, str]] = []  # a file or folder, and what it is called within
        self._made: tempfile.TemporaryDirectory[str] | None = None

    def add_file(self, local_path: str | Path, name: str | None = None, **_options: Any) -> None:
        """A file, as it is when the artifact is logged."""
        self.entries.append((Path(local_path), name or Path(local_path).name))

    def add_dir(self, local_path: str | Path, name: str | None = None, **_options: Any) -> None:
        """All files in a folder, as they are when the artifact is logged."""
        try:
            for file, inside in files_to_log(local_path, name or "."):
                self.entries.append((file, inside.removeprefix("./")))
        except (OSError, ValueError, TypeError) as error:
            tell(f"add_dir() added nothing: {error}")

    @contextlib.contextmanager
    def new_file(self, name: str, mode: str = "w", **_options: Any) -> Iterator[IO[Any]]:
        """A file to write into, within the block."""
        self._made = self._made or tempfile.TemporaryDirectory(prefix="traindeck-")
        path = Path(self._made.name, str(len(self.entries)))
        with path.open(mode) as file:
            yield file
        self.entries.append((path, str(name)))

    def add(self, _thing: Any, name: str = "") -> None:
        tell(f"add() took nothing as {name!r}: files are kept; log() shows tables, pictures and the like")

    def add_reference(self, uri: Any, name: str | None = None, **_options: Any) -> None:
        tell(f"add_reference() left out {str(name or uri)[:100]!r}: files of this host are kept")

    def download(self, root: str | Path | None = None, **_options: Any) -> str:
        """Its files in a folder, `root` or artifacts/NAME; returns that.

        Raises:
            FileNotFoundError: this script did not make it, and another run's are not fetched.
        """
        if not self.entries:
            raise FileNotFoundError(
                f"traindeck: the artifact {self.name[:100]!r} is not fetched: files of runs are downloaded from their "
                "pages, or at /api/v1/runs/NUMBER/artifacts/PATH of the server. Put it on this host, and read it there."
            )
        folder = Path(root or Path("artifacts", Path(self.name).name))
        for file, inside in self.entries:
            target = folder / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        return str(folder)

    def wait(self, *_args: Any, **_options: Any) -> "Artifact":
        """It is on its way; nothing waits for it."""
        return self

    save = wait
