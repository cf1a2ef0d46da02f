"""A restart of lvsd is nothing to the kernel: not one write, not one failed request."""
import contextlib
from collections.abc import Iterator

import pytest

from machines import faults, views
from machines.machine import Machine

pytestmark = pytest.mark.kills_daemon

VIP, ROLE = "192.0.2.100", "192.0.2.110"
TRACED = """\
[Service]
SystemCallFilter=@debug @setuid
RuntimeDirectory=trace
RuntimeDirectoryPreserve=yes
ExecStart=
ExecStart=/usr/bin/strace -D -f -A -o /run/trace/log -e trace=openat {command}
"""
DROP_IN = "/etc/systemd/system/lvsd.service.d/zz-trace.conf"
KERNEL = ("ipvsadm -Sn; ip -oneline address; sysctl -a 2>/dev/null | grep -e arp_ -e ipv4.vs; ipvsadm -L --timeout")
KEEPALIVED = "/etc/keepalived/keepalived.conf"


def ports(count: int) -> range:
    return range(80, 80 + count)


def destinations(port: int, count: int) -> list[tuple[str, str, int]]:
    """Address, method, weight: the web server itself behind the first service, nobody behind the others."""
    alone = [("192.0.2.1", "local", 1)] if port == 80 else []
    return alone + [(f"192.0.2.{200 + last}", "direct", int(port > 80)) for last in range(count - len(alone))]


def configuration(count: int, each: int) -> str:
    """So many services of so many destinations each, two addresses, a role, two settings."""
    lines = ["[lvsd]", "format=1", f"[address {VIP}]", "prefix-length=24", "interface=ens33",
             "[address 2001:db8::100]", "prefix-length=128", "interface=ens33", f"[role {ROLE}]", "method=direct"]
    for port in ports(count):
        lines += [f"[service s{port}]", f"key=tcp/{VIP}:{port}", "scheduler=rr"]
        lines += [f"destination {address} {port}=method={method} weight={weight}" for address, method, weight in destinations(port, each)]
    lines += ["[settings]", "net.ipv4.vs.conn_reuse_mode=0", "timeout.udp=60"]
    return "\n".join(lines) + "\n"


class Traffic:
    """A client that asks for a page all the time, and one that holds a connection."""

    def __init__(self, client: Machine):
        self.asking = client.start(f"while sleep 0.1; do curl -s --max-time 10 http://{VIP}/ || echo FAILED; done")
        self.asking.wait_for("node")
        self.held = client.start(f"exec curl -s --max-time 1200 http://{VIP}/hold/1000")

    def end(self) -> tuple[int, int, bool]:
        """Requests, those that failed, and whether the connection was cut."""
        cut = not self.held.running()
        printed = self.asking.stop().splitlines()
        self.held.stop()
        assert printed
        return len(printed), printed.count("FAILED"), cut


@contextlib.contextmanager
def traced(node: Machine) -> Iterator[None]:
    """The daemon is started under strace, which notes each file it opens."""
    command = node.run("systemctl show lvsd --property=ExecStart --value | sed 's/.*argv\\[\\]=\\([^;]*\\) ;.*/\\1/'"
                       ).stdout.strip()
    node.write(DROP_IN, TRACED.format(command=command))
    node.run("systemctl daemon-reload")
    try:
        faults.restart(node)
        yield
    finally:
        node.run(f"rm {DROP_IN}; systemctl daemon-reload; systemctl reset-failed lvsd; systemctl restart lvsd; "
                 "rm -rf /run/trace")


def settings_written(node) -> list[str]:
    """Files below /proc/sys that lvsd has opened for writing."""
    return node.run("grep -e O_WRONLY -e O_RDWR /run/trace/log | grep /proc/sys/ || :").lines


def write_nothing(node: Machine, client: Machine, rounds: int) -> None:
    """Not in so many restarts and so many crashes; and it would be seen."""
    traffic = Traffic(client)
    with traced(node):
        before = node.run(KERNEL).stdout
        netlink = faults.Netlink(node)
        for _ in range(rounds):
            faults.stop(node)
            faults.start(node)
        for _ in range(rounds):
            faults.kill(node)
        assert netlink.writes() == []
        assert settings_written(node) == []
        assert node.run(KERNEL).stdout == before
        requests, failed, cut = traffic.end()
        assert not failed and not cut, f"{failed} of {requests} requests failed"
        netlink = faults.Netlink(node)
        node.run("lvsctl service add extra tcp/192.0.2.100:9 && lvsctl role delete " + ROLE)
        assert {"NEW_SERVICE", "delete 21"} <= set(netlink.writes()) and len(settings_written(node)) == 2


def test_no_restart_and_no_crash_writes_anything(node, neighbour):
    node.run("lvsctl apply -", stdin=configuration(100, 5))
    write_nothing(node, neighbour, 3)


# beside others

def keepalived(count: int, each: int) -> str:
    text = ""
    for port in ports(count):
        text += f"virtual_server {VIP} {port} {{\n lb_algo rr\n lb_kind DR\n protocol TCP\n"
        text += "".join(f" real_server {address} {port} {{\n weight {max(weight, 1)}\n }}\n"
                        for address, _, weight in destinations(port, each) if weight)
        text += "}\n"
    return text


def counted(node: Machine, client: Machine, act: str) -> str:
    """How many writes, failed requests and cut connections that comes to."""
    traffic = Traffic(client)
    netlink = faults.Netlink(node)
    node.run(act, seconds=300)
    writes = len(netlink.writes())
    requests, failed, cut = traffic.end()
    return f"{writes} writes, {failed} of {requests} requests failed, {int(cut)} of 1 connections cut"


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_forty_restarts_of_ten_thousand_destinations_write_nothing_where_others_write_them_all(node, neighbour, record_property):
    count, each, rounds = 1000, 10, 20
    node.run("lvsctl apply -", stdin=configuration(count, each))
    write_nothing(node, neighbour, rounds)
    record_property("figures", f"{count} services of {each}: lvsd, {rounds} stops and starts and {rounds} SIGKILLs: 0 writes, "
                    "no request failed, no connection cut")
    node.run("systemctl stop lvsd")
    by_text = counted(node, neighbour, "ipvsadm -Sn >/run/rules && ipvsadm -C && ipvsadm -R </run/rules")
    record_property("figures", f"the same, ipvsadm -S, -C, -R, once: {by_text}")
    node.run("ipvsadm -C")
    node.write(KEEPALIVED, keepalived(count, each))
    node.run("systemctl start keepalived")
    node.eventually(f"test $(ipvsadm -Ln | grep -c ^TCP) = {count} && ipvsadm -Ln | grep -q 192.0.2.1:80", 120)
    by_keepalived = counted(node, neighbour, "systemctl restart keepalived; "
                            f"until [ $(ipvsadm -Ln | grep -c ^TCP) = {count} ]; do sleep 0.2; done; sleep 1")
    record_property("figures", f"the same, keepalived, one restart: {by_keepalived}")
    node.run(f"systemctl stop keepalived; rm {KEEPALIVED}; ipvsadm -C; systemctl start lvsd")
    assert not by_text.startswith("0 ") and not by_keepalived.startswith("0 ")


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
