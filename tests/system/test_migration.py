"""Coming from keepalived and from a script without an outage, by the very commands of lvs(7)."""
import functools
import re
import textwrap

import pytest

from machines import faults, manual, views
from machines.tutorial import VIP

REAL_SERVER = "192.168.252.133"
KEEPALIVED = """\
global_defs {{
    vrrp_garp_master_delay 1
    vrrp_skip_check_adv_addr
}}
vrrp_instance web {{
    state BACKUP
    interface ens33
    virtual_router_id 51
    priority {priority}
    advert_int 1
    virtual_ipaddress {{
        {vip}
    }}
}}
virtual_server {vip} 80 {{
    delay_loop 2
    lb_algo wrr
    lb_kind DR
    protocol TCP
    real_server {real_server} 80 {{
        weight 3
        TCP_CHECK {{
            connect_timeout 5
        }}
    }}
}}
"""
PLACES = {"192.0.2.100": VIP, "eth0": "ens33"}
typed = functools.partial(manual.typed, places=PLACES)


def script(heading: str) -> str:
    """The script that the section begins with."""
    text = re.search(r"```\n(#!/bin/sh\n.*?)```", manual.section(heading), re.DOTALL)[1]
    for there, here in PLACES.items():
        text = text.replace(there, here)
    return textwrap.dedent(text)


@pytest.fixture
def real_server(rs2):
    """Set up by the classic script, which systemd runs at boot."""
    before = views.configuration(rs2)
    rs2.write("/usr/local/sbin/lvs-real-server", script("COMING FROM A SCRIPT"))
    rs2.write("/etc/systemd/system/lvs-real-server.service",
              "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh /usr/local/sbin/lvs-real-server\n"
              "[Install]\nWantedBy=multi-user.target\n")
    rs2.run("systemctl daemon-reload && systemctl enable --now lvs-real-server")
    yield rs2
    rs2.run("lvsctl --force --quiet clear; ip address delete " + VIP + "/32 dev lo 2>/dev/null; "
            "systemctl disable --now lvs-real-server 2>/dev/null; rm -f /etc/systemd/system/lvs-real-server.service; "
            "sysctl -q -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0 net.ipv4.conf.lo.arp_ignore=0 "
            "net.ipv4.conf.lo.arp_announce=0")
    assert views.configuration(rs2) == before


@pytest.fixture
def directors(director, rs1, real_server):
    """The first is the master: both with keepalived's services, one with its address."""
    pair = {director: 100, rs1: 50}
    for node, priority in pair.items():
        node.write("/etc/keepalived/keepalived.conf",
                   KEEPALIVED.format(priority=priority, vip=VIP, real_server=REAL_SERVER))
        node.run("systemctl enable --now keepalived", seconds=60)
    director.eventually(lambda: faults.address(director, VIP), 60, "the master to take the address")
    for node in pair:
        node.eventually(lambda node=node: views.ipvsadm(node), 60, "keepalived's rules")
    assert not faults.address(rs1, VIP)
    yield list(pair)
    for node in pair:
        node.run("lvsctl --force --quiet clear; systemctl disable --now keepalived 2>/dev/null; ipvsadm -C; "
                 f"rm -f /etc/keepalived/keepalived.conf; systemctl reset-failed keepalived 2>/dev/null; "
                 f"ip address delete {VIP}/32 dev ens33 2>/dev/null || :")


class Traffic:
    """A client that asks all the time, and one long request."""

    def __init__(self, client):
        self.client = client
        client.run(f"ip neighbour flush to {VIP}")
        self.asking = client.start(f"while sleep 0.1; do curl -s --max-time 20 http://{VIP}/ || echo FAILED; done")
        self.asking.wait_for("node3", 60)
        self.held = client.start(f"exec curl -s --max-time 300 http://{VIP}/hold/200")

    def goes_on(self, count: int = 5) -> None:
        """Until so many more requests were answered."""
        answered = self.asking.output().count("node3")
        self.client.eventually(lambda: self.asking.output().count("node3") >= answered + count, 60, "further answers")

    def lost_nothing(self) -> None:
        """End it, and look at every answer."""
        assert self.held.running(), "a connection was cut"
        self.held.stop()
        printed = self.asking.stop()
        assert set(printed.split()) == {"node3"}, printed[-1000:]


def kernel(node) -> str:
    """Rules, addresses and ARP settings, without the numbers of connections."""
    return node.run("ipvsadm -Sn; ip -oneline address; sysctl net.ipv4.conf.{all,lo,ens33}.arp_{ignore,announce}").stdout


@pytest.mark.long
def test_from_keepalived_and_a_script_without_an_outage(directors, real_server, client):
    master, backup = directors
    traffic = Traffic(client)
    services = {f"tcp/{VIP}:80": ("wrr", {f"{REAL_SERVER}:80": ("direct", 3)})}
    for node, heading, prompt in ((backup, "COMING FROM KEEPALIVED", "backup"), (master, "COMING FROM KEEPALIVED", "master"),
                                  (real_server, "COMING FROM A SCRIPT", "real")):
        before = kernel(node)
        done = node.run("set -e\n" + typed(heading, prompt))
        assert kernel(node) == before, done
        traffic.goes_on()
    traffic.lost_nothing()
    for node in directors:
        assert views.ipvsadm(node) == services == views.lvsctl_list(node)
        assert node.try_run("pgrep keepalived").status != 0
        assert "foreign" not in node.run("lvsctl list --json").stdout
    assert faults.state(master, "address", VIP) == "applied" and faults.state(backup, "address", VIP) == "down"
    assert faults.state(real_server, "role", VIP) == "applied"
    master.run(f"lvsctl --force address down {VIP}")
    backup.run(f"lvsctl address up {VIP}")
    assert client.run(f"curl -s --max-time 20 http://{VIP}/").stdout == "node3\n"
    assert not faults.address(master, VIP) and faults.address(backup, VIP)


@pytest.mark.long
def test_a_running_keepalived_is_warned_of_and_takes_what_it_made(directors):
    master, _ = directors
    result = master.run("lvsctl adopt all")
    assert "keepalived is running" in result.stderr and "SIGKILL" in result.stderr
    master.run("systemctl stop keepalived", seconds=60)
    master.eventually(lambda: views.ipvsadm(master) and faults.address(master, VIP), 60,
                      "lvsd to put back what keepalived took")


@pytest.mark.long
@pytest.mark.kills_daemon
def test_what_came_from_a_script_is_there_after_a_power_cut(real_server, network):
    real_server.run("set -e\n" + typed("COMING FROM A SCRIPT", "real"))
    real_server.power_cut()
    network.boot(real_server)
    assert faults.state(real_server, "role", VIP) == "applied" and faults.address(real_server, VIP, "lo")
    settings = real_server.run("sysctl -n net.ipv4.conf.all.arp_ignore net.ipv4.conf.all.arp_announce").stdout.split()
    assert settings == ["1", "2"]
