"""A full disk is waited out by everything that writes on it, and nothing is lost."""

from pathlib import Path

import pytest

from tests.small_disk import KINDS, hindrance, run_on


def test_a_full_disk_is_waited_out_by_trainings_and_supervisor_and_no_point_is_lost(tmp_path: Path) -> None:
    """On ext4, which gives blocks late and keeps a journal; in memory where no such disk can be mounted."""
    hindrances = {kind: hindrance(kind) for kind in KINDS}
    kind = next((kind for kind in KINDS if not hindrances[kind]), None)
    if kind is None:
        pytest.skip(f"needs a small file system of its own: {hindrances}")
    told = run_on(kind, tmp_path, "tests.core.launch.on_a_small_disk", 500)
    assert told.returncode == 0, told.stdout + told.stderr
