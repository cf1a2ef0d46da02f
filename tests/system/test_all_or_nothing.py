"""A change is there wholly or not at all: when the kernel refuses a part of it, and when the daemon dies over it."""
import pytest

from machines import faults, views
from machines.faults import KERNEL

VIP = "192.0.2.100"
HEAD = "[lvsd]\nformat=1\n"


def service(number: int, scheduler: str = "rr") -> str:
    return f"[service s{number}]\nkey=tcp/{VIP}:{number}\nscheduler={scheduler}\n"


def services(first: int, last: int) -> str:
    return "".join(service(number) for number in range(first, last + 1))


# Of the last service in the text.
DESTINATIONS = "destination 192.0.2.2 7=method=masquerade weight=1\ndestination 192.0.2.3 7=method=masquerade weight=1\n"
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


@pytest.mark.parametrize("fault, nth", [pytest.param("EINVAL", 0, marks=pytest.mark.long), ("ENOBUFS", -1)])
def test_so_does_one_that_no_check_could_foresee(node, fault, nth):
    """First goes the address, then the services, then the destinations."""
    def prepare():
        node.run("lvsctl --force clear && lvsctl apply -", stdin=HEAD + services(1, 3))

    def act():
        return node.try_run("lvsctl apply -", stdin=HEAD + ADDRESS + services(4, 20) + DESTINATIONS)

    prepare()
    before = everything(node)
    result = faults.struck(node, prepare, act, f"error={fault}", nth)
    assert result.status == KERNEL and len(result.stderr.splitlines()) == 1, result
    assert everything(node) == before and "undo incomplete" not in result.stderr, result
    assert act().status == 0 and faults.status(node)["state"] != "degraded"


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
@pytest.mark.parametrize("point", ["pwrite64", "fdatasync", *(pytest.param(nth, marks=pytest.mark.long) for nth in (0, -1))])
def test_a_death_during_an_apply_leaves_the_whole_of_it_or_nothing(node, point):
    """At a system call on the store, or at a message to the kernel."""
    def prepare():
        node.run("lvsctl --force clear && lvsctl apply -", stdin=HEAD + services(1, 3))

    def act():
        return node.try_run("lvsctl apply -", stdin=HEAD + ADDRESS + services(2, 20) + DESTINATIONS)

    prepare()
    before = views.ipvsadm(node)
    act()
    after = views.ipvsadm(node)
    if isinstance(point, int):
        died = faults.struck(node, prepare, act, "signal=KILL", point)
    else:
        prepare()
        node.run("sleep 2")  # the mark that what was prepared is settled has been written
        with faults.failing(node, point, "signal=KILL"):
            died = act()
    assert died.status != 0, "missed"
    faults.answers(node)
    assert_one_of(node, [before, after] if isinstance(point, str) else [after])


def assert_one_of(node, states: list) -> None:
    """Kernel and store agree, on one of these; nothing is left over."""
    found = views.ipvsadm(node)
    assert found in states
    assert views.lvsctl_list(node) == found and faults.status(node)["state"] != "degraded"
    assert bool(faults.address(node, VIP)) == (len(found) > 3)
    assert "foreign" not in node.run("lvsctl list").stdout


@pytest.mark.long
@pytest.mark.kills_daemon
@pytest.mark.parametrize("nth", [0, -1])
def test_a_delete_that_died_between_store_and_kernel_is_completed(node, nth):
    def prepare():
        node.run("lvsctl --force clear && lvsctl apply -", stdin=HEAD + services(1, 3) + DESTINATIONS)

    died = faults.struck(node, prepare, lambda: node.try_run("lvsctl service delete s3"), "signal=KILL", nth)
    assert died.status != 0
    faults.answers(node)
    assert set(views.ipvsadm(node)) == {f"tcp/{VIP}:1", f"tcp/{VIP}:2"} == set(views.lvsctl_list(node))


@pytest.mark.kills_daemon
def test_what_was_acknowledged_survives_death_at_once(node):
    daemon = faults.pid(node)
    node.run(f"lvsctl service add web tcp/{VIP}:80 && kill -KILL {daemon}")
    node.eventually(lambda: faults.pid(node) not in (0, daemon), 30)
    faults.answers(node)
    assert set(views.ipvsadm(node)) == {f"tcp/{VIP}:80"} == set(views.lvsctl_list(node))
