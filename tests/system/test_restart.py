"""A restart of lvsd is nothing to the kernel: not one write, not one failed request."""
import pytest

from machines import faults, views

pytestmark = pytest.mark.kills_daemon

VIP, ROLE = "192.0.2.100", "192.0.2.110"
ROUNDS = 3
TRACED = """\
[Service]
SystemCallFilter=@debug @setuid
RuntimeDirectory=trace
RuntimeDirectoryPreserve=yes
ExecStart=
ExecStart=/usr/bin/strace -D -f -A -o /run/trace/log -e trace=openat {command}
"""
DROP_IN = "/etc/systemd/system/lvsd.service.d/zz-trace.conf"


def configuration(count: int) -> str:
    """So many services of five destinations each, two addresses, a role, two settings; the web server itself behind the first."""
    lines = ["[lvsd]", "format=1", f"[address {VIP}]", "prefix-length=24", "interface=ens33",
             "[address 2001:db8::100]", "prefix-length=128", "interface=ens33", f"[role {ROLE}]", "method=direct"]
    for number in range(count):
        port = 80 + number
        lines += [f"[service s{port}]", f"key=tcp/{VIP}:{port}", "scheduler=rr"]
        lines += [f"destination 192.0.2.{200 + last} {port}=method=direct weight={int(port > 80)}" for last in range(5)]
    lines.insert(lines.index("[service s81]"), "destination 192.0.2.1 80=method=local weight=1")
    lines += ["[settings]", "net.ipv4.vs.conn_reuse_mode=0", "timeout.udp=60"]
    return "\n".join(lines) + "\n"


@pytest.fixture
def busy(node, neighbour):
    """A director with a hundred services, and a client that asks it all the time."""
    node.run("lvsctl apply -", stdin=configuration(100))
    asking = neighbour.start(f"while sleep 0.1; do curl -s --max-time 10 http://{VIP}/ || echo FAILED; done")
    asking.wait_for("node")
    held = neighbour.start(f"exec curl -s --max-time 300 http://{VIP}/hold/250")
    yield node
    printed = asking.stop()
    assert held.running(), "a connection was cut"
    held.stop()
    assert "FAILED" not in printed and printed, printed[-1000:]


@pytest.fixture
def watched(busy):
    """The daemon started under strace, which notes each file it opens."""
    command = busy.run("systemctl show lvsd --property=ExecStart --value | sed 's/.*argv\\[\\]=\\([^;]*\\) ;.*/\\1/'"
                       ).stdout.strip()
    busy.write(DROP_IN, TRACED.format(command=command))
    busy.run("systemctl daemon-reload")
    try:
        faults.restart(busy)
        yield busy
    finally:
        busy.run(f"rm {DROP_IN}; systemctl daemon-reload; systemctl reset-failed lvsd; systemctl restart lvsd; "
                 "rm -rf /run/trace")


def settings_written(node) -> list[str]:
    """Files below /proc/sys that lvsd has opened for writing."""
    return [line for line in node.run("cat /run/trace/log").lines
            if "/proc/sys/" in line and ("O_WRONLY" in line or "O_RDWR" in line)]


def test_no_restart_and_no_crash_writes_anything(watched):
    before = watched.run("ipvsadm -Sn; ip -oneline address; sysctl -a 2>/dev/null | grep -e arp_ -e ipv4.vs; ipvsadm -L --timeout").stdout
    netlink = faults.Netlink(watched)
    for _ in range(ROUNDS):
        faults.stop(watched)
        faults.start(watched)
    for _ in range(ROUNDS):
        faults.kill(watched)
    assert netlink.writes() == []
    assert settings_written(watched) == []
    assert watched.run("ipvsadm -Sn; ip -oneline address; sysctl -a 2>/dev/null | grep -e arp_ -e ipv4.vs; ipvsadm -L --timeout").stdout == before
    netlink = faults.Netlink(watched)
    watched.run("lvsctl service add extra tcp/192.0.2.100:9 && lvsctl role delete " + ROLE)
    assert {"NEW_SERVICE", "delete 21"} <= set(netlink.writes()) and len(settings_written(watched)) == 2, \
        "so that it is known that writes would have been seen"


@pytest.mark.long
def test_a_runtime_weight_survives_a_restart_and_ends_with_the_boot(node, workshop):
    node.run(f"lvsctl service add web tcp/{VIP}:80 && lvsctl destination add web 192.0.2.3 192.0.2.4 --weight 5 && "
             "lvsctl destination edit web 192.0.2.3 --runtime 2 --reason 'being warmed up'")
    weight = lambda: views.ipvsadm(node)[f"tcp/{VIP}:80"][1]["192.0.2.3:80"][1]  # noqa: E731
    assert weight() == 2 and "weight=5" in node.run("lvsctl export").stdout
    faults.restart(node)
    assert weight() == 2 and "being warmed up" in node.run("lvsctl list --json").stdout
    faults.kill(node)
    assert weight() == 2
    node.power_cut()
    workshop.boot(node)
    assert weight() == 5 and "being warmed up" not in node.run("lvsctl list --json").stdout
