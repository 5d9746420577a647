"""A full disk is waited out by everything that writes on it, and nothing is lost."""

from pathlib import Path

import pytest

from tests.small_disk import KINDS, hindrance, run_on


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_is_waited_out_by_trainings_and_supervisor_and_no_point_is_lost(kind: str, tmp_path: Path) -> None:
    if why := hindrance(kind):
        pytest.skip(f"needs a small file system of its own: {why}")
    told = run_on(kind, tmp_path, "tests.core.launch.on_a_small_disk", 500)
    assert told.returncode == 0, told.stdout + told.stderr
