"""Virtual addresses: how they stand on their interface, who hears of them, and what survives what."""
import time

import pytest

from machines import faults
from machines.faults import CONFLICT, NOT_FOUND, REFUSED, address, refused, state

HOST, VIP, VIP6 = "192.0.2.1", "192.0.2.100", "2001:db8::100"
PROMOTION = "net.ipv4.conf.{all,ens33}.promote_secondaries"


@pytest.fixture
def no_promotion(node):
    """The kernel would take secondary addresses away with their primary one."""
    before = node.run(f"sysctl {PROMOTION}").stdout.replace(" ", "").split()
    node.run(f"sysctl -q -w {' '.join(name.split('=')[0] + '=0' for name in before)}")
    yield
    node.run(f"sysctl -q -w {' '.join(before)}")


@pytest.fixture
def dummy(node):
    """An interface that can go and come back."""
    node.run("modprobe dummy; ip link add dummy9 type dummy && ip link set dummy9 up && "
             "ip address add 198.51.100.1/24 dev dummy9")
    yield "dummy9"
    node.run("lvsctl --force --quiet clear; ip link delete dummy9 2>/dev/null || :")


@pytest.fixture
def wire(neighbour):
    """What the neighbour hears about addresses."""
    wire = faults.Wire(neighbour, "ens33", "arp or icmp6")
    yield wire
    wire.stop()


def announcements(wire, vip: str) -> list[float]:
    """When the neighbour heard that the address is at the node's card; ARP comes as request and as reply."""
    if ":" in vip:
        return wire.times("neighbor advertisement", f"tgt is {vip}")
    requests, replies = wire.times(f"Request who-has {vip}", f"tell {vip}"), wire.times(f"Reply {vip} is-at")
    return [max(pair) for pair in zip(requests, replies)]


def heard(node, wire, vip: str, count: int) -> list[float]:
    node.eventually(lambda: len(announcements(wire, vip)) >= count, 20, f"{count} announcements of {vip}")
    time.sleep(0.5)
    times = announcements(wire, vip)
    assert len(times) == count, times
    return times


# how it stands there

def test_an_address_with_its_network_is_secondary_to_the_hosts_own(node):
    node.run(f"lvsctl address add {VIP}/24 --interface ens33 --label ens33:2")
    found = address(node, VIP)
    assert (found["interface"], found["prefixlen"], found["label"], found.get("secondary")) == ("ens33", 24, "ens33:2", True)
    assert f"src {HOST} " in node.run("ip route get 192.0.2.2").stdout
    node.run(f"lvsctl address delete {VIP}")
    assert not address(node, VIP)


def test_without_a_length_it_is_one_address_and_no_network(node):
    node.run(f"lvsctl address add {VIP} --interface ens33 && lvsctl address add {VIP6} --interface ens33")
    assert address(node, VIP)["prefixlen"] == 32
    six = address(node, VIP6)
    assert six["prefixlen"] == 128 and six["nodad"] and six["deprecated"] and not six.get("tentative")


def test_an_ipv6_address_with_its_network_needs_no_duplicate_detection_either(node):
    node.run(f"lvsctl address add {VIP6}/64 --interface ens33")
    six = address(node, VIP6)
    assert six["prefixlen"] == 64 and six["nodad"] and not six.get("tentative") and not six.get("deprecated")


def test_it_becomes_primary_only_where_that_was_asked_for(node):
    refused(node, "lvsctl address add 203.0.113.9/24 --interface ens33", CONFLICT, "203.0.113.9/24", "ens33", "primary")
    assert not address(node, "203.0.113.9") and state(node, "address", "203.0.113.9") == "unknown"
    node.run("lvsctl address add 203.0.113.9/24 --interface ens33 --primary")
    assert not address(node, "203.0.113.9").get("secondary")


def test_what_cannot_be_is_refused_and_changes_nothing(node):
    before = node.run("lvsctl export; ip -oneline address").stdout
    refused(node, f"lvsctl address add {VIP}/24 --interface ens99", NOT_FOUND, VIP, "ens99")
    refused(node, f"lvsctl address add {HOST}/24 --interface ens33", CONFLICT, HOST, "adopt")
    assert node.run("lvsctl export; ip -oneline address").stdout == before


@pytest.mark.kills_daemon
def test_what_waits_at_the_start_appears_with_the_hosts_own_address(node):
    node.run(f"lvsctl address add {VIP}/24 --interface ens33")
    faults.stop(node)
    node.run("ip address flush dev ens33 scope global")
    faults.start(node)
    assert state(node, "address", VIP) == "waiting" and not address(node, VIP)
    assert "waiting" in faults.problems(node)
    node.run(f"ip address add {HOST}/24 dev ens33 && ip address add 2001:db8::1/64 dev ens33 nodad")
    node.eventually(lambda: address(node, VIP), 10, "the address")
    assert address(node, VIP)["secondary"] and state(node, "address", VIP) == "applied"


# down and up

@pytest.mark.kills_daemon
def test_down_lasts_through_restart_and_power_cut_and_up_brings_it_back(node, workshop):
    node.run(f"lvsctl address add {VIP}/24 --interface ens33 && lvsctl address down {VIP}")
    assert not address(node, VIP) and state(node, "address", VIP) == "down"
    faults.restart(node)
    assert not address(node, VIP) and state(node, "address", VIP) == "down"
    node.power_cut()
    workshop.boot(node)
    assert not address(node, VIP) and state(node, "address", VIP) == "down"
    node.run(f"lvsctl address up {VIP}")
    assert address(node, VIP)["secondary"] and state(node, "address", VIP) == "applied"


# who hears of it

@pytest.mark.kills_daemon
@pytest.mark.parametrize("vip", [VIP, VIP6])
def test_the_neighbours_hear_of_it_at_once_and_again_after_five_seconds(node, wire, vip):
    node.run(f"lvsctl address add {vip} --interface ens33")
    times = heard(node, wire, vip, 10)
    assert times[4] - times[0] < 2 and times[9] - times[5] < 2, times
    assert 4 < times[5] - times[0] < 8, times
    faults.restart(node)
    node.run(f"lvsctl address announce {vip}")
    assert len(heard(node, wire, vip, 15)) == 15, "announced by the restart too"
    node.run(f"lvsctl address down {vip}")
    time.sleep(6)
    assert len(announcements(wire, vip)) == 15, "announced what is not there any more"


# what happens to others

def test_one_that_the_kernel_has_made_primary_is_told(node):
    before = node.run("sysctl -n net.ipv4.conf.ens33.promote_secondaries").stdout.strip()
    node.run(f"sysctl -q -w net.ipv4.conf.ens33.promote_secondaries=1; lvsctl address add {VIP}/24 --interface ens33")
    try:
        node.run(f"ip address delete {HOST}/24 dev ens33")
        assert "primary" in faults.problems(node)
        node.run(f"ip address add {HOST}/24 dev ens33; lvsctl address down {VIP} && lvsctl address up {VIP}")
        assert "primary" not in faults.problems(node)
    finally:
        node.run(f"sysctl -q -w net.ipv4.conf.ens33.promote_secondaries={before}")


def test_deleting_it_leaves_the_hosts_address(node, no_promotion):
    node.run(f"lvsctl address add {VIP}/24 --interface ens33 && lvsctl address delete {VIP}")
    assert address(node, HOST) and not address(node, VIP)


def test_deleting_a_primary_one_leaves_what_hangs_on_it(node, no_promotion):
    node.run("lvsctl address add 203.0.113.9/24 --interface ens33 --primary && "
             "ip address add 203.0.113.10/24 dev ens33 && ip address add 203.0.113.11/24 dev ens33")
    node.run("lvsctl address delete 203.0.113.9")
    left = [address(node, f"203.0.113.{number}") for number in (9, 10, 11)]
    node.run("ip address delete 203.0.113.10/24 dev ens33; ip address delete 203.0.113.11/24 dev ens33 2>/dev/null || :")
    assert not left[0] and left[1] and left[2]
    assert faults.sysctl(node, "net.ipv4.conf.ens33.promote_secondaries") == "0"


def test_a_service_that_listens_on_it_keeps_it_from_being_deleted(node):
    node.run(f"lvsctl address add {VIP}/24 --interface ens33 && lvsctl service add web tcp/{VIP}:80")
    refused(node, f"lvsctl address delete {VIP}", REFUSED, VIP, "web")
    assert address(node, VIP)
    node.run(f"lvsctl address down {VIP} --force")
    assert f"lvsctl address up {VIP}" in faults.remedies(node)
    node.run(f"lvsctl --force address delete {VIP}")
    assert not address(node, VIP) and "address-absent" in faults.problems(node)
    assert f"lvsctl address add {VIP}/LENGTH --interface INTERFACE" in faults.remedies(node)


def test_role_and_address_of_one_vip_go_one_by_one(node):
    node.run(f"lvsctl address add {VIP}/24 --interface ens33 && lvsctl role add {VIP}")
    assert address(node, VIP, "ens33") and address(node, VIP, "lo")["prefixlen"] == 32
    node.run(f"lvsctl address delete {VIP}")
    assert not address(node, VIP, "ens33") and address(node, VIP, "lo")
    node.run(f"lvsctl address add {VIP}/24 --interface ens33 && lvsctl role delete {VIP}")
    assert address(node, VIP, "ens33") and not address(node, VIP, "lo")


# kept there

def test_one_deleted_by_hand_comes_back_and_is_told(node, wire):
    node.run(f"lvsctl address add {VIP}/24 --interface ens33")
    heard(node, wire, VIP, 10)
    node.run(f"ip address delete {VIP}/24 dev ens33")
    node.eventually(lambda: address(node, VIP), 10, "the address")
    node.eventually(lambda: len(announcements(wire, VIP)) >= 15, 10, "its announcement")


def test_one_waits_for_its_interface_and_returns_with_it(node, dummy):
    node.run(f"lvsctl address add 198.51.100.100/24 --interface {dummy}")
    node.run(f"ip link delete {dummy}")
    node.eventually(lambda: state(node, "address", "198.51.100.100") == "waiting", 10, "the address to wait")
    node.run(f"ip link add {dummy} type dummy && ip link set {dummy} up && ip address add 198.51.100.1/24 dev {dummy}")
    node.eventually(lambda: address(node, "198.51.100.100"), 10, "the address")
    node.eventually(lambda: state(node, "address", "198.51.100.100") == "applied", 10, "the word for it")
    assert address(node, "198.51.100.100")["secondary"]


# edited

def test_edits_take_it_where_they_say(node, dummy):
    node.run(f"lvsctl address add {VIP}/24 --interface ens33")
    node.run(f"lvsctl address edit {VIP} --label ens33:7")
    assert address(node, VIP)["label"] == "ens33:7"
    node.run(f"lvsctl address edit {VIP} --prefix-length 32")
    assert address(node, VIP)["prefixlen"] == 32
    node.run(f"lvsctl address edit {VIP} --label '' --interface {dummy}")
    assert address(node, VIP)["interface"] == dummy and not address(node, VIP, "ens33")
    assert faults.status(node)["state"] == "clean" and address(node, HOST)
    refused(node, f"lvsctl address edit {VIP} --interface ens99", NOT_FOUND, "ens99")
    assert address(node, VIP)["interface"] == dummy
