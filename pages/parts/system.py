"""The parts of the System page."""

import os
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core.common.context import Context
from core.common.settings import Settings
from core.system import devices
from core.system import hosts as system
from core.system.disk import Disk
from core.system.doctor import Check
from pages.shared.data import cpu
from pages.shared.format import DASH, literal, percent, plural, size
from pages.shared.widgets import meter

_LOOKS = {
    "ok": ":green[:material/check_circle:]",
    "warn": ":orange[:material/warning:]",
    "fail": ":red[:material/error:]",
}


def checks(found: Sequence[Check]) -> None:
    """What `doctor` prints; open when something is wrong."""
    wrong = [check for check in found if check.status != "ok"]
    title = "Everything is in place" if not wrong else f"{plural(len(wrong), 'thing')} to look at"
    icon = ":material/check_circle:" if not wrong else ":material/warning:"
    with st.expander(f"{title}: {len(found) - len(wrong)} of {len(found)} checks are fine", expanded=True, icon=icon):
        st.table(
            {f"{_LOOKS[check.status]} {literal(check.name)}": literal(check.message) for check in found},
            border="horizontal",
            alt="Checks of this installation",
        )


def processes(hosts: Sequence[system.Host]) -> None:
    """Supervisor and standby of every host, and the dashboard."""
    st.subheader("Processes", anchor=False)
    own = os.getpid()
    rows: list[tuple[str, str, str, int | None, int | None]] = [
        ("dashboard", "here", "alive", own, system.memory_of(own))
    ]
    for host in hosts:
        record = host.record
        pid = record.pid if record else None
        memory = system.memory_of(pid) if host.is_here and host.is_alive else None
        state = "alive" if host.is_alive else "not alive"
        rows.append(("supervisor", host.name, state, pid, memory))
        standby = record.standby if record and host.is_alive else {}
        rows.append(("standby", host.name, host.standby, standby.get("pid"), standby.get("memory")))
        rows += [
            (f"run {slot.run.id}", host.name, slot.run.state.value, slot.run.pid, _memory(host, slot.run.pid))
            for slot in host.slots
            if slot.run
        ]
    frame = pd.DataFrame(rows, columns=["Process", "Host", "State", "Pid", "Memory"])
    frame["Pid"] = frame["Pid"].astype("Int64").astype("string").fillna(DASH)
    frame["Memory"] = [size(memory) for *_, memory in rows]
    st.dataframe(frame, hide_index=True, key="system_processes", alt="Processes of Traindeck")
    st.caption(
        "The standby has TensorFlow imported, so that runs start at once. `TRAINDECK_STANDBY=false` does without it "
        "and saves its memory."
    )
    for host in hosts:
        if host.trouble:
            st.warning(literal(host.trouble), icon=":material/link_off:")


def _memory(host: system.Host, pid: int | None) -> int | None:
    return system.memory_of(pid) if host.is_here else None


def processor() -> None:
    """This host's CPU and main memory."""
    load = cpu()
    st.subheader("CPU and memory", anchor=False)
    with st.grid(2, min_column_width=300):
        with st.container(border=True, height="stretch"):
            st.caption(f"{literal(load.name)} · {plural(load.cores, 'core')}, {plural(load.threads, 'thread')}")
            meter("CPU", load.utilisation, percent(load.utilisation))
        with st.container(border=True, height="stretch"):
            st.caption("Main memory")
            share = 100 * load.memory_used / load.memory_total
            meter("Used", share, f"{size(load.memory_used)} of {size(load.memory_total)}")


def cards(hosts: Sequence[system.Host]) -> None:
    """This host's GPUs, and whose processes are on them."""
    st.subheader("GPUs", anchor=False)
    found = devices.cards()
    if not found:
        st.caption(f"None that NVML can see ({literal(devices.nvml_error() or 'no card')}). Runs train on the CPU.")
        return
    known = system.our_processes(hosts)
    with st.grid(2, min_column_width=360):
        for one in found:
            with st.container(border=True, height="stretch", key=f"system_card_{one.index}"):
                card_view(one, known)


def card_view(card: devices.Card, known: Mapping[int, str]) -> None:
    """One GPU: what it is doing, and the processes on it. `known` names our own, by pid."""
    st.markdown(f":material/memory: **{literal(card.slot)}** {literal(card.name)}")
    st.caption(f"Driver {literal(card.driver)} · {literal(card.uuid)}")
    meter("Utilisation", card.utilisation, percent(card.utilisation))
    memory = 100 * card.memory_used / card.memory_total
    meter("Memory", memory, f"{size(card.memory_used)} of {size(card.memory_total)}")
    if card.power is not None:
        limit = card.power_limit
        of = f" of {limit:.0f}" if limit else ""
        meter("Power", 100 * card.power / limit if limit else None, f"{card.power:.0f}{of} W")
    if card.temperature is not None:
        st.caption(f"{card.temperature:.0f} °C")
    occupants = system.occupants(card, known)
    if not occupants:
        st.caption("No process on this card.")
        return
    frame = pd.DataFrame(
        [(one.who, "ours" if one.is_ours else "not ours", str(one.pid), size(one.memory)) for one in occupants],
        columns=["Process", "Whose", "Pid", "Memory"],
    )
    st.dataframe(frame, hide_index=True, key=f"system_occupants_{card.index}", alt=f"Processes on {card.slot}")


def disk_use(found: Disk) -> None:
    """What Traindeck takes, by experiment, and what is left."""
    st.subheader("Disk", anchor=False)
    with st.grid("auto", min_column_width=150):
        for label, amount in (
            ("Used by Traindeck", found.used),
            ("Runs", found.runs),
            ("Trash", found.trash),
            ("Models", found.models),
            ("Data sets", found.datasets),
            ("Cache", found.cache),
            ("Database", found.database),
            ("Free", found.free),
        ):
            st.metric(label, size(amount), border=True, height="stretch")
    if not found.by_experiment:
        st.caption("No run has left files yet.")
        return
    frame = pd.DataFrame(
        [(name, runs, amount, size(amount)) for name, (runs, amount) in found.by_experiment.items()],
        columns=["Experiment", "Runs", "Share", "Files"],
    )
    most = max(1, int(frame["Share"].max()))
    st.dataframe(
        frame,
        hide_index=True,
        key="system_experiments",
        alt="Disk use by experiment",
        column_config={"Share": st.column_config.ProgressColumn("", max_value=most, format=" ", color="primary")},
    )


def store(context: Context, found: Disk) -> None:
    st.subheader("Store", anchor=False)
    _facts(
        {
            "workspace": str(context.workspace.settings.home),
            "database": system.database_location(context.workspace.settings),
            "size": size(found.database),
            "schema": system.schema_version(context.workspace),
        },
        "The store",
    )


def settings(values: Settings) -> None:
    st.subheader("Settings in force", anchor=False)
    shown = system.settings_in_force(values)
    _facts(shown, "Settings in force")


def versions(machine: Mapping[str, str], found: Mapping[str, str]) -> None:
    st.subheader("Host and versions", anchor=False)
    _facts({**machine, **found}, "Host and versions")


def _facts(values: Mapping[str, str], alt: str) -> None:
    st.table({name: literal(value) for name, value in values.items()}, border="horizontal", alt=alt)
