"""Messages between processes, either of which may end at any moment."""

import os
import signal
import threading
from typing import Any

import pytest

from core.system.channel import Channel, wait_for_any


def test_messages_arrive_whole_and_in_order_whatever_their_size() -> None:
    ours, theirs = Channel.pair()
    messages: list[dict[str, Any]] = [{}, {"text": "ä" * 500_000}, {"last": True}]
    sender = threading.Thread(target=lambda: [ours.send(message) for message in messages])  # it waits to be heard
    sender.start()
    assert [theirs.wait() for _ in messages] == messages
    sender.join()
    assert theirs.heard() == []
    assert not theirs.is_over
    for channel in (ours, theirs):
        channel.close()


def test_what_was_told_before_the_end_is_heard_after_it() -> None:
    ours, theirs = Channel.pair()
    theirs.send({"last": "words"})
    theirs.close()
    assert not ours.send({})
    wait_for_any([ours], 60)
    assert ours.heard() == [{"last": "words"}]
    assert ours.is_over
    assert ours.heard() == []
    assert ours.wait() is None
    ours.close()
    assert not ours.send({})
    assert ours.heard() == []


@pytest.mark.parametrize("known", [b"\x00\x00", b"\x00\x00\x00\x10half a mess"])
def test_a_process_that_is_killed_within_a_message_has_told_what_came_before(known: bytes) -> None:
    ours, theirs = Channel.pair()
    pid = os.fork()
    if not pid:
        ours.close()
        theirs.send({"whole": True})
        os.write(theirs.fileno(), known)
        os.kill(os.getpid(), signal.SIGKILL)
    theirs.close()
    os.waitpid(pid, 0)
    assert ours.heard() == [{"whole": True}]
    assert ours.is_over
    ours.close()
