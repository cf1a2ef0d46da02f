"""Taking over what is there already: nothing is written, nothing is left out in silence, and it is kept from then on."""
import pytest

from machines import faults, views
from machines.faults import CONFLICT, NOT_FOUND, USAGE, address, refused, state

VIP, VIP6, OWN = "192.0.2.100", "2001:db8::100", "192.0.2.1"
WEB, NAME = f"tcp/{VIP}:80", f"tcp-{VIP}-80"
MARK = "fwmark/7"


@pytest.fixture(autouse=True)
def nothing_of_theirs_stays(node):
    yield
    node.run("lvsctl --quiet adopt services 2>/dev/null; lvsctl --force --quiet clear; ipvsadm -C")


def adopted(node, command: str = "all") -> set[tuple[str, str]]:
    """Adopt; (kind, object) of what was taken over."""
    return {(row["kind"], row["object"]) for row in node.run(f"lvsctl --json adopt {command}").json["adopted"]}


def kernel(node) -> str:
    return node.run("ipvsadm -Sn; ip -oneline address; sysctl net.ipv4.conf.{all,ens33}.arp_{ignore,announce}").stdout


@pytest.fixture
def theirs(node):
    """Services, addresses and a real server's set-up, all made by hand; nothing is lvsd's."""
    node.run(f"ipvsadm -A -t {VIP}:80 -s wrr -p 300 -M 255.255.255.0; ipvsadm -a -t {VIP}:80 -r 192.0.2.3 -g -w 5; "
             f"ipvsadm -a -t {VIP}:80 -r 192.0.2.4 -i -w 0 -x 20 -y 10; ipvsadm -A -f 7 -s sh; "
             f"ipvsadm -A -t [{VIP6}]:443 -s rr; ipvsadm -a -t [{VIP6}]:443 -r [2001:db8::3]:8443 -m; "
             f"ip address add {VIP}/32 dev ens33; ip address add {VIP6}/128 dev ens33 nodad preferred_lft 0; "
             "ip address add 192.0.2.110/32 dev lo label lo:0; "
             "sysctl -q -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2")
    yield node
    node.run(f"lvsctl --quiet adopt services; lvsctl --force --quiet clear; for a in {VIP}/32 {VIP}/24 {VIP6}/128; do "
             "ip address delete $a dev ens33 2>/dev/null; done; ip address delete 192.0.2.110/32 dev lo 2>/dev/null; "
             "sysctl -q -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0")


@pytest.mark.kills_daemon
def test_everything_is_taken_over_without_a_write_and_kept(theirs):
    before = kernel(theirs)
    netlink = faults.Netlink(theirs)
    assert adopted(theirs) == {
        ("service", NAME), ("destination", f"{NAME}/192.0.2.3:80"), ("destination", f"{NAME}/192.0.2.4:80"),
        ("service", "fwmark-7"), ("service", "tcp-2001_db8__100-443"),
        ("destination", "tcp-2001_db8__100-443/[2001:db8::3]:8443"),
        ("address", VIP), ("address", VIP6), ("role", "192.0.2.110")}
    faults.restart(theirs)
    faults.kill(theirs)
    assert theirs.run("lvsctl --json reconcile").json["writes"] == 0
    assert adopted(theirs) == set()
    assert netlink.writes() == [] and kernel(theirs) == before
    assert views.ipvsadm(theirs) == views.lvsctl_list(theirs)
    assert "foreign" not in theirs.run("lvsctl list --json").stdout
    theirs.run("ipvsadm -C; ip address delete 192.0.2.100/32 dev ens33; ip address delete 192.0.2.110/32 dev lo")
    theirs.eventually(lambda: kernel_of_ipvs(theirs) == kernel_of_ipvs_in(before) and address(theirs, VIP)
                      and address(theirs, "192.0.2.110", "lo"), 30, "what was adopted to be put back")


def kernel_of_ipvs(node) -> list[str]:
    return sorted(node.run("ipvsadm -Sn").lines)


def kernel_of_ipvs_in(text: str) -> list[str]:
    return sorted(line for line in text.splitlines() if line.startswith("-"))


@pytest.mark.long
def test_a_dry_run_changes_nothing_and_deleting_afterwards_deletes(theirs):
    before, export = kernel(theirs), theirs.run("lvsctl export").stdout
    listed = adopted(theirs, "list")
    assert len(listed) == 9 and adopted(theirs, "all --dry-run") == listed
    assert theirs.run("lvsctl export").stdout == export and kernel(theirs) == before
    adopted(theirs)
    theirs.run(f"lvsctl --force service delete {WEB} && lvsctl address delete {VIP} && lvsctl role delete 192.0.2.110")
    assert WEB not in views.ipvsadm(theirs) and not address(theirs, VIP) and not address(theirs, "192.0.2.110")
    settings = theirs.run("sysctl -n net.ipv4.conf.all.arp_ignore net.ipv4.conf.all.arp_announce").stdout.split()
    assert settings == ["1", "2"], "what they were before was not known"


@pytest.mark.long
def test_one_service_comes_with_its_destinations_and_its_address_alone(theirs):
    assert adopted(theirs, f"all {WEB}") == {("service", NAME), ("destination", f"{NAME}/192.0.2.3:80"),
                                             ("destination", f"{NAME}/192.0.2.4:80"), ("address", VIP)}
    assert views.lvsctl_list(theirs) == views.ipvsadm(theirs)
    refused(theirs, "lvsctl adopt services tcp/192.0.2.9:9", NOT_FOUND, "tcp/192.0.2.9:9")
    refused(theirs, "lvsctl adopt services nothing", NOT_FOUND, "nothing")


def test_settings_that_somebody_has_set_are_taken_over_and_stay(node):
    node.run("modprobe ip_vs; sysctl -q -w net.ipv4.vs.drop_entry=3 net.ipv4.vs.sync_threshold='4 60' "
             "net.ipv4.vs.expire_nodest_conn=1 net.ipv4.conf.ens33.send_redirects=0; ipvsadm --set 0 60 0")
    theirs = {("setting", f"net.ipv4.{name}") for name in (
        "vs.drop_entry", "vs.sync_threshold", "vs.expire_nodest_conn", "conf.ens33.send_redirects")}
    theirs.add(("setting", "timeout.tcp-fin"))
    try:
        assert adopted(node, "sysctls --dry-run") == theirs and not own_settings(node)
        assert adopted(node, "sysctls") == theirs and adopted(node, "all") == set()
        assert own_settings(node)["net.ipv4.vs.sync_threshold"] == "4 60"
        assert node.run("lvsctl --json reconcile").json["writes"] == 0
        node.run("sysctl -q -w net.ipv4.vs.drop_entry=0")
        assert adopted(node, "sysctls") == {("setting", "net.ipv4.vs.drop_entry")}
        node.run("lvsctl --force clear")
        assert faults.sysctl(node, "net.ipv4.vs.expire_nodest_conn").strip() == "1", "it was so before lvsd came"
    finally:
        node.run("sysctl -q -w net.ipv4.vs.drop_entry=0 net.ipv4.vs.sync_threshold='3 50' "
                 "net.ipv4.vs.expire_nodest_conn=0 net.ipv4.conf.ens33.send_redirects=1; ipvsadm --set 0 120 0")


def own_settings(node) -> dict[str, str]:
    return {row["name"]: row["value"] for row in node.run("lvsctl --json sysctl list").json["settings"] if row["value"]}


def test_the_commands_that_conflicts_name_work(node):
    """A service, a destination in a service of ours, an address and a role."""
    node.run(f"ipvsadm -A -t {VIP}:80 -s rr; ip address add {VIP}/32 dev ens33; ip address add 192.0.2.110/32 dev lo; "
             "sysctl -q -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2")
    for command in (f"lvsctl service add {WEB} --scheduler rr", f"lvsctl address add {VIP} --interface ens33",
                    "lvsctl role add 192.0.2.110"):
        follow(node, command)
    node.run(f"ipvsadm -a -t {VIP}:80 -r 192.0.2.3 -g -w 3")
    follow(node, f"lvsctl destination add {WEB} 192.0.2.3 --weight 3")
    node.run(f"ipvsadm -a -t {VIP}:80 -r 192.0.2.4 -g -w 3")
    follow(node, f"lvsctl --force service delete {WEB}")
    node.run(f"lvsctl --force service delete {WEB} && lvsctl address delete {VIP} && lvsctl role delete 192.0.2.110; "
             "sysctl -q -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0")


def follow(node, command: str) -> None:
    """The command is refused with the one that adopts, which then works."""
    said = refused(node, command, CONFLICT, "'lvsctl adopt ").stderr
    before = kernel(node)
    node.run(said[said.index("lvsctl adopt"):].split("'")[0])
    assert kernel(node) == before


# More than lvsd takes, by a netlink of one's own: ipvsadm would not send it.
ODD = r"""
import socket, struct
def attribute(kind, data):
    return struct.pack("HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)
def send(family, kind, command, version, body):
    sock.send(struct.pack("IHHII", 20 + len(body), kind, 5, 1, 0) + struct.pack("BBH", command, version, 0) + body)
    return sock.recv(65536)
sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
reply = send(0, 16, 3, 2, attribute(2, b"IPVS\0"))[20:]
while struct.unpack("HH", reply[:4])[1] != 1:
    reply = reply[(struct.unpack("HH", reply[:4])[0] + 3) & ~3:]
ipvs = struct.unpack("H", reply[4:6])[0]
sock.recv(65536)
def service(protocol, port, timeout=0, mask=0xffffffff, flags=0):
    body = (attribute(1, struct.pack("H", 2)) + attribute(2, struct.pack("H", protocol))
            + attribute(3, socket.inet_aton("192.0.2.100") + bytes(12)) + attribute(4, struct.pack(">H", port))
            + attribute(6, b"rr\0") + attribute(7, struct.pack("II", flags, 0xffffffff))
            + attribute(8, struct.pack("I", timeout)) + attribute(9, struct.pack(">I", mask)))
    answer = send(0, ipvs, 1, 1, attribute(0x8001, body))
    assert struct.unpack("i", answer[16:20])[0] == 0, (protocol, port, answer)
service(50, 50)
service(6, 0)
service(6, 90, timeout=300, mask=0xff00ff00, flags=1)
service(6, 91, timeout=2678400 + 1, flags=1)
service(6, 92, flags=4)
service(6, 93)
"""


@pytest.mark.long
def test_what_is_outside_the_limits_is_named_with_its_field_and_holds_nothing_back(node):
    node.run("modprobe ip_vs; python3 -", stdin=ODD)
    node.run(f"ipvsadm -a -t {VIP}:93 -r 192.0.2.3:93 -g; ip address add 192.0.2.111/32 dev lo; "
             "ip address add 192.0.2.100/32 dev ens33 valid_lft 3600 preferred_lft 3600")
    before = kernel(node).replace("sec ", "")
    result = node.run("lvsctl --json adopt all").json
    warnings = result["warnings"]
    try:
        assert {row["object"] for row in result["adopted"]} == {f"tcp-{VIP}-93", f"tcp-{VIP}-93/192.0.2.3:93"}
        for thing, field in ((f"50-{VIP}-50", "protocol"), (f"tcp-{VIP}-0", "port"), (f"tcp-{VIP}-90", "persistence-prefix"),
                             (f"tcp-{VIP}-91", "persistence"), (f"tcp-{VIP}-92", "one-packet"),
                             (f"address {VIP}/32", "lifetime"), ("role 192.0.2.111", "net.ipv4.conf.all.arp_ignore is 0")):
            assert any(f"{thing}" in warning and field in warning for warning in warnings), (thing, field, warnings)
        assert len(warnings) == 7, warnings
        refused(node, f"lvsctl adopt services tcp/{VIP}:90", USAGE, f"tcp-{VIP}-90", "persistence-prefix")
        refused(node, "lvsctl adopt roles 192.0.2.111", CONFLICT, "arp_ignore")
        assert [line for line in kernel(node).splitlines() if line.startswith("-")] == [
            line for line in before.splitlines() if line.startswith("-")]
    finally:
        node.run("ip address delete 192.0.2.111/32 dev lo; ip address delete 192.0.2.100/32 dev ens33")


@pytest.mark.long
def test_the_machines_own_address_stays_unless_it_is_named(node):
    node.run(f"ipvsadm -A -t {OWN}:80 -s rr; ip address add {VIP}/24 dev ens33 label ens33:2; ipvsadm -A -t {VIP}:80 -s rr")
    result = node.run("lvsctl --json adopt addresses").json
    assert [row["object"] for row in result["adopted"]] == [VIP]
    assert len(result["warnings"]) == 1 and f"lvsctl adopt addresses {OWN}/24@ens33" in result["warnings"][0]
    assert node.run("lvsctl --json address list").json["addresses"][0]["label"] == "ens33:2"
    refused(node, f"lvsctl adopt addresses {OWN}/25", NOT_FOUND, OWN)
    assert adopted(node, f"addresses {OWN}/24@ens33") == {("address", OWN)}
    assert node.run("lvsctl --json reconcile").json["writes"] == 0 and state(node, "address", OWN) == "applied"
    node.run(f"lvsctl --force address delete {OWN}; ip address add {OWN}/24 dev ens33")


@pytest.mark.long
def test_what_changes_while_it_is_adopted_is_a_conflict_and_not_written(node):
    """Another change of the service, which waits for the disk, holds the adoption up between its two looks."""
    node.run(f"lvsctl service add web {WEB} --scheduler rr && ipvsadm -a -t {VIP}:80 -r 192.0.2.3 -g -w 3")
    options = "-e trace=fdatasync,recvmsg -e inject=fdatasync:delay_enter=8000000"
    with faults.traced(node, options) as trace:
        node.start("lvsctl service edit web --scheduler wrr")
        trace.wait_for("fdatasync(")
        adopting = node.start("lvsctl adopt services web; echo exit status $?")
        trace.wait_for("Adopt")
        node.run(f"ipvsadm -e -t {VIP}:80 -r 192.0.2.3 -g -w 9")
        adopting.wait_for("exit status")
    assert f"exit status {CONFLICT}" in adopting.output() and "192.0.2.3:80" in adopting.output()
    assert views.ipvsadm(node)[WEB] == ("wrr", {"192.0.2.3:80": ("direct", 9)})
    assert "foreign" in node.run("lvsctl list --json").stdout


def test_programs_that_go_on_with_what_they_made_are_warned_of(node):
    """By the name that their process has; what they do when they are stopped is theirs."""
    words = {"keepalived": "deletes what it made", "ldirectord": "deletes its services", "kube-proxy": "deletes all that IPVS has"}
    node.run("".join(f"cp /bin/sleep /run/{name};" for name in words))
    running = [node.start(f"exec /run/{name} 300") for name in words]
    for name, word in words.items():
        node.eventually(f"pgrep -x {name}")
        assert any(warning.startswith(f"{name} is running") and word in warning
                   for warning in node.run("lvsctl --json adopt list").json["warnings"])
    for program in running:
        program.stop()


def test_reconcile_repairs_what_was_changed_by_hand_and_leaves_what_is_theirs(node):
    node.run(f"lvsctl service add web {WEB} --scheduler rr && lvsctl destination add web 192.0.2.3 192.0.2.4 --weight 3")
    node.run(f"ipvsadm -e -t {VIP}:80 -r 192.0.2.3 -g -w 9; ipvsadm -E -t {VIP}:80 -s wlc; "
             f"ipvsadm -a -t {VIP}:80 -r 192.0.2.5 -g -w 7; ipvsadm -A -t {VIP}:81 -s sh")
    assert node.run("lvsctl --json reconcile").json["writes"] == 2
    assert views.ipvsadm(node) == {
        WEB: ("rr", {"192.0.2.3:80": ("direct", 3), "192.0.2.4:80": ("direct", 3), "192.0.2.5:80": ("direct", 7)}),
        f"tcp/{VIP}:81": ("sh", {})}
    assert not faults.problems(node) & {"changed", "missing"}


def test_adopting_what_was_changed_by_hand_makes_it_what_is_wanted(node):
    node.run(f"lvsctl service add web {WEB} --scheduler rr && lvsctl destination add web 192.0.2.3 --weight 3")
    node.run(f"ipvsadm -e -t {VIP}:80 -r 192.0.2.3 -g -w 9; ipvsadm -E -t {VIP}:80 -s wlc")
    assert adopted(node, "services web") == {("service", "web"), ("destination", "web/192.0.2.3:80")}
    assert node.run("lvsctl --json reconcile").json["writes"] == 0
    assert views.ipvsadm(node)[WEB] == ("wlc", {"192.0.2.3:80": ("direct", 9)}) == views.lvsctl_list(node)[WEB]
