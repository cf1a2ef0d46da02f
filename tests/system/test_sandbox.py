"""Least privilege: the shipped unit takes from the daemon what it does not need, and nothing that it does."""
import pytest

from machines import faults, views
from machines.faults import KERNEL, address, refused

VIP, TUNNELLED, SERVER = "192.168.252.100", "192.168.252.110", "192.168.252.132"
# CAP_NET_ADMIN and CAP_NET_RAW (linux/capability.h).
CAPABILITIES = 1 << 12 | 1 << 13
SECCOMP_FILTER = "2"
REUSE = "net.ipv4.vs.conn_reuse_mode"

# What root could write to where it stands in the place of the daemon, and what not.
WRITABLE = "/var/lib/lvsd /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/vs/drop_entry /tmp"
READ_ONLY = "/ /usr /etc /boot /var /var/log /run /sys /sys/fs/cgroup /proc/sys/kernel/panic /proc/sysrq-trigger /proc/kallsyms"
HIDDEN = "/dev/ubda /dev/mem /dev/kmsg /dev/tty0"


def exposure_file(node) -> str:
    """A copy of the unit as it is installed, without the drop-ins that a test run may add."""
    node.run("cp $(systemctl show lvsd --property=FragmentPath --value) /run/exposure.service")
    return "/run/exposure.service"


def test_the_exposure_is_at_most_one_and_a_half(director):
    result = director.try_run(f"systemd-analyze security --offline=yes --no-pager --threshold=15 {exposure_file(director)}")
    assert result.status == 0, result


def test_the_daemon_has_two_rights_and_sees_what_it_needs(director):
    pid = faults.pid(director)
    status = dict(line.split(":", 1) for line in director.run(f"cat /proc/{pid}/status").lines)
    assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == CAPABILITIES, status
    assert status["NoNewPrivs"].strip() == "1" and status["Seccomp"].strip() == SECCOMP_FILTER
    assert set(status["Uid"].split()) == {director.run("id -u lvsd").stdout.strip()}
    seen = director.run(f"nsenter --target {pid} --mount sh -c '"
                        f"for path in {WRITABLE} {READ_ONLY}; do test -w $path && echo $path; done; "
                        f"for path in {HIDDEN}; do test -e $path && echo $path; done; :'").stdout.split()
    assert seen == WRITABLE.split(), seen


def test_the_state_is_nobody_elses(director):
    director.run("lvsctl apply -", stdin=f"[lvsd]\nformat=1\n[service web]\nkey=tcp/{VIP}:80\nscheduler=rr\n")
    assert director.run("stat --format='%a %U' /var/lib/lvsd").stdout.split() == ["700", "lvsd"]
    listed = director.run("find /var/lib/lvsd -mindepth 1 -printf '%m %u %P\\n'").lines
    assert {line.split()[0] for line in listed} == {"600"} and {line.split()[1] for line in listed} == {"lvsd"}, listed
    assert any("generation" in line for line in listed) and any("journal" in line for line in listed), listed


@pytest.fixture
def roomy(rs1):
    """A real server that has a default route and takes GUE."""
    rs1.run("modprobe fou && ip route replace default via 192.168.252.131")
    yield rs1
    rs1.run("lvsctl --force clear; ip route delete default")


def test_the_daemon_does_all_that_it_can_under_its_unit(director, roomy, rs2, client, memcheck):
    nodes = director, roomy, rs2
    for node in nodes:
        assert memcheck or not node.run("systemctl show lvsd --property=DropInPaths --value").stdout.strip()
    before = [views.configuration(node) for node in nodes]
    wire = faults.Wire(client, "ens33", "arp")
    roomy.run(f"lvsctl role add {VIP} && "
              f"lvsctl role add {TUNNELLED} --method tunnel --tunnel gue --tunnel-port 6080 --advmss 1400")
    for node, state, up in ((director, "master", ""), (rs2, "backup", "--no-up")):
        node.run(f"lvsctl address add {VIP}/24 --interface ens33 {up} && lvsctl service add web tcp/{VIP}:80 --scheduler rr && "
                 f"lvsctl destination add web {SERVER} && lvsctl sysctl set {REUSE} 0 && lvsctl sysctl set ip_forward 1 && "
                 f"lvsctl timeouts set --udp 200 && lvsctl sync start {state} --interface ens33 --id 7")
    client.eventually(lambda: wire.times(f"{VIP} is-at {director.mac}") or wire.times(f"who-has {VIP}", director.mac), 10,
                      "the announcement of the address")
    assert roomy.run("cat /proc/sys/net/ipv4/conf/all/arp_ignore").stdout == "1\n" and address(roomy, VIP, "lo")
    assert address(roomy, TUNNELLED, "tunl0") and "6080" in roomy.run("ip fou show").stdout
    assert "advmss 1400" in roomy.run("ip route show default").stdout
    assert [faults.sysctl(director, name).strip() for name in (REUSE, "net.ipv4.ip_forward")] == ["0", "1"]
    assert director.run("ipvsadm -L --timeout").stdout.split()[-1] == "200"
    held = client.start(f"exec curl -s --max-time 60 http://{VIP}/hold/30")
    rs2.eventually(lambda: [row for row in views.lvsctl_connections(rs2) if row[1] == "ESTABLISHED"], 15,
                   "the connection on the other director")
    held.stop()
    wire.stop()
    for node in nodes:
        node.run("lvsctl --force clear")
        assert "denied" not in node.journal() and "not permitted" not in node.journal()
    assert [views.configuration(node) for node in nodes] == before


@pytest.fixture
def without(director):
    """A way to take from the daemon what its unit gives it."""
    drop_in = "/run/systemd/system/lvsd.service.d/without.conf"

    def take(lines: str) -> None:
        director.run(f"mkdir -p $(dirname {drop_in})")
        director.write(drop_in, f"[Service]\n{lines}\n")
        director.run("systemctl daemon-reload && systemctl restart lvsd")

    yield take
    director.run(f"rm -f {drop_in}; systemctl daemon-reload; systemctl restart lvsd")


CAPABILITY_LINES = "CapabilityBoundingSet=\nCapabilityBoundingSet={0}\nAmbientCapabilities=\nAmbientCapabilities={0}"
ADDRESS = f"lvsctl address add {VIP}/24 --interface ens33 && lvsctl address announce {VIP}"


@pytest.mark.long
@pytest.mark.parametrize("lines, command, word", [
    ("ReadWritePaths=", f"lvsctl role add {VIP}", "arp_"),
    ("ReadWritePaths=", "lvsctl sysctl set ip_forward 1", "ip_forward"),
    (CAPABILITY_LINES.format("CAP_NET_RAW"), f"lvsctl service add web tcp/{VIP}:80", "CAP_NET_ADMIN"),
    (CAPABILITY_LINES.format("CAP_NET_ADMIN"), ADDRESS, "announce"),
    ("RestrictAddressFamilies=\nRestrictAddressFamilies=AF_UNIX AF_NETLINK", ADDRESS, "announce"),
], ids=["sysctl-of-a-role", "sysctl", "net-admin", "net-raw", "packet-sockets"])
def test_what_the_unit_gives_is_needed(director, without, lines, command, word):
    without(lines)
    refused(director, command, KERNEL, word)


@pytest.mark.long
def test_a_port_below_1024_needs_a_right_that_only_a_person_gives(director, without):
    start = "lvsctl sync start backup --interface ens33 --port 700"
    refused(director, start, KERNEL, "port", "CAP_NET_BIND_SERVICE", "lvsd(8)")
    without("AmbientCapabilities=CAP_NET_BIND_SERVICE\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE")
    director.run(f"{start} && lvsctl sync stop backup")
