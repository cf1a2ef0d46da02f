"""Bad input gets a clear error that names item and field, changes nothing, and does not end the daemon."""
from dataclasses import dataclass

import pytest

from machines import attempts, daemon
from machines.attempts import MANAGER, Attempt, gdbus

VIP = "192.168.252.100"
WEB = "/org/lvsd1/service/web"
EXIT = {"InvalidArgument": 2, "NotFound": 3, "AlreadyExists": 4, "KernelUnavailable": 6, "Conflict": 7}

# What is there when the bad input comes: things of lvsd's, and things that are not.
OURS = f"""\
lvsctl address add {VIP}/24 --interface ens33
lvsctl service add web tcp/{VIP}:80 --scheduler rr
lvsctl service add six tcp/[2001:db8:252::100]:80
lvsctl destination add web 192.168.252.132
lvsctl role add 192.168.252.101"""
FOREIGN = {f"ipvsadm -A -t {VIP}:8080 -s rr": f"ipvsadm -D -t {VIP}:8080",
           f"ipvsadm -a -t {VIP}:80 -r 192.168.252.139 -g": f"ipvsadm -d -t {VIP}:80 -r 192.168.252.139",
           "ip address add 192.168.252.150/24 dev ens33": "ip address delete 192.168.252.150/24 dev ens33"}


def add_service(name: str, key: str, options: str = "{}") -> str:
    return gdbus(MANAGER, "Manager.AddService", name, key, options)


def add_destinations(endpoints: str, options: str = "{}") -> str:
    return gdbus(WEB, "VirtualService.AddDestinations", endpoints, options)


def add_address(address: str, options: str) -> str:
    return gdbus(MANAGER, "Manager.AddAddress", address, options)


def add_role(address: str, options: str = "{}") -> str:
    return gdbus(MANAGER, "Manager.AddRole", address, options)


@dataclass(frozen=True)
class Bad:
    """One bad input, typed to lvsctl and called on the bus; its error, and what both messages have to name."""
    what: str
    error: str
    words: str
    typed: str
    called: str


BAD = [
    Bad("service that does not exist", "NotFound", "service nowhere",
        "service edit nowhere --scheduler rr", gdbus(MANAGER, "Manager.GetService", "nowhere")),
    Bad("destination that does not exist", "NotFound", "destination 192.168.252.133 web",
        "destination edit web 192.168.252.133 --weight 2",
        gdbus(MANAGER, "Manager.GetDestination", "web", "192.168.252.133")),
    Bad("duplicate name of a service", "AlreadyExists", f"service web name tcp/{VIP}:80",
        f"service add web tcp/{VIP}:81", add_service("web", f"tcp/{VIP}:81")),
    Bad("duplicate key of a service", "AlreadyExists", f"service tcp/{VIP}:80 'web'",
        f"service add other tcp/{VIP}:80", add_service("other", f"tcp/{VIP}:80")),
    Bad("duplicate destination", "AlreadyExists", "destination web 192.168.252.132:80",
        "destination add web 192.168.252.132", add_destinations("['192.168.252.132']")),
    Bad("destination named twice in one call", "AlreadyExists", "destination web 192.168.252.133:80 twice",
        "destination add web 192.168.252.133 192.168.252.133:80",
        add_destinations("['192.168.252.133', '192.168.252.133:80']")),
    Bad("duplicate address", "AlreadyExists", f"address {VIP}",
        f"address add {VIP}/32 --interface ens33", add_address(f"{VIP}/32", "{'interface': <'ens33'>}")),
    Bad("duplicate role", "AlreadyExists", "role 192.168.252.101",
        "role add 192.168.252.101", add_role("192.168.252.101")),
    Bad("malformed address of a service", "InvalidArgument", "key 192.168.252.300",
        "service add new tcp/192.168.252.300:80", add_service("new", "tcp/192.168.252.300:80")),
    Bad("malformed address of a destination", "InvalidArgument", "destination '192.168.252' address",
        "destination add web 192.168.252", add_destinations("['192.168.252']")),
    Bad("malformed virtual address", "InvalidArgument", "address '192.168.252.0100'",
        "address add 192.168.252.0100/24 --interface ens33",
        add_address("192.168.252.0100/24", "{'interface': <'ens33'>}")),
    Bad("malformed prefix length", "InvalidArgument", "'192.168.252.110/33' prefix length",
        "address add 192.168.252.110/33 --interface ens33",
        add_address("192.168.252.110/33", "{'interface': <'ens33'>}")),
    Bad("malformed address of a role", "InvalidArgument", "role 'node1' address",
        "role add node1", add_role("node1")),
    Bad("unspecified address of a service", "InvalidArgument", "key 'tcp/0.0.0.0:80' address",
        "service add new tcp/0.0.0.0:80", add_service("new", "tcp/0.0.0.0:80")),
    Bad("unspecified address of a destination", "InvalidArgument", "destination 0.0.0.0:80 web address unspecified",
        "destination add web 0.0.0.0", add_destinations("['0.0.0.0']")),
    Bad("unspecified virtual address", "InvalidArgument", "address 0.0.0.0",
        "address add 0.0.0.0 --interface ens33", add_address("0.0.0.0", "{'interface': <'ens33'>}")),
    Bad("unspecified address of a role", "InvalidArgument", "role :: address", "role add ::", add_role("::")),
    Bad("multicast service", "InvalidArgument", "key 'udp/224.0.0.1:53' address",
        "service add new udp/224.0.0.1:53", add_service("new", "udp/224.0.0.1:53")),
    Bad("multicast destination", "InvalidArgument", "destination 224.0.0.18:80 web address multicast",
        "destination add web 224.0.0.18", add_destinations("['224.0.0.18']")),
    Bad("port 0 of a service", "InvalidArgument", "service new port 0",
        f"service add new tcp/{VIP}:0", add_service("new", f"tcp/{VIP}:0")),
    Bad("port 0 of a destination", "InvalidArgument", "destination 192.168.252.133:0 web port",
        "destination add web 192.168.252.133:0 --method masquerade",
        add_destinations("['192.168.252.133:0']", "{'method': <'masquerade'>}")),
    Bad("port of a service out of range", "InvalidArgument", f"key tcp/{VIP}:65536 port 65535",
        f"service add new tcp/{VIP}:65536", add_service("new", f"tcp/{VIP}:65536")),
    Bad("port of a destination out of range", "InvalidArgument", "destination 192.168.252.133:80000 port 65535",
        "destination add web 192.168.252.133:80000", add_destinations("['192.168.252.133:80000']")),
    Bad("weight above the range", "InvalidArgument", "weight 2147483648 2147483647",
        "destination add web 192.168.252.133 --weight 2147483648",
        add_destinations("['192.168.252.133']", "{'weight': <uint32 2147483648>}")),
    Bad("weight below the range", "InvalidArgument", "weight -1 2147483647",
        "destination add web 192.168.252.133 --weight -1",
        add_destinations("['192.168.252.133']", "{'weight': <-1>}")),
    Bad("unknown scheduler of a new service", "InvalidArgument", "service new scheduler 'fastest'",
        f"service add new tcp/{VIP}:81 --scheduler fastest",
        add_service("new", f"tcp/{VIP}:81", "{'scheduler': <'fastest'>}")),
    Bad("edit to an unknown scheduler", "InvalidArgument", "service web scheduler 'fastest'",
        "service edit web --scheduler fastest", gdbus(WEB, "VirtualService.Edit", "{'scheduler': <'fastest'>}")),
    Bad("unknown method", "InvalidArgument", "method 'teleport'",
        "destination add web 192.168.252.133 --method teleport",
        add_destinations("['192.168.252.133']", "{'method': <'teleport'>}")),
    Bad("unknown protocol", "InvalidArgument", "key protocol 'icmp'",
        f"service add new icmp/{VIP}:80", add_service("new", f"icmp/{VIP}:80")),
    Bad("firewall mark 0", "InvalidArgument", "key mark '0' 4294967295",
        "service add new fwmark/0", add_service("new", "fwmark/0")),
    Bad("persistence of more than 31 days", "InvalidArgument", "persistence 2678401 2678400",
        "service edit web --persistence 2678401",
        gdbus(WEB, "VirtualService.Edit", "{'persistence': <uint32 2678401>}")),
    Bad("timeout of more than 31 days", "InvalidArgument", "2678401 2678400",
        "timeouts set --tcp 2678401", gdbus(MANAGER, "Manager.SetSettings", "{'timeout.tcp': '2678401'}", "{}")),
    Bad("one-packet without UDP", "InvalidArgument", "service web one-packet UDP",
        "service edit web --one-packet", gdbus(WEB, "VirtualService.Edit", "{'one-packet': <true>}")),
    Bad("sip without UDP", "InvalidArgument", "service web persistence-engine UDP",
        "service edit web --persistence 9 --persistence-engine sip",
        gdbus(WEB, "VirtualService.Edit", "{'persistence': <uint32 9>, 'persistence-engine': <'sip'>}")),
    Bad("thresholds in the wrong order", "InvalidArgument", "destination 192.168.252.133:80 web lower-threshold",
        "destination add web 192.168.252.133 --upper-threshold 4 --lower-threshold 5",
        add_destinations("['192.168.252.133']", "{'upper-threshold': <uint32 4>, 'lower-threshold': <uint32 5>}")),
    Bad("unknown tunnel", "InvalidArgument", "tunnel 'vxlan'",
        "destination add web 192.168.252.133 --method tunnel --tunnel vxlan",
        add_destinations("['192.168.252.133']", "{'method': <'tunnel'>, 'tunnel': <'vxlan'>}")),
    Bad("unknown option", "InvalidArgument", "priority",
        "destination add web 192.168.252.133 --priority 1",
        add_destinations("['192.168.252.133']", "{'priority': <uint32 1>}")),
    Bad("destination of another family", "InvalidArgument",
        "destination [2001:db8:252::133]:80 web address family tunnel",
        "destination add web 2001:db8:252::133", add_destinations("['2001:db8:252::133']")),
    Bad("port that direct cannot change", "InvalidArgument", "destination 192.168.252.133:8080 web port masquerade",
        "destination add web 192.168.252.133:8080", add_destinations("['192.168.252.133:8080']")),
    Bad("port that tunnel cannot change", "InvalidArgument", "destination 192.168.252.133:8080 web port masquerade",
        "destination add web 192.168.252.133:8080 --method tunnel",
        add_destinations("['192.168.252.133:8080']", "{'method': <'tunnel'>}")),
    Bad("direct destination on this machine", "InvalidArgument", "destination 192.168.252.131:80 web method local",
        "destination add web 192.168.252.131", add_destinations("['192.168.252.131']")),
    Bad("interface that does not exist", "NotFound", "address 192.168.252.110 interface 'ens44'",
        "address add 192.168.252.110 --interface ens44",
        add_address("192.168.252.110", "{'interface': <'ens44'>}")),
    Bad("interface of a role that does not exist", "NotFound", "role 192.168.252.110 interface 'ens44'",
        "role add 192.168.252.110 --interface ens44", add_role("192.168.252.110", "{'interface': <'ens44'>}")),
    Bad("address that is on the interface by other means", "Conflict", "address 192.168.252.150 adopt",
        "address add 192.168.252.150/24 --interface ens33",
        add_address("192.168.252.150/24", "{'interface': <'ens33'>}")),
    Bad("address that would become the machine's own", "Conflict", "address 10.9.9.9/24 ens33 primary",
        "address add 10.9.9.9/24 --interface ens33", add_address("10.9.9.9/24", "{'interface': <'ens33'>}")),
    Bad("service that the kernel has and lvsd does not", "Conflict", "service new adopt",
        f"service add new tcp/{VIP}:8080 --scheduler rr",
        add_service("new", f"tcp/{VIP}:8080", "{'scheduler': <'rr'>}")),
    Bad("destination that the kernel has and lvsd does not", "Conflict", "destination web 192.168.252.139:80 adopt",
        "destination add web 192.168.252.139", add_destinations("['192.168.252.139']")),
    Bad("role for a destination of this machine", "InvalidArgument",
        f"role 192.168.252.132 destination web lvsctl role add {VIP}",
        "role add 192.168.252.132", add_role("192.168.252.132")),
]


@pytest.fixture(scope="module")
def outcomes(network) -> dict[Bad, list[Attempt]]:
    """Everything bad, tried in one go: what came of typing and of calling it."""
    node = network["node1"]
    daemon.clear(node)
    before = daemon.condition(node)
    node.run("bash -e", stdin="\n".join([OURS, *FOREIGN]) + "\n")
    try:
        tried = attempts.attempt(node, [(f"lvsctl {bad.typed}", bad.called) for bad in BAD])
    finally:
        node.run("\n".join(FOREIGN.values()))
    assert not daemon.problems(node, before, may_end=False)
    return dict(zip(BAD, tried, strict=True))


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.what.replace(" ", "-"))
def test_refused_without_a_trace(outcomes, bad):
    typed, called = outcomes[bad]
    assert typed.status == EXIT[bad.error], typed
    assert len(typed.said.splitlines()) == 1, typed
    assert called.error == bad.error, called
    for outcome in (typed, called):
        missing = [word for word in bad.words.split() if word not in outcome.said]
        assert not missing, f"{missing} not in:\n{outcome}"
        assert not outcome.trace, outcome


def test_tunnel_takes_a_destination_of_another_family(director):
    director.run(f"lvsctl service add web tcp/{VIP}:80 && lvsctl destination add web 2001:db8:252::133 --method tunnel")
    assert "[2001:db8:252::133]:80" in director.run("ipvsadm -Sn").stdout


@pytest.fixture
def without_ipvs(director):
    """A kernel that has no ip_vs, nor gets it by asking."""
    director.run("echo 'install ip_vs /bin/false' >/etc/modprobe.d/no-ipvs.conf; "
                 "rmmod $(lsmod | sed -n 's/^\\(ip_vs_[a-z]*\\) .*/\\1/p') ip_vs")
    yield director
    director.run("rm /etc/modprobe.d/no-ipvs.conf && modprobe ip_vs")


def assert_real_server_alone(node):
    """No virtual service can be had, and everything else works as if nothing were amiss."""
    [outcomes] = attempts.attempt(node, [(f"lvsctl service add web tcp/{VIP}:80", add_service("web", f"tcp/{VIP}:80"))])
    assert outcomes[0].status == EXIT["KernelUnavailable"] and outcomes[1].error == "KernelUnavailable", outcomes
    for outcome in outcomes:
        assert "modprobe ip_vs" in outcome.said and not outcome.trace, outcome
    node.run(f"lvsctl role add {VIP}")
    assert f"inet {VIP}/32" in node.run("ip address show dev lo").stdout
    assert node.run("lvsctl status").stdout.strip() == "clean"
    assert node.run("lvsctl list").status == 0
    node.run(f"lvsctl role delete {VIP}")


def test_without_ipvs_in_the_kernel_roles_work(without_ipvs):
    assert_real_server_alone(without_ipvs)
    without_ipvs.run("systemctl restart lvsd")
    assert_real_server_alone(without_ipvs)
    without_ipvs.run("rm /etc/modprobe.d/no-ipvs.conf; modprobe ip_vs; touch /etc/modprobe.d/no-ipvs.conf")
    without_ipvs.run(f"lvsctl service add web tcp/{VIP}:80 && ipvsadm -Sn | grep -q {VIP}")
