"""Roles behind a tunnel: a director and a real server in two networks, with a router between them and the client."""
import json
import re

import pytest

from machines import daemon, faults
from machines.faults import CONFLICT, FAILURE, address, refused, state
from machines.machine import Machine
from machines.network import Network

VIP, VIP6 = "10.1.0.100", "2001:db8:1::100"
SERVER, SERVER6 = "10.2.0.2", "2001:db8:2::2"
OPTIONS = "--method tunnel --tunnel gue --tunnel-port 5555 --advmss 1400"
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
def subnets(stage, memcheck):
    with Network(stage, memcheck) as network:
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
    """All of a real server that a role may change. An address of the link's own is tentative for a second after the boot."""
    return node.run("ip -oneline address | sed 's/^[0-9]*: //; s/ *valid_lft.*//; s/ tentative//' | sort; ip route; ip -6 route; ip fou show 2>/dev/null; "
                    "ip -oneline link | sed 's/^[0-9]*: \\([^:]*\\): <\\([^>]*\\)>.*/\\1 \\2/' | sort; "
                    "sysctl -a 2>/dev/null | grep -E '^net.ipv4.conf.*(arp_(ignore|announce)|rp_filter)' | sort").stdout


def is_up(node: Machine, device: str) -> bool:
    return "UP" in json.loads(node.run(f"ip -json link show dev {device}").stdout)[0]["flags"]


def load(node: Machine) -> None:
    """The modules, so that what they bring along is not taken for a change."""
    node.run("modprobe -a ipip ip_gre ip6_tunnel ip6_gre fou")


def rp_filter(node: Machine, device: str) -> str:
    return faults.sysctl(node, f"net.ipv4.conf.{device}.rp_filter")


@pytest.mark.parametrize("name", [name if "gre" not in name else pytest.param(name, marks=pytest.mark.long)
                                  for name in TUNNELS])
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
    assert faults.problems(server) == set()
    server.run(f"lvsctl role delete {vip}")
    assert condition(server) == before


def advmss(node: Machine) -> int:
    """What the default route announces; 0: what it computes."""
    [route] = json.loads(node.run("ip -json route show default").stdout)
    return next((metric["advmss"] for metric in route.get("metrics", []) if "advmss" in metric), 0)


def test_what_a_tunnel_needs_comes_before_the_address_and_goes_after_it(server):
    load(server)
    before = condition(server)
    with faults.traced(server, "-x -e trace=openat,write,pwrite64,sendmsg,sendto") as trace:
        server.run(f"lvsctl role add {VIP} {OPTIONS}")
    lines = trace.output().splitlines()
    order = [min((number for number, line in enumerate(lines) if re.search(pattern, line)), default=-1) for pattern in
             ("write.*/journal-", "write.*/arp_ignore>", "write.*tunl0/rp_filter>",
              "nlmsg_type=(RTM_NEWLINK|0x10 ).*ifi_flags=IFF_UP", "nlmsg_type=(RTM_NEWADDR|0x14 )")]
    assert -1 not in order and order == sorted(order), f"{order}\n{trace.output()}"
    assert rp_filter(server, "tunl0") == "2" and advmss(server) == 1400
    assert "5555 gue" in server.run("ip fou show").stdout.replace("port ", "")
    with faults.traced(server, "-x -e trace=openat,write,sendmsg") as trace:
        server.run(f"lvsctl role delete {VIP}")
    lines = trace.output().splitlines()
    order = [max((number for number, line in enumerate(lines) if re.search(pattern, line)), default=-1) for pattern in
             ("nlmsg_type=(RTM_DELADDR|0x15 )", "nlmsg_type=(RTM_NEWLINK|0x10 ).*ifi_flags=0, ifi_change=(IFF_UP|0x1)",
              "write.*tunl0/rp_filter>")]
    assert -1 not in order and order == sorted(order), f"{order}\n{trace.output()}"
    assert condition(server) == before


@pytest.mark.long
def test_what_vanishes_is_put_back(server):
    load(server)
    before = condition(server)
    server.run(f"lvsctl role add {VIP} {OPTIONS}")
    server.run("ip link set tunl0 down; ip fou del port 5555 gue; ip route replace default via 10.2.0.1 mtu 1500")
    server.eventually(lambda: is_up(server, "tunl0"), 30, "the device to be up again")
    server.eventually("ip fou show | grep -q 5555", 30)
    server.eventually(lambda: advmss(server) == 1400, 30, "the route to have its advmss again")
    server.run("rmmod ipip")
    server.eventually(lambda: address(server, VIP, "tunl0"), 30, "the device to be there again, with its address")
    assert is_up(server, "tunl0") and rp_filter(server, "tunl0") == "2" and state(server, "role", VIP) == "applied"
    server.run(f"lvsctl role delete {VIP}")
    assert condition(server) == before


@pytest.mark.kills_daemon
def test_a_restart_writes_nothing(server):
    load(server)
    before = condition(server)
    server.run(f"lvsctl role add {VIP} {OPTIONS} && lvsctl role add {VIP6} --method tunnel --tunnel gre")
    netlink = faults.Netlink(server)
    faults.restart(server)
    faults.kill(server)
    assert netlink.writes() == []
    netlink = faults.Netlink(server)
    server.run(f"lvsctl role delete {VIP} && lvsctl role delete {VIP6}")
    assert {"new 16", "new 24", "delete 21"} <= set(netlink.writes()), "so that writes would have been seen"
    assert condition(server) == before


@pytest.mark.long
def test_what_was_there_before_stays(server):
    load(server)
    server.run("ip link set tunl0 up; ip route replace default via 10.2.0.1 mtu 1500 advmss 1300")
    try:
        before = condition(server)
        server.run(f"lvsctl role add {VIP} --method tunnel --advmss 1400")
        assert advmss(server) == 1300, "raised what was low enough"
        server.run(f"lvsctl role edit {VIP} --advmss 1200")
        assert advmss(server) == 1200
        server.run(f"lvsctl role delete {VIP}")
        assert condition(server) == before
        server.run(f"ip address add {VIP}/32 dev tunl0")
        before = condition(server)
        refused(server, f"lvsctl role add {VIP} --method tunnel --advmss 1200", CONFLICT, VIP, "adopt")
        refused(server, f"lvsctl adopt addresses {VIP}", CONFLICT, VIP, "tunnel", "lvsctl role add")
        assert condition(server) == before
    finally:
        server.run(f"ip address delete {VIP}/32 dev tunl0; ip link set tunl0 down; "
                   "ip route replace default via 10.2.0.1 mtu 1500")


def test_the_address_of_a_role_is_not_taken_over(server):
    load(server)
    server.run(f"modprobe ip_vs; lvsctl role add {VIP} --method tunnel --advmss 1400; lvsctl service add web tcp/{VIP}:80")
    assert server.run("lvsctl --json adopt all").json["adopted"] == []
    assert state(server, "role", VIP) == "applied" and state(server, "address", VIP) == "unknown"
    assert server.run("lvsctl --json reconcile").json["writes"] == 0


@pytest.mark.long
def test_a_port_that_is_taken_undoes_everything(server):
    load(server)
    before = condition(server)
    other = server.start("exec python3 -c 'import socket, time; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
                         "s.bind((\"\", 5555)); print(\"bound\", flush=True); time.sleep(600)'")
    other.wait_for("bound")
    refused(server, f"lvsctl role add {VIP} {OPTIONS}", CONFLICT, "tunnel-port 5555", "another program")
    assert condition(server) == before and state(server, "role", VIP) == "unknown"
    other.stop()


def test_a_dry_run_has_the_kernel_load_nothing(server):
    there = "test -e /sys/class/net/tunl0"  # asking `ip` for it by its name would load it
    server.run("lsmod | grep -q ^ipip && rmmod ipip; :")
    assert server.try_run(there).status != 0
    plan = server.run(f"lvsctl role add {VIP} --method tunnel --dry-run").stdout
    assert VIP in plan and "tunl0" in plan, plan
    assert server.try_run(there).status != 0
    server.run(f"lvsctl role add {VIP} --method tunnel && lvsctl role delete {VIP}")
    assert not is_up(server, "tunl0")


@pytest.mark.long
def test_without_its_module_the_role_is_refused_with_what_to_do(server):
    load(server)
    before = condition(server)
    server.run("rmmod fou")
    refused(server, f"lvsctl role add {VIP} {OPTIONS}", FAILURE, f"role {VIP}: tunnel-port", "modprobe fou", "/etc/modules-load.d/fou.conf")
    server.run("rmmod ip_gre; mkdir -p /run/none; mount --bind /run/none $(realpath /lib/modules/$(uname -r)/kernel/net/ipv4)")
    try:
        refused(server, f"lvsctl role add {VIP} --method tunnel --tunnel gre", FAILURE, "gre0", "modprobe ip_gre")
    finally:
        server.run("umount $(realpath /lib/modules/$(uname -r)/kernel/net/ipv4)")
    load(server)
    assert condition(server) == before


@pytest.mark.long
@pytest.mark.kills_daemon
def test_an_advmss_waits_for_its_route(server):
    load(server)
    server.run("ip route delete default")
    refused(server, f"lvsctl role add {VIP} --method tunnel --advmss 1400", faults.NOT_FOUND, VIP, "default route")
    server.run("ip route replace default via 10.2.0.1 mtu 1500")
    server.run(f"lvsctl role add {VIP} --method tunnel --advmss 1400")
    faults.stop(server)
    server.run("ip route delete default")
    faults.start(server)
    assert "waiting" in faults.problems(server) and address(server, VIP, "tunl0")
    server.run("ip route replace default via 10.2.0.1 mtu 1500")
    server.eventually(lambda: advmss(server) == 1400, 30, "the route to have its advmss")
    assert "waiting" not in faults.problems(server)


@pytest.mark.long
def test_roles_share_a_device_and_the_least_advmss(server):
    load(server)
    before = condition(server)
    server.run(f"lvsctl role add {VIP} --method tunnel --advmss 1400 && "
               "lvsctl role add 10.1.0.101 --method tunnel --advmss 1300")
    assert advmss(server) == 1300
    server.run("lvsctl role delete 10.1.0.101")
    assert advmss(server) == 1400 and is_up(server, "tunl0") and rp_filter(server, "tunl0") == "2"
    server.run(f"lvsctl role delete {VIP}")
    assert condition(server) == before


def test_status_tells_what_keeps_packets_from_coming_through(server):
    load(server)
    server.run(f"lvsctl role add {VIP} --method tunnel")
    assert faults.problems(server) == {"no-advmss"}
    assert f"lvsctl role edit {VIP} --advmss 1440" in server.try_run("lvsctl status").output
    server.run("sysctl -q -w net.ipv4.conf.tunl0.rp_filter=0")
    assert "rp-filter" in faults.problems(server)
    server.run(f"sysctl -q -w net.ipv4.conf.tunl0.rp_filter=2; lvsctl role delete {VIP}")
    server.run(f"lvsctl role add {VIP} --method masquerade")
    assert not address(server, VIP) and faults.problems(server) == set()
    server.run("ip route delete default")
    assert faults.problems(server) == {"no-return-route"}
    server.run(f"ip route replace default via 10.2.0.1 mtu 1500; lvsctl role delete {VIP}")


@pytest.mark.long
@pytest.mark.kills_daemon
def test_a_role_is_there_after_another_boot(server):
    load(server)
    server.run(f"lvsctl role add {VIP} --method tunnel --advmss 1400")
    server.reboot()
    assert address(server, VIP, "tunl0") and is_up(server, "tunl0")
    server.run(SERVER_NETWORK)
    server.eventually(lambda: advmss(server) == 1400, 30, "the route to have its advmss")
    server.run(f"lvsctl role delete {VIP}")
    assert not is_up(server, "tunl0") and rp_filter(server, "tunl0") != "2" and advmss(server) == 0


@pytest.mark.long
@pytest.mark.kills_daemon
@pytest.mark.parametrize("nth", [0, 1, 2])
def test_a_role_is_wholly_there_after_a_death_in_the_middle(server, nth):
    load(server)
    before = condition(server)
    faults.struck(server, lambda: server.run(f"lvsctl role delete {VIP} || :"),
                  lambda: server.try_run(f"lvsctl role add {VIP} {OPTIONS}"), "signal=KILL", nth)
    faults.answers(server)
    assert address(server, VIP, "tunl0") and is_up(server, "tunl0") and advmss(server) == 1400
    assert rp_filter(server, "tunl0") == "2" and "5555" in server.run("ip fou show").stdout
    server.run(f"lvsctl role delete {VIP}")
    assert condition(server) == before


@pytest.mark.long
@pytest.mark.kills_daemon
@pytest.mark.parametrize("nth", [0, 1, 2])
def test_a_role_is_wholly_gone_after_a_death_in_the_middle(server, nth):
    load(server)
    before = condition(server)
    faults.struck(server, lambda: server.run(f"lvsctl role show {VIP} || lvsctl role add {VIP} {OPTIONS}"),
                  lambda: server.try_run(f"lvsctl role delete {VIP}"), "signal=KILL", nth)
    faults.answers(server)
    assert condition(server) == before
