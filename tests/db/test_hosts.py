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


def test_a_question_is_asked_once_and_answered_for_all(workspace: Workspace) -> None:
    with workspace.write() as session:
        first = db.hosts.ask(session, "key", {"seed": 1})
        assert db.hosts.ask(session, "key", {"seed": 1}) == first
        assert [question.key for question in db.hosts.open_inspections(session)] == ["key"]

        db.hosts.answer(session, "key", {"layers": []})

        assert db.hosts.open_inspections(session) == []
        known = db.hosts.inspection(session, "key")
        assert known is not None and known.result == {"layers": []}
        assert db.hosts.inspection(session, "another") is None


def test_only_the_newest_questions_are_kept(workspace: Workspace) -> None:
    with workspace.write() as session:
        for number in range(5):
            db.hosts.ask(session, f"{number}", {})

        db.hosts.answer(session, "4", {}, keep=3)

        assert [number for number in range(5) if db.hosts.inspection(session, f"{number}")] == [2, 3, 4]
