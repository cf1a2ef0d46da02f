"""Roles behind a tunnel: a director and a real server in two networks, with a router between them and the client."""
import json
import re

import pytest

from machines import daemon, faults, views
from machines.faults import CONFLICT, KERNEL, address, refused, state
from machines.machine import Machine
from machines.network import Network

VIP, VIP6 = "10.1.0.100", "2001:db8:1::100"
SERVER, SERVER6 = "10.2.0.2", "2001:db8:2::2"
TUNNELS = {"ipip": ("ipip", VIP, "tunl0", 1440), "gue": ("gue", VIP, "tunl0", 1428), "gre": ("gre", VIP, "gre0", 1436),
           "ipip6": ("ipip", VIP6, "ip6tnl0", 1400), "gue6": ("gue", VIP6, "ip6tnl0", 1388),
           "gre6": ("gre", VIP6, "ip6gre0", 1396)}

ROUTER = """
sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip link set far up
ip address add 10.2.0.1/24 dev far; ip address add 2001:db8:2::1/64 dev far nodad
ip netns add client; ip link add near type veth peer name eth0 netns client; ip link set near up
ip address add 10.3.0.1/24 dev near; ip address add 2001:db8:3::1/64 dev near nodad
ip -netns client link set eth0 up
ip -netns client address add 10.3.0.2/24 dev eth0; ip -netns client address add 2001:db8:3::2/64 dev eth0 nodad
ip -netns client route add default via 10.3.0.1; ip -netns client route add default via 2001:db8:3::1
"""
DIRECTOR = "ip route replace default via 10.1.0.1; ip -6 route replace default via 2001:db8:1::1"
# The source check is strict, as many distributions have it.
SERVER_NETWORK = f"""
sysctl -q -w net.ipv4.conf.all.rp_filter=1
ip link set far up
ip address add {SERVER}/24 dev far; ip address add {SERVER6}/64 dev far nodad
ip route replace default via 10.2.0.1 mtu 1500; ip -6 route replace default via 2001:db8:2::1
"""


@pytest.fixture(scope="module")
def subnets(stage, restarted_memcheck):
    with Network(stage, restarted_memcheck) as network:
        network.machine("director", "10.1.0.2/24", "2001:db8:1::2/64")
        network.machine("server", also=["far"], web=True)
        network.machine("router", "10.1.0.1/24", "2001:db8:1::1/64", also=["far"], lvsd=False, systemd=False)
        network.boot()
        network["router"].run(ROUTER)
        network["director"].run(DIRECTOR)
        network["server"].run(SERVER_NETWORK)
        yield network


@pytest.fixture
def machines(subnets, request):
    """(director, server): nothing of an earlier test in them, and no crash or report at the end."""
    nodes = subnets["director"], subnets["server"]
    for node in nodes:
        daemon.clear(node)
    before = {node.name: daemon.condition(node) for node in nodes}
    yield nodes
    may_end = request.node.get_closest_marker("kills_daemon") is not None
    found = [problem for node in nodes for problem in daemon.problems(node, before[node.name], may_end)]
    assert not found, "\n".join(found)


@pytest.fixture
def server(machines) -> Machine:
    return machines[1]


def condition(node: Machine) -> str:
    """All of a real server that a role may change."""
    return node.run("ip -oneline address | sed 's/ *valid_lft.*//'; ip route; ip -6 route; ip fou show 2>/dev/null; "
                    "ip -oneline link | sed 's/^[0-9]*: \\([^:]*\\): <\\([^>]*\\)>.*/\\1 \\2/'; "
                    "sysctl -a 2>/dev/null | grep -E '^net.ipv4.conf.*(arp_(ignore|announce)|rp_filter)'").stdout


def is_up(node: Machine, device: str) -> bool:
    return "UP" in json.loads(node.run(f"ip -json link show dev {device}").stdout)[0]["flags"]


def load(node: Machine) -> None:
    """The modules, so that what they bring along is not taken for a change."""
    node.run("modprobe -a ipip ip_gre ip6_tunnel ip6_gre fou")


def rp_filter(node: Machine, device: str) -> str:
    return faults.sysctl(node, f"net.ipv4.conf.{device}.rp_filter")


@pytest.mark.parametrize("name", TUNNELS)
def test_a_tunnel_between_two_networks(machines, subnets, name):
    director, server = machines
    tunnel, vip, device, advmss = TUNNELS[name]
    host = f"[{vip}]" if ":" in vip else vip
    options = f"--method tunnel --tunnel {tunnel}" + (" --tunnel-port 5555" if tunnel == "gue" else "")
    load(server)
    before = condition(server)
    server.run(f"lvsctl role add {vip} {options} --advmss {advmss}")
    assert address(server, vip, device) and is_up(server, device)
    director.run(f"lvsctl address add {vip} --interface ens33 && lvsctl service add web 'tcp/{host}:80' && "
                 f"lvsctl destination add web {SERVER6 if ':' in vip else SERVER} {options}")
    seen = faults.Wire(subnets["router"], "near", "tcp port 80")
    answer = subnets["router"].run("head -c 100000 /dev/zero | ip netns exec client curl -gsS --max-time 60 "
                                   f"-H Expect: --data-binary @- 'http://{host}/'").stdout
    assert answer == "server 100000\n"
    assert seen.times("Flags [S.]", f"mss {advmss}"), seen.dump.output()
    seen.stop()
    assert "[active" not in server.run("lvsctl status").stdout
    server.run(f"lvsctl role delete {vip}")
    assert condition(server) == before
