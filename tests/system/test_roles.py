"""Real-server roles: the ARP settings before the address, and everything put back as it was."""
import re

import pytest

from machines import faults
from machines.faults import CONFLICT, KERNEL, REFUSED, address, refused, state

VIP, SECOND, VIP6 = "192.0.2.100", "192.0.2.101", "2001:db8::100"
ADMINISTRATORS = "/etc/sysctl.d/90-administrator.conf"


def arp(node, interface: str = "all") -> tuple[str, str]:
    return tuple(node.run(f"cd /proc/sys/net/ipv4/conf/{interface}; cat arp_ignore arp_announce").stdout.split())


def set_arp(node, ignore: int, interface: str = "all") -> None:
    node.run(f"echo {ignore} > /proc/sys/net/ipv4/conf/{interface}/arp_ignore")


@pytest.fixture(autouse=True)
def kernels_own_settings(node):
    """0 and 0, before and after."""
    assert arp(node) == ("0", "0")
    yield
    node.run(f"lvsctl --force --quiet clear; rm -f {ADMINISTRATORS}")
    for interface in ("all", "ens33"):
        set_arp(node, 0, interface)
    assert arp(node) == ("0", "0")


def test_the_settings_come_before_the_address_and_go_after_it(node):
    with faults.traced(node, "-x -e trace=openat,write,pwrite64,sendmsg,sendto") as trace:
        node.run(f"lvsctl role add {VIP}")
    lines = trace.output().splitlines()
    writes = [number for number, line in enumerate(lines) if re.search(r"write.*/arp_(ignore|announce)>", line)]
    added = [number for number, line in enumerate(lines) if re.search("nlmsg_type=(RTM_NEWADDR|0x14 )", line)]
    durable = [number for number, line in enumerate(lines) if re.search("write.*/journal-", line)]
    assert len(writes) == 2 and added and durable, trace.output()
    assert min(durable) < min(writes) and max(writes) < min(added), trace.output()
    assert arp(node) == ("1", "2") and address(node, VIP, "lo")["prefixlen"] == 32
    node.run(f"lvsctl role delete {VIP}")
    assert arp(node) == ("0", "0") and not address(node, VIP)


def test_two_roles_share_the_settings_and_the_last_puts_them_back(node):
    set_arp(node, 2)
    node.run(f"lvsctl role add {VIP} && lvsctl role add {SECOND}")
    assert arp(node) == ("2", "2")
    node.run(f"lvsctl role delete {VIP}")
    assert arp(node) == ("2", "2") and address(node, SECOND, "lo")
    node.run(f"lvsctl role delete {SECOND}")
    assert arp(node) == ("2", "0")


def test_what_somebody_else_has_set_meanwhile_stays(node):
    node.run(f"lvsctl role add {VIP}")
    set_arp(node, 2)
    node.run(f"lvsctl role delete {VIP}")
    assert arp(node) == ("2", "0")


def test_with_an_interface_only_that_one_is_touched(node):
    node.run(f"lvsctl role add {VIP} --interface ens33")
    assert arp(node) == ("0", "0") and arp(node, "ens33") == ("1", "2")
    node.run(f"lvsctl role delete {VIP}")
    assert arp(node, "ens33") == ("0", "0")


def test_a_setting_that_would_show_or_hide_too_much_is_refused_by_name(node):
    for interface, value in (("all", 3), ("all", 8), ("ens33", 3), ("ens33", 8)):
        set_arp(node, value, interface)
        refused(node, f"lvsctl role add {VIP}", CONFLICT, f"net.ipv4.conf.{interface}.arp_ignore is {value}")
        assert not address(node, VIP) and state(node, "role", VIP) == "unknown"
        assert arp(node, interface) == (str(value), "0") and arp(node)[1] == "0"
        set_arp(node, 0, interface)


def test_an_ipv6_role_needs_no_settings(node):
    node.run(f"lvsctl role add {VIP6}")
    six = address(node, VIP6, "lo")
    assert six["prefixlen"] == 128 and six["nodad"] and arp(node) == ("0", "0")
    node.run(f"lvsctl role delete {VIP6}")
    assert not address(node, VIP6)


@pytest.mark.long
@pytest.mark.kills_daemon
def test_another_boot_has_other_settings_to_put_back(node):
    node.run(f"lvsctl role add {VIP}")
    node.layer.write(ADMINISTRATORS.lstrip("/"), "net.ipv4.conf.all.arp_ignore = 2\n")
    try:
        node.reboot()
        assert arp(node) == ("2", "2") and address(node, VIP, "lo")
        node.run(f"lvsctl role delete {VIP}")
        assert arp(node) == ("2", "0"), "put back what another boot had had"
    finally:
        (node.layer.folder / ADMINISTRATORS.lstrip("/")).unlink()


def test_a_role_with_clients_is_kept_unless_forced(node, neighbour):
    node.run(f"lvsctl role add {VIP}")
    neighbour.run(f"ip route replace {VIP}/32 via 192.0.2.1")
    client = neighbour.start(f"exec curl -s http://{VIP}/hold/60")
    node.eventually(f"ss -Htn state established 'src {VIP}:80' | grep -q .")
    refused(node, f"lvsctl role delete {VIP}", REFUSED, VIP, "1 established")
    assert address(node, VIP, "lo") and arp(node) == ("1", "2")
    node.run(f"lvsctl --force role delete {VIP}")
    client.stop()
    neighbour.run(f"ip route delete {VIP}/32")
    assert not address(node, VIP) and arp(node) == ("0", "0")


def test_without_its_settings_the_address_is_not_added(node):
    with faults.failing(node, "openat", "error=EROFS", options="-P /proc/sys/net/ipv4/conf/all/arp_announce"):
        refused(node, f"lvsctl role add {VIP}", KERNEL, "arp_announce", "Read-only")
    assert not address(node, VIP) and arp(node) == ("0", "0") and state(node, "role", VIP) == "unknown"
    node.run(f"lvsctl role add {VIP}")


def test_a_virtual_address_on_lo_is_none_of_a_roles(node):
    node.run(f"lvsctl role add {VIP} && lvsctl address add {SECOND} --interface lo")
    set_arp(node, 0)
    node.run(f"ip address delete {SECOND}/32 dev lo")
    node.eventually(lambda: address(node, SECOND, "lo"), 30, "the address to be put back")


@pytest.mark.kills_daemon
def test_nor_is_it_at_the_start(node):
    node.run(f"lvsctl role add {VIP}")
    faults.stop(node)
    node.run(f"ip address delete {VIP}/32 dev lo")
    set_arp(node, 0)
    node.write("/etc/systemd/system/lvsd.service.d/read-only.conf", "[Service]\nReadOnlyPaths=/proc/sys/net\n")
    try:
        node.run("systemctl daemon-reload")
        faults.start(node)
        assert not address(node, VIP) and state(node, "role", VIP) in ("missing", "failed")
        assert faults.status(node)["state"] == "attention"
    finally:
        node.run("rm /etc/systemd/system/lvsd.service.d/read-only.conf; systemctl daemon-reload")
    faults.restart(node)
    assert address(node, VIP, "lo") and arp(node) == ("1", "2") and state(node, "role", VIP) == "applied"
