"""GET /exports: runs as a file to take away."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from core.common.context import Context
from core.common.errors import NotFoundError
from core.imports.bundle_writing import write_bundle
from core.imports.leaving import write_csv, write_tensorboard
from core.runs import reading

_MOST = 10_000  # characters of a list of numbers


def leaving_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter()

    @router.get("/exports")
    def export(
        runs: Annotated[str, Query(pattern=r"^\d{1,9}(,\d{1,9})*$", max_length=_MOST)],
        form: Literal["bundle", "tensorboard", "csv"] = "bundle",
    ) -> FileResponse:
        """These runs as a zip: a bundle for another Traindeck, TensorBoard's logs, or two tables."""
        acting = context()
        numbers = list(dict.fromkeys(map(int, runs.split(","))))
        if not reading.get_many(acting, numbers):
            raise NotFoundError(f"There are no such runs: {', '.join(map(str, numbers[:20]))}.")
        cache = acting.workspace.settings.cache_dir
        cache.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="export-", dir=cache))
        try:
            path = _written(acting, numbers, form, folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        title = f"traindeck-{form}-{len(numbers)}-runs.zip"
        gone = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
        return FileResponse(path, filename=title, media_type="application/zip", background=gone)

    return router


def _written(context: Context, runs: list[int], form: str, folder: Path) -> Path:
    if form == "bundle":
        return write_bundle(context, runs, folder / "runs.zip")
    write = write_tensorboard if form == "tensorboard" else write_csv
    write(context, runs, folder / "files")
    return Path(shutil.make_archive(str(folder / "runs"), "zip", folder / "files"))
