"""Where Traindeck keeps its things and how it behaves on this host; every value can be set as TRAINDECK_<NAME>."""

import getpass
import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from db.urls import shown, sqlite_file, sqlite_url

PROJECT_ROOT = Path(__file__).parents[2]  # what `python -m core` is run in


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose uid has no passwd entry
        return "unknown"


def _half_the_memory() -> int:
    return max(1024, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**21)


class Settings(BaseSettings):
    """Passed to whoever needs it; nothing in the program reads a path from a module global."""

    model_config = SettingsConfigDict(env_prefix="TRAINDECK_", frozen=True, env_ignore_empty=True)

    home: Path = Field(Path("workspace"), description="Folder of the database, the runs' files and added data sets.")
    db_url: str | None = Field(
        None, repr=False, description="SQLAlchemy URL of another database; SQLite in `home` when not set."
    )
    data_roots: Annotated[tuple[Path, ...], NoDecode] = Field(
        (), description="Folders of this host whose files the pages may add as data sets; workspace/inbox if not set."
    )
    script_roots: Annotated[tuple[Path, ...], NoDecode] = Field(
        (), description="Folders of this host whose scripts the pages may launch; workspace/projects if not set."
    )
    data_dir: Path | None = Field(None, description="Folder with local copies of downloadable data sets, <name>/….")
    user: str = Field(default_factory=_login_name, description="Name recorded as the one who launched a run.")
    standby: bool = Field(True, description="Keep a process with TensorFlow imported, so that runs start at once.")
    spare: bool = Field(
        True, description="Keep a process ahead that has trained something, so that runs without GPUs begin sooner."
    )
    allowed_hosts: str = Field(
        "", description="Names by which browsers reach the dashboard beside localhost, separated by commas; * for any."
    )
    cpu_slots: int | None = Field(
        None, ge=0, description="Runs that may train on the CPU at the same time; 1 without GPUs, 0 with them."
    )
    check_seconds: float = Field(
        1.0,  # most networks are built in a third of that
        ge=0,
        description="Seconds that `launch` waits for a network to be built before it queues the run all the same.",
    )
    plain: bool = Field(
        False,
        description="Do without what leans on the insides of Streamlit, Plotly and Keras; slower, for odd versions.",
    )
    silence_seconds: float = Field(
        300.0, gt=0, description="Seconds after which a run that a client reports counts as lost; it may come back."
    )
    mlflow_artifact_root: str = Field(
        "",
        description="Where MLflow's clients put the files of new experiments by themselves, such as s3://bucket/runs "
        "or file:///shared/runs; sent to this server when empty.",
    )
    max_upload_mb: int = Field(2048, ge=1, description="Largest file or folder that is added as a data set, in MB.")
    max_unpacked_mb: int = Field(8192, ge=1, description="Most that an added zip file may hold unpacked, in MB.")
    max_ratio: int = Field(200, ge=1, description="Most times that an added zip file may grow when it is unpacked.")
    max_reading_mb: int = Field(
        default_factory=_half_the_memory, ge=256, description="Memory in MB that reading an added data set may take."
    )
    max_reading_seconds: int = Field(3600, ge=1, description="Seconds that reading an added data set may take.")
    max_examples: int = Field(5_000_000, ge=1, description="Most examples of an added data set.")
    max_columns: int = Field(2000, ge=1, description="Most columns of an added table.")
    max_classes: int = Field(1000, ge=2, description="Most classes of an added data set.")
    max_pixels: int = Field(50_000_000, ge=1, description="Most pixels of a picture in an added data set.")

    @field_validator("home", "data_dir")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        # Child processes get these paths and may run in another folder.
        return value.expanduser().resolve() if value else value

    @field_validator("data_roots", "script_roots", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        """As PATH is written: folders with a colon between them."""
        return tuple(filter(None, value.split(os.pathsep))) if isinstance(value, str) else value

    @field_validator("data_roots", "script_roots")
    @classmethod
    def _each_absolute(cls, value: tuple[Path, ...]) -> tuple[Path, ...]:
        return tuple(path.expanduser().resolve() for path in value)

    @field_validator("mlflow_artifact_root")
    @classmethod
    def _address(cls, value: str) -> str:
        """A folder is told as clients on this host, or on others that have it at the same place, are to find it."""
        place = value.rstrip("/")
        return place if not place or "://" in place else Path(place).expanduser().resolve().as_uri()

    @property
    def allowed_roots(self) -> tuple[Path, ...]:
        """Folders of this host that the pages may read data sets from."""
        return self.data_roots or (self.inbox_dir,)

    @property
    def allowed_script_roots(self) -> tuple[Path, ...]:
        """Folders of this host whose scripts the pages may launch."""
        return self.script_roots or (self.home / "projects",)

    @property
    def hosts_allowed(self) -> list[str]:
        return [name.strip() for name in self.allowed_hosts.split(",") if name.strip()]

    @property
    def database_url(self) -> str:
        return self.db_url or sqlite_url(self.home / "traindeck.db")

    @property
    def shown_database_url(self) -> str:
        """For messages and pages: without a password."""
        return shown(self.database_url)

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, or None when the store is a database server."""
        return sqlite_file(self.database_url)

    @property
    def runs_dir(self) -> Path:
        return self.home / "runs"

    @property
    def datasets_dir(self) -> Path:
        """Downloads and added data sets."""
        return self.home / "datasets"

    @property
    def models_dir(self) -> Path:
        """What registered models keep."""
        return self.home / "models"

    @property
    def code_dir(self) -> Path:
        """Snapshots of the code of scripts."""
        return self.home / "code"

    @property
    def inbox_dir(self) -> Path:
        """Where people of this host put files that they want to add as data sets."""
        return self.home / "inbox"

    @property
    def cache_dir(self) -> Path:
        """What saves time, and may be deleted while nothing runs."""
        return self.home / "cache"

    def run_dir(self, run_id: int) -> Path:
        return self.runs_dir / str(run_id)

    def log_file(self, run_id: int) -> Path:
        return self.run_dir(run_id) / "log.txt"

    def environment(self) -> dict[str, str]:
        """These settings as environment variables, for a child process."""
        values = self.model_dump(exclude_none=True)
        for name in ("data_roots", "script_roots"):
            values[name] = os.pathsep.join(map(str, values[name]))
        return {f"TRAINDECK_{name.upper()}": str(value) for name, value in values.items()}
