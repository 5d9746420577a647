import db.hosts
from core.common.workspace import Workspace
from db.records import HostRecord

HOST = HostRecord("box", 7, 1.5, 100.0, ("gpu:0", "gpu:1"), {"state": "ready", "memory": 2**33})


def test_a_host_reports_itself_and_is_replaced_by_its_next_report(workspace: Workspace) -> None:
    later = HostRecord("box", 8, 2.5, 200.0, ("cpu:0",))

    with workspace.write() as session:
        db.hosts.put(session, HOST)
        assert db.hosts.all_hosts(session) == [HOST]
        db.hosts.put(session, later)
        db.hosts.put(session, HostRecord("attic", 1, 1.0, 1.0))
        assert [host.name for host in db.hosts.all_hosts(session)] == ["attic", "box"]
        db.hosts.remove(session, "attic")
        assert db.hosts.all_hosts(session) == [later]
