"""What other programs put into the kernel is shown, and is theirs."""
import pytest

from machines import faults, views
from machines.faults import CONFLICT, refused

OURS, THEIRS = "tcp/192.0.2.100:80", "tcp/192.0.2.100:81"


@pytest.fixture
def shared(node):
    """A service of ours, one of somebody else's, and a destination of somebody else's in ours."""
    node.run("lvsctl service add web " + OURS + " --scheduler rr && lvsctl destination add web 192.0.2.2 --weight 3")
    node.run("ipvsadm -A -t 192.0.2.100:81 -s sh && ipvsadm -a -t 192.0.2.100:81 -r 192.0.2.3 -g -w 5 && "
             "ipvsadm -a -t 192.0.2.100:80 -r 192.0.2.4 -g -w 7")
    yield node
    node.run("ipvsadm -C; ip address delete 192.0.2.100/32 dev ens33 2>/dev/null || :")


def theirs(node) -> list[str]:
    """Their rules, as commands that would make them."""
    return [line for line in node.run("ipvsadm -Sn").lines if ":81" in line or "192.0.2.4" in line]


def test_it_is_listed_and_marked(shared):
    listed = {service["key"]: service for service in shared.run("lvsctl list --json").json["services"]}
    assert views.ipvsadm(shared) == views.lvsctl_list(shared)
    assert listed[THEIRS]["state"] == "foreign" and listed[OURS]["state"] == "applied"
    assert {destination["address"]: destination["state"] for destination in listed[OURS]["destinations"]} == {
        "192.0.2.2": "applied", "192.0.2.4": "foreign"}
    assert "192.0.2.4" not in shared.run("lvsctl export").stdout and ":81" not in shared.run("lvsctl export").stdout


@pytest.mark.kills_daemon
def test_restart_crash_and_clear_leave_it(shared):
    before = theirs(shared)
    faults.restart(shared)
    faults.kill(shared)
    assert theirs(shared) == before
    shared.run("ipvsadm -d -t 192.0.2.100:80 -r 192.0.2.4 && lvsctl --force clear")
    assert views.ipvsadm(shared) == {THEIRS: ("sh", {"192.0.2.3:81": ("direct", 5)})}


def test_what_would_take_theirs_along_is_refused(shared):
    before = shared.run("ipvsadm -Sn").stdout
    refused(shared, "lvsctl --force service delete web", CONFLICT, "web", "192.0.2.4:80")
    refused(shared, "lvsctl --force clear", CONFLICT, "web", "192.0.2.4:80")
    assert shared.run("ipvsadm -Sn").stdout == before
    shared.run("lvsctl --force destination delete web 192.0.2.2")
    assert theirs(shared) == [line for line in before.splitlines() if ":81" in line or "192.0.2.4" in line]


def test_adding_what_is_theirs_is_a_conflict_even_if_it_is_the_same(shared):
    before = shared.run("ipvsadm -Sn").stdout
    refused(shared, f"lvsctl service add {THEIRS} --scheduler sh", CONFLICT, "tcp-192.0.2.100-81", "adopt")
    refused(shared, "lvsctl destination add web 192.0.2.4 --weight 7", CONFLICT, "192.0.2.4:80", "adopt")
    assert shared.run("ipvsadm -Sn").stdout == before


@pytest.mark.kills_daemon
def test_counters_go_on_through_edits_and_restarts(shared, neighbour):
    shared.run("ip address add 192.0.2.100/32 dev ens33; ipvsadm -d -t 192.0.2.100:80 -r 192.0.2.4")
    neighbour.run("for i in 1 2 3; do curl -s --max-time 5 http://192.0.2.100:81/ >/dev/null; done; :")
    shared.run("lvsctl destination edit web 192.0.2.2 --weight 4 && lvsctl service edit web --scheduler wrr")
    for _ in range(2):
        counted = shared.run("ipvsadm -Ln --stats | awk '/192.0.2.100:81/ {print $3}'").stdout.strip()
        assert counted == "3", "their counter was touched"
        faults.restart(shared)
