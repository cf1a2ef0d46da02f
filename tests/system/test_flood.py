"""Somebody who may do nothing calls in a loop: others are served as before, and nothing grows."""
import contextlib
import json
import statistics

import pytest

from machines import faults, permissions
from machines.attempts import MANAGER
from machines.members import DESTINATION, SERVICE, VIP
from machines.result import LabError

REPEATER = "exec /usr/bin/python3 -I /usr/lib/lab/repeater"
CALLS, TIMES = 10_000, 60
MOST_GROWTH = 1.1
# What the loop calls, and how many calls of it are under way at once.
LOOPS = {
    "refused": ((SERVICE, "VirtualService.Edit", "({'scheduler': <'wlc'>},)"), 1),
    "refused-at-once": ((SERVICE, "VirtualService.Edit", "({'scheduler': <'wlc'>},)"), 1000),
    "mistaken-at-once": ((SERVICE, "VirtualService.Edit", "({'schedule': <'wlc'>},)"), 1000),
    "reading-at-once": ((MANAGER, "Manager.ListServices", "(@a{sv} {},)"), 1000),
}


def job(user: str, path: str, member: str, arguments: str, times: int, window: int = 1) -> str:
    interface, _, name = member.rpartition(".")
    return json.dumps({"user": user, "path": path, "interface": f"org.lvsd1.{interface}", "member": name,
                       "arguments": arguments, "times": times, "window": window})


def weights(node) -> float:
    """How long root waits for a weight to be changed: the median."""
    done = node.run(REPEATER, stdin=job("root", DESTINATION, "Destination.SetRuntimeWeight", "(uint32 5, @a{sv} {})", TIMES),
                    seconds=300).json
    assert not done["errors"]
    return statistics.median(done["seconds"])


def memory(node) -> int:
    """KiB."""
    return int(node.run(f"awk '/^Pss:/ {{print $2}}' /proc/{faults.pid(node)}/smaps_rollup").stdout)


def returned(node, before: int) -> int:
    """What lvsd has some seconds later, when it has given back what the calls took."""
    with contextlib.suppress(LabError):
        node.eventually(lambda: memory(node) <= MOST_GROWTH * before, 30, "memory that was given back")
    return memory(node)


@pytest.fixture
def node(director):
    director.run("id alice >/dev/null 2>&1 || useradd --no-create-home --user-group alice")
    director.run(f"lvsctl service add web tcp/{VIP}:80 --scheduler rr && lvsctl destination add web 192.168.252.132")
    permissions.rule(director, "return polkit.Result.NO;")
    yield director
    director.run(f"rm -f {permissions.RULES}; systemctl restart polkit")


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("loop", LOOPS)
def test_a_loop_of_ten_thousand_calls_starves_nobody_and_grows_nothing(node, loop, record_property):
    called, window = LOOPS[loop]
    node.run(REPEATER, stdin=job("alice", *called, 500, window), seconds=300)
    quiet, before = weights(node), memory(node)
    node.write("/run/loop.json", job("alice", *called, CALLS, window))
    looping = node.start(f"{REPEATER} </run/loop.json")
    disturbed = weights(node)
    assert not looping.output(), "the loop was over before"
    looping.wait_for("}", 900)
    answers = json.loads(looping.output())
    after = returned(node, before)
    record_property("figures", f"{loop}: root's median {quiet * 1e3:.1f} ms, {disturbed * 1e3:.1f} ms beside the loop; "
                    f"memory {before} KiB before, {after} KiB after; {len(answers['seconds'])} calls, {answers['errors']}")
    assert len(answers["seconds"]) == CALLS
    assert disturbed <= 3 * quiet and after <= MOST_GROWTH * before
