"""A change is there wholly or not at all: when the kernel refuses a part of it, and when the daemon dies after it.

For the daemon that dies or is failed in the middle of it see test_walks.py."""
import pytest

from machines import faults, views
from machines.faults import KERNEL

VIP = "192.0.2.100"
HEAD = "[lvsd]\nformat=1\n"


def service(number: int, scheduler: str = "rr") -> str:
    return f"[service s{number}]\nkey=tcp/{VIP}:{number}\nscheduler={scheduler}\n"


def services(first: int, last: int) -> str:
    return "".join(service(number) for number in range(first, last + 1))


ADDRESS = f"[address {VIP}]\nprefix-length=24\ninterface=ens33\n"


def everything(node) -> str:
    """What lvsd says and what the kernel holds."""
    return node.run("lvsctl export; lvsctl list --json | grep -v generation; ipvsadm -Sn; ip -oneline -4 address").stdout


# the kernel refuses

def test_a_refusal_far_into_an_apply_leaves_everything_as_it_was(node):
    node.run("lvsctl apply -", stdin=HEAD + ADDRESS + services(1, 3))
    before = everything(node)
    unknown = HEAD + services(2, 300) + service(301, "nonesuch") + services(302, 310)
    result = node.try_run("lvsctl apply -", stdin=unknown)
    assert result.status != 0 and "s301" in result.stderr and "nonesuch" in result.stderr, result
    assert len(result.stderr.splitlines()) == 1
    assert everything(node) == before
    changed = HEAD + "".join(service(number, "wlc") for number in (1, 2, 3)) + service(301, "nonesuch")
    assert node.try_run("lvsctl apply -", stdin=changed).status != 0
    assert everything(node) == before


def test_an_address_that_cannot_be_added_takes_its_services_back(node):
    before = everything(node)
    node.run("ip link add tiny type dummy && ip link set tiny up && ip address add 198.51.100.1/24 dev tiny && "
             "echo 1 > /proc/sys/net/ipv6/conf/tiny/disable_ipv6")
    result = node.try_run("lvsctl apply -", stdin=HEAD + services(1, 20)
                          + "[address 2001:db8::100]\nprefix-length=64\ninterface=tiny\n")
    node.run("ip link delete tiny")
    assert result.status == KERNEL and "2001:db8::100" in result.stderr and "disable_ipv6" in result.stderr, result
    assert everything(node) == before


# the daemon dies

@pytest.mark.kills_daemon
def test_what_was_acknowledged_survives_death_at_once(node):
    daemon = faults.pid(node)
    node.run(f"lvsctl service add web tcp/{VIP}:80 && kill -KILL {daemon}")
    node.eventually(lambda: faults.pid(node) not in (0, daemon), 30)
    faults.answers(node)
    assert set(views.ipvsadm(node)) == {f"tcp/{VIP}:80"} == set(views.lvsctl_list(node))
