"""The System page."""

import socket
import time

import pandas as pd
import streamlit as st
from streamlit.testing.v1 import AppTest

import db.hosts
from core.common.workspace import Workspace
from core.system.process import ProcessId
from db.records import HostRecord
from pages.shared.nav import SYSTEM
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage


def test_it_shows_the_checks_that_doctor_prints(open_page: OpenPage, workspace: Workspace) -> None:
    app = open_page(SYSTEM)
    shown = app.table[0].value
    assert isinstance(shown, pd.DataFrame)
    names = " ".join(map(str, shown.index))
    assert all(name in names for name in ("Python", "TensorFlow", "Workspace", "Database", "Supervisor", "GPUs"))
    assert app.expander[0].label.startswith("2 things to look at")


def test_it_shows_the_memory_of_the_standby(open_page: OpenPage, workspace: Workspace) -> None:
    own = ProcessId.own()
    standby = {"state": "ready", "pid": 4711, "memory": 750 * 2**20}
    with workspace.write() as session:
        heard = time.time() + 3600  # however long the page takes to open
        host = HostRecord(socket.gethostname(), own.pid, own.started, heard, ("cpu:0",), standby, own.boot)
        db.hosts.put(session, host)
    app = open_page(SYSTEM)
    table = next(frame.value for frame in app.dataframe if "Process" in frame.value)
    [row] = table[table["Process"] == "standby"].values.tolist()
    assert row == ["standby", socket.gethostname(), "ready", "4711", "750 MiB"]


def test_it_shows_disk_use_by_experiment(open_page: OpenPage, add_run: AddRun, workspace: Workspace) -> None:
    folder = workspace.settings.run_dir(add_run(experiment="a *b*"))
    folder.mkdir(parents=True)
    (folder / "log.txt").write_bytes(b"x" * 2048)
    app = open_page(SYSTEM)
    table = next(frame.value for frame in app.dataframe if "Experiment" in frame.value)
    assert table[["Experiment", "Runs", "Files"]].values.tolist() == [["a *b*", 1, "2 KiB"]]


def test_a_card_shows_what_it_reports_and_whose_processes_are_on_it() -> None:
    def script() -> None:
        from core.system.devices import Card, CardProcess
        from pages.parts.system import card_view

        processes = (CardProcess(4711, 2**30), CardProcess(2**22 + 5, None))
        full = Card(0, "NVIDIA H200", "GPU-1", "570.1", 2**30, 2**37, 42.0, 350.0, 700.0, 61.0, processes)
        card_view(full, {4711: "run 12"})
        card_view(Card(1, "NVIDIA H200", "GPU-2", "570.1", 0, 2**37), {})

    st.cache_data.clear()
    app = AppTest.from_function(script, default_timeout=300).run()
    assert not app.exception
    assert [bar.value for bar in app.progress] == [42, 1, 50, 0, 0]
    assert app.dataframe[0].value.values.tolist() == [
        ["run 12", "ours", "4711", "1 GiB"],
        ["not visible from here", "not ours", "4194309", "–"],
    ]
    assert app.caption[-1].value == "No process on this card."
