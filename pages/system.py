"""The System page: is everything in place, what is this host doing, and where does the disk go."""

import time

import streamlit as st

from core.system import hosts as system
from pages.parts import system as parts
from pages.shared import address
from pages.shared.data import context, disk_use, health_checks, workspace
from pages.shared.nav import SYSTEM

POLL_SECONDS = 2.0


def main() -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(SYSTEM.title, anchor=False, width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            live = st.toggle(
                "Live", key="system_live", bind=address.switch("system_live"), help="Measure again every two seconds"
            )
            if st.button("Check again", icon=":material/refresh:", key="system_refresh"):
                health_checks.clear()
                disk_use.clear()
                st.rerun()
    parts.checks(health_checks())
    st.fragment(run_every=POLL_SECONDS if live else None)(measured)()
    parts.disk_use(disk_use())
    left, right = st.columns(2, gap="medium")
    with left:
        parts.store(context(), disk_use())
        parts.settings(workspace().settings)
    with right:
        parts.versions(system.machine(), system.versions())


def measured() -> None:
    """What a device does at this moment."""
    hosts = system.hosts(workspace(), time.time())
    parts.processes(hosts)
    parts.processor()
    parts.cards(hosts)


main()
