"""The tutorial's service in the other ways LVS knows: IPv6, masquerade, tunnel."""
import pytest

from machines import faults, manual, views

VIP = "192.168.252.100"
VIP6 = "2001:db8:252::100"
PLACES = {"192.0.2.100/32": f"{VIP}/24", "192.0.2.100": VIP, "eth0": "ens33", "10.0.0.11": "10.0.0.132", "10.0.0.12": "10.0.0.133",
          "192.0.2.11": "192.168.252.132", "192.0.2.12": "192.168.252.133"}


def replies(client, url: str, count: int = 6) -> list[str]:
    return client.run(f"for i in $(seq {count}); do curl -gs --max-time 10 '{url}'; done").stdout.split()


def assert_in_turn(answers: list[str]) -> None:
    assert len(answers) == 6 and set(answers) == {"node2", "node3"}, answers
    assert all(one != following for one, following in zip(answers, answers[1:])), answers


def add_service(director, key: str, servers: list[str], method: str):
    director.run(f"lvsctl service add web '{key}' --scheduler rr")
    return director.run(f"lvsctl destination add web {' '.join(servers)} --method {method}")


def test_ipv6_direct(director, rs1, rs2, client):
    for server in (rs1, rs2):
        server.run(f"lvsctl role add {VIP6}")
        assert ("lo", VIP6, 128) in views.addresses(server)
    director.run(f"lvsctl address add {VIP6} --interface ens33")
    add_service(director, f"tcp/[{VIP6}]:80", ["2001:db8:252::132", "2001:db8:252::133"], "direct")
    assert views.ipvsadm(director) == views.lvsctl_list(director)
    assert_in_turn(replies(client, f"http://[{VIP6}]/"))
    assert director.mac in client.run(f"ip -6 neigh show {VIP6}").stdout
    for server in (rs1, rs2):
        server.run(f"lvsctl role delete {VIP6}")
        assert VIP6 not in server.run("ip -6 address").stdout


@pytest.fixture
def behind(director, rs1, rs2):
    """The real servers behind the director: on the switch `inside`, where it is their way back to the client."""
    cards = {director: "10.0.0.1/24", rs1: "10.0.0.132/24", rs2: "10.0.0.133/24"}
    for node, address in cards.items():
        node.run(f"ip address add {address} dev inside && ip link set inside up")
    for server in (rs1, rs2):
        server.run(f"lvsctl role add {VIP} --method masquerade")
        assert "no-return-route" in faults.problems(server)
        server.run("ip route add 192.168.252.200/32 via 10.0.0.1")
        assert faults.problems(server) == set()
    yield ["10.0.0.132", "10.0.0.133"]
    for node in cards:
        node.run("ip link set inside down; ip address flush dev inside")


def test_masquerade(director, client, behind):
    director.run(f"lvsctl address add {VIP}/24 --interface ens33")
    added = add_service(director, f"tcp/{VIP}:80", behind, "masquerade")
    assert "lvsctl sysctl set net.ipv4.ip_forward 1" in added.output, "no word about the missing ip_forward"
    assert "forward" in director.try_run("lvsctl status").output
    director.run("lvsctl sysctl set net.ipv4.ip_forward 1")
    director.eventually(lambda: "forward" not in director.try_run("lvsctl status").output, 30,
                        "status to see that forwarding is on")
    assert views.ipvsadm(director) == views.lvsctl_list(director)
    assert_in_turn(replies(client, f"http://{VIP}/"))


@pytest.fixture
def beside(director, rs1, rs2, client):
    """The real servers on the director's only card: they answer the client through it, and it sends them no other way."""
    director.run("sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 "
                 "net.ipv4.conf.ens33.send_redirects=0")
    for server in (rs1, rs2):
        server.run(f"lvsctl role add {VIP} --method masquerade && ip route add {client.address}/32 via {director.address}")
        assert faults.problems(server) == set()
    yield [rs1.address, rs2.address]
    for server in (rs1, rs2):
        server.run(f"ip route delete {client.address}/32")
    director.run("sysctl -q -w net.ipv4.ip_forward=0 net.ipv4.conf.all.send_redirects=1 "
                 "net.ipv4.conf.ens33.send_redirects=1")


def test_masquerade_with_one_card(director, client, beside):
    director.run(f"lvsctl address add {VIP}/24 --interface ens33")
    add_service(director, f"tcp/{VIP}:80", beside, "masquerade")
    assert_in_turn(replies(client, f"http://{VIP}/"))


@pytest.fixture
def tunnelled(rs1, rs2):
    """Real servers that take the VIP's packets out of ipip, set up by hand; nobody else hears of the VIP."""
    for server in (rs1, rs2):
        server.run("modprobe ipip && sysctl -q -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2 "
                   "net.ipv4.conf.tunl0.rp_filter=2 && ip link set tunl0 up && "
                   f"ip address add {VIP}/32 dev tunl0")
    yield ["192.168.252.132", "192.168.252.133"]
    for server in (rs1, rs2):
        server.run(f"ip address delete {VIP}/32 dev tunl0; ip link set tunl0 down; "
                   "sysctl -q -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0")


def test_tunnel(director, client, tunnelled):
    director.run(f"lvsctl address add {VIP}/24 --interface ens33")
    add_service(director, f"tcp/{VIP}:80", tunnelled, "tunnel")
    assert views.ipvsadm(director) == views.lvsctl_list(director)
    assert_in_turn(replies(client, f"http://{VIP}/"))
    assert director.mac in client.run(f"ip neigh show {VIP}").stdout


@pytest.fixture
def files(behind, director, rs1, rs2):
    """An FTP server on each real server, with a file that says which it is."""
    servers = []
    for server in (rs1, rs2):
        server.run("mkdir -p /run/ftp && hostname >/run/ftp/name")
        servers.append(server.start("exec /usr/bin/python3 -m pyftpdlib --port=21 --directory=/run/ftp"))
        server.eventually("ss -ltn | grep -q ':21 '", 30, "the FTP server")
    director.run("mkdir -p /etc/modules-load.d")
    yield
    for server in servers:
        server.stop()
    director.run("rm -f /etc/modules-load.d/ip_vs_ftp.conf")


@pytest.mark.long
def test_ftp_as_the_manual_has_it(director, client, files):
    commands = manual.typed("FTP", "director", PLACES)
    director.run("set -e\n" + commands.replace("modprobe ip_vs_ftp\n", ""))
    assert client.try_run(f"curl -s --max-time 5 --disable-epsv ftp://{VIP}/name").status != 0, "the module is what does it"
    director.run("lvsctl --force clear\nset -e\n" + commands)
    for way in ("--disable-epsv", ""):
        got = client.run(f"for i in 1 2; do curl -s --max-time 20 {way} ftp://{VIP}/name; done").lines
        assert sorted(got) == ["node2", "node3"], way


ANSWERER = f"""
import socket
served = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
served.bind(("{VIP}", 5060))
while True:
    _, sender = served.recvfrom(4096)
    served.sendto(socket.gethostname().encode(), sender)
"""
# A proxy: everything comes from one port.
PROXY = f"""
import socket
proxy = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
proxy.settimeout(10)
for _ in range(3):
    for call in "abcdef":
        lines = ("OPTIONS sip:lab SIP/2.0", "Via: SIP/2.0/UDP lab", "CSeq: 1 OPTIONS", f"Call-ID: {{call}}@lab", "Content-Length: 0", "", "")
        proxy.sendto("\\r\\n".join(lines).encode(), ("{VIP}", 5060))
        print(call, proxy.recv(4096).decode())
"""


@pytest.mark.long
def test_sip_as_the_manual_has_it(director, rs1, rs2, client):
    answerers = []
    for server in (rs1, rs2):
        server.run(manual.typed("SIP", "real", PLACES))
        server.write("/run/answerer.py", ANSWERER)
        answerers.append(server.start("exec /usr/bin/python3 /run/answerer.py"))
        server.eventually("ss -lun | grep -q ':5060 '", 30, "the answerer")
    director.run("set -e\n" + manual.typed("SIP", "director", PLACES))
    answers = client.run("/usr/bin/python3 -", stdin=PROXY).lines
    served = dict(answer.split() for answer in answers)
    assert len(answers) == 18 and len(set(answers)) == 6, "a call changed its server"
    assert sorted(served.values()) == ["node2"] * 3 + ["node3"] * 3
    for answerer in answerers:
        answerer.stop()
