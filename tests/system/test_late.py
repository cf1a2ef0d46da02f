"""What the machine has only later, loses, or gets back: waited for, told, and put right without a command."""
import time

import pytest

from machines import faults, permissions, views
from machines.faults import address, problems, state
from machines.network import Network

HOST, HOST6, VIP, VIP6, ROLE, ROLE6 = "192.0.2.1", "2001:db8::1", "192.0.2.100", "2001:db8::100", "192.0.2.110", "2001:db8::110"
HOSTS_OWN = "ip -force -batch /usr/lib/lab/network >/dev/null 2>&1 || :"
REUSE = "net.ipv4.vs.conn_reuse_mode"


def clean(node, seconds: float = 15) -> None:
    node.eventually(lambda: faults.status(node)["state"] == "clean", seconds, "nothing to complain about")


# interfaces

@pytest.fixture
def dummy(node):
    """The command by which an interface with an address of its own appears; afterwards there is none."""
    yield "modprobe dummy; ip link add dummy9 type dummy && ip link set dummy9 up && ip address add 198.51.100.1/24 dev dummy9"
    node.run("lvsctl --force --quiet clear; for name in dummy8 dummy9; do ip link delete $name 2>/dev/null || :; done")


def on_dummy(node) -> list[str]:
    """How the address and the role there stand."""
    return [state(node, "address", "198.51.100.100"), state(node, "role", "198.51.100.110")]


def put_on_dummy(node, dummy: str) -> None:
    node.run(f"{dummy} && lvsctl address add 198.51.100.100/24 --interface dummy9 && "
             "lvsctl role add 198.51.100.110 --interface dummy9")


def test_an_interface_that_is_renamed_away_and_back_is_the_same_again(node, dummy):
    put_on_dummy(node, dummy)
    node.run("ip link set dummy9 down && ip link set dummy9 name dummy8 && ip link set dummy8 up")
    node.eventually(lambda: state(node, "address", "198.51.100.100") == "waiting", 10, "the address to wait")
    assert address(node, "198.51.100.100", "dummy8"), "took away what is on an interface of another name"
    node.run("ip link set dummy8 down && ip link set dummy8 name dummy9 && ip link set dummy9 up")
    node.eventually(lambda: on_dummy(node) == ["applied", "applied"], 10, "both")
    assert faults.sysctl(node, "net.ipv4.conf.dummy9.arp_ignore") == "1"
    clean(node)


def test_one_that_gets_its_name_late_is_the_one_that_was_waited_for(node, dummy):
    put_on_dummy(node, dummy)
    node.run("ip link delete dummy9")
    node.eventually(lambda: state(node, "address", "198.51.100.100") == "waiting", 10, "the address to wait")
    node.run(dummy.replace("dummy9", "dummy8") + " && ip link set dummy8 down && ip link set dummy8 name dummy9 && "
             "ip link set dummy9 up")
    node.eventually(lambda: on_dummy(node) == ["applied", "applied"] and address(node, "198.51.100.100", "dummy9"), 10, "both")
    assert faults.sysctl(node, "net.ipv4.conf.dummy9.arp_ignore") == "1"
    clean(node)


@pytest.mark.long
def test_one_that_is_not_there_yet_at_boot_gets_address_and_role_when_it_appears(node, workshop, dummy):
    put_on_dummy(node, dummy)
    node.power_cut()
    workshop.boot(node)
    assert on_dummy(node)[0] == "waiting" and "waiting" in problems(node)
    node.run(dummy)
    node.eventually(lambda: on_dummy(node) == ["applied", "applied"] and address(node, "198.51.100.100", "dummy9"), 10, "both")
    assert faults.sysctl(node, "net.ipv4.conf.dummy9.arp_ignore") == "1"
    clean(node)


def test_a_link_that_goes_down_and_up_has_all_its_addresses_again_and_tells_of_them(node, neighbour):
    node.run(f"lvsctl address add {VIP}/24 --interface ens33 && lvsctl address add {VIP6} --interface ens33")
    wire = faults.Wire(neighbour, "ens33", "icmp6")
    node.run("ip link set ens33 down")
    node.eventually(lambda: "link-down" in problems(node), 10, "the word for it")
    assert address(node, VIP), "the kernel keeps those of IPv4"
    node.run(f"ip link set ens33 up; {HOSTS_OWN}")
    node.eventually(lambda: address(node, VIP6), 10, "the address that the kernel has dropped")
    clean(node)
    node.eventually(lambda: wire.times("neighbor advertisement", f"tgt is {VIP6}"), 10, "the neighbour to hear of it")
    wire.stop()
    for vip in (VIP, VIP6):
        neighbour.run(f"ip neigh flush dev ens33; ping -c 1 -W 5 {vip}")


def test_roles_outlast_lo_going_down_and_up(node):
    node.run(f"lvsctl role add {ROLE} && lvsctl role add {ROLE6}")
    node.run("ip link set lo down")
    node.run("ip link set lo up")
    node.eventually(lambda: address(node, ROLE, "lo") and address(node, ROLE6, "lo") and address(node, "::1"), 10, "all of them")
    clean(node)


# the module

@pytest.fixture
def no_loading(node):
    """Only a person can load ip_vs, as where the kernel does not know which module IPVS is in; which it is first rid of."""
    flush = "until ipvsadm -C && rmmod ip_vs_rr ip_vs; do :; done"
    node.run("modprobe ip_vs_rr; echo /bin/false >/proc/sys/kernel/modprobe")
    yield flush
    node.run("echo /sbin/modprobe >/proc/sys/kernel/modprobe; modprobe ip_vs")


@pytest.mark.long
def test_what_went_with_the_module_comes_back_with_it_at_once(node, no_loading):
    """In half the time of a round, with settings that are the module's as well."""
    node.run(f"lvsctl address add {VIP}/24 --interface ens33 && lvsctl service add web tcp/{VIP}:80 --scheduler rr && "
             f"lvsctl destination add web 192.0.2.2 && lvsctl sysctl set {REUSE} 0 && lvsctl timeouts set --udp 60")
    before = views.ipvsadm(node)
    node.run(no_loading)
    node.eventually(lambda: "unavailable" in problems(node), 3, "the word for it")
    node.run("echo /sbin/modprobe >/proc/sys/kernel/modprobe; modprobe ip_vs")
    begun = time.monotonic()
    node.eventually(lambda: views.ipvsadm(node) == before, 10, "the services")
    assert time.monotonic() - begun < 2.5, "waited for the next round"
    node.eventually(lambda: faults.sysctl(node, REUSE) == "0", 10, "the setting")
    assert node.run("ipvsadm -L --timeout").stdout.split()[-1] == "60"
    clean(node)


# sync daemons

@pytest.mark.long
def test_sync_daemons_hear_again_when_their_interface_has_come_back(node, dummy):
    node.run(f"{dummy}; ip link set dummy9 multicast on")
    node.run("lvsctl sync start backup --interface dummy9 --id 3 && lvsctl sync start master --interface dummy9 --id 3")
    hears = "ip maddress show dev dummy9 | grep -q 224.0.0.81"
    node.run(hears)
    node.run("ip link delete dummy9")
    node.eventually(lambda: "waiting" in problems(node), 10, "the word for it")
    netlink = faults.Netlink(node)
    node.run(f"{dummy}; ip link set dummy9 multicast on")
    node.eventually(hears, 10, "it to hear again")
    clean(node)
    assert sorted(word for word in netlink.writes() if "DAEMON" in word) == ["DEL_DAEMON", "DEL_DAEMON", "NEW_DAEMON", "NEW_DAEMON"]
    node.run("lvsctl sync stop master && lvsctl sync stop backup")


# who else is on the machine

@pytest.fixture
def alice(node):
    node.run("id alice >/dev/null 2>&1 || useradd --no-create-home --user-group alice")
    yield "setpriv --reuid=alice --regid=alice --clear-groups "
    node.run(f"rm -f {permissions.RULES}; systemctl restart polkit")


def test_polkit_goes_while_it_is_asked_and_is_asked_again_when_it_is_back(node, alice):
    node.run(f"lvsctl service add web tcp/{VIP}:80 --scheduler rr")
    permissions.rule(node, "polkit.spawn(['/bin/sleep', '4']); return polkit.Result.YES;")
    call = f"{alice} lvsctl service edit web --scheduler sed"
    slow = node.start(f"{call} || echo status $?")
    node.eventually("pgrep -x sleep")
    node.run("systemctl kill --signal=KILL polkit")
    slow.wait_for("status", 20)
    assert "-s rr" in node.run("ipvsadm -Sn").stdout
    permissions.rule(node, "return polkit.Result.YES;")
    node.run(call)
    assert "-s sed" in node.run("ipvsadm -Sn").stdout


@pytest.mark.long
@pytest.mark.kills_daemon
def test_the_bus_restarts_and_lvsd_is_on_it_again_with_the_kernel_as_it_was(node, workshop):
    node.run(f"lvsctl service add web tcp/{VIP}:80 && lvsctl destination add web 192.0.2.2")
    before, netlink, daemon = node.run("ipvsadm -Sn; ip -oneline address").stdout, faults.Netlink(node), faults.pid(node)
    node.run("systemctl restart dbus.socket dbus.service")
    node.eventually(lambda: faults.pid(node) not in (0, daemon), 30, "another lvsd")
    faults.answers(node)
    assert netlink.writes() == [] and node.run("ipvsadm -Sn; ip -oneline address").stdout == before
    node.run(f"lvsctl service add more tcp/{VIP}:81")
    assert set(views.ipvsadm(node)) == {f"tcp/{VIP}:80", f"tcp/{VIP}:81"}
    node.power_cut()  # others do not come back from that
    workshop.boot(node)


# the time

DOCUMENT = f"[lvsd]\nformat=1\n[service {{}}]\nkey=tcp/{VIP}:{{}}\nscheduler=rr\n"


@pytest.mark.long
@pytest.mark.parametrize("jump", ["+400 days", "-400 days"])
def test_a_clock_that_jumps_makes_no_confirmation_late_or_early(node, jump):
    now = time.time()
    node.run("lvsctl apply --confirm 6 -", stdin=DOCUMENT.format("web", 80))
    begun = time.monotonic()
    try:
        node.run(f"date --set=\"$(date) {jump}\"")
        assert faults.status(node)["state"] == "confirm-pending" and len(views.ipvsadm(node)) == 1
        node.eventually(lambda: not views.ipvsadm(node), 12, "what was not confirmed to go")
        assert time.monotonic() - begun > 4, "the clock has made it early"
        node.run("lvsctl apply -", stdin=DOCUMENT.format("later", 81))
        assert "later" in node.run("lvsctl export").stdout
        node.run("lvsctl rollback --force")
        assert not views.ipvsadm(node)
    finally:
        node.run(f"date --set=@{now + time.monotonic() - begun:.0f}")


# a network manager

# The lab's addresses have no broadcast one; systemd 252 would try for ever to replace those by others that have.
NETWORK = f"""[Match]
Name=ens33
[Network]
Address={HOST6}/64
IPv6AcceptRA=no
IPv6DuplicateAddressDetection=0
[Address]
Address={HOST}/24
Broadcast=no
"""


DONE = "grep -q ADMIN_STATE=configured /run/systemd/netif/links/$(cat /sys/class/net/ens33/ifindex)"


@pytest.fixture
def managed(stage, memcheck):
    """Its card is systemd-networkd's to look after, which does not wait for udev with /sys read-only, as in a container."""
    with Network(stage, memcheck) as network:
        machine = network.machine("managed", f"{HOST}/24", f"{HOST6}/64")
        network.boot()
        machine.write("/etc/systemd/network/10-lab.network", NETWORK)
        machine.write("/run/systemd/system/systemd-networkd.service.d/lab.conf",
                      "[Service]\nReadOnlyPaths=/sys\nEnvironment=SYSTEMD_LOG_LEVEL=debug\n")
        yield machine


@pytest.mark.long
def test_what_a_network_manager_takes_away_is_back_and_never_the_hosts_own_address(managed):
    managed.run(f"lvsctl address add {VIP}/24 --interface ens33 && lvsctl address add {VIP6} --interface ens33")
    for command in ("systemctl daemon-reload; systemctl start systemd-networkd", "networkctl reconfigure ens33"):
        managed.run(command)
        managed.eventually(DONE, 20, "networkd to be done")
        managed.eventually(lambda: address(managed, VIP) and address(managed, VIP6), 10, "both addresses")
        assert address(managed, VIP)["secondary"] and not address(managed, HOST).get("secondary")
        assert f"src {HOST} " in managed.run("ip route get 192.0.2.2").stdout
    clean(managed)
