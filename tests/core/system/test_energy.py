"""Energy as Linux's powercap tells it, in files made here."""

from pathlib import Path

import pytest

from core.system.energy import Meter


@pytest.fixture
def powercap(tmp_path: Path) -> Path:
    for name, count in {"intel-rapl:0": 1_000_000, "intel-rapl:1": 9_000_000, "intel-rapl:0:0": 5, "other": 7}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "energy_uj").write_text(f"{count}\n")
        (tmp_path / name / "max_energy_range_uj").write_text("10000000\n")
    return tmp_path


def test_packages_are_added_and_a_counter_may_begin_anew(powercap: Path) -> None:
    meter = Meter(powercap)
    (powercap / "intel-rapl:0" / "energy_uj").write_text("3000000")
    (powercap / "intel-rapl:1" / "energy_uj").write_text("500000")
    assert meter.joules() == pytest.approx(2.0 + 1.5)


def test_where_it_is_not_told_there_is_no_figure(powercap: Path, tmp_path: Path) -> None:
    assert Meter(tmp_path / "nothing").joules() is None
    meter = Meter(powercap)
    (powercap / "intel-rapl:1" / "energy_uj").unlink()
    assert meter.joules() is None
