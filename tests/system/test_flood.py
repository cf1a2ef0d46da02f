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
# max_replies_per_connection of the bus: as many calls of one caller may be before the next one's on lvsd's own connection.
MOST_PENDING = 128
# What the loop calls, and how many calls of it are under way at once; those are over sooner, and so there are more.
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


def one_turn(answers: dict, window: int) -> float:
    """How long lvsd takes for what the loop may have pending at the bus, which refuses the rest itself."""
    served = len(answers["seconds"]) - answers["errors"].get("org.freedesktop.DBus.Error.LimitsExceeded", 0)
    return min(window, MOST_PENDING) * answers["elapsed"] / served


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
    """One after the other they are hardly felt. At once, root waits for what is
    before it with the bus and on the way to lvsd, which nobody's calls overtake, and not for all that is still to come."""
    called, window = LOOPS[loop]
    calls = CALLS if window == 1 else 4 * CALLS
    node.run(REPEATER, stdin=job("alice", *called, 2 * window + 500, window), seconds=300)
    quiet, before = weights(node), memory(node)
    node.write("/run/loop.json", job("alice", *called, calls, window))
    looping = node.start(f"{REPEATER} </run/loop.json")
    disturbed = weights(node)
    assert looping.running(), "the loop was over before"
    looping.wait_for("}", 900)
    answers = json.loads(looping.output())
    after = returned(node, before)
    record_property("figures", f"{loop}: root's median {quiet * 1e3:.1f} ms, {disturbed * 1e3:.1f} ms beside the loop, "
                    f"which takes {one_turn(answers, window) * 1e3:.1f} ms for what it may have pending; "
                    f"memory {before} KiB before, {after} KiB after; {len(answers['seconds'])} calls, {answers['errors']}")
    assert len(answers["seconds"]) == calls
    wait = 3 * quiet + (2 * one_turn(answers, window) if window > 1 else 0)
    assert disturbed <= wait and after <= MOST_GROWTH * before
