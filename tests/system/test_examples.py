"""Every example of the manual pages and the README, typed as it stands there, in the order of the page."""
import re
from collections.abc import Callable

import pytest

from machines import bus, daemon, examples, faults, seat
from machines.examples import Place
from machines.network import Network
from machines.project import SOURCE
from machines.result import LabError
from machines.tutorial import ADDRESSES

# The pages' own addresses, besides the README's, which are those of the tutorial.
OF_PAGES = {"node1": "192.0.2.1/24", "node2": "192.0.2.11/24", "node3": "192.0.2.12/24", "client": "192.0.2.200/24",
            "node4": "192.0.2.2/24"}
NODES = ("node1", "node2", "node3", "node4")
VIP = "192.0.2.100"
ENDLESS = re.compile(r"(busctl|gdbus) monitor ")
Step = Callable[[Network, str], None]


# what is done with a block

def type_in(machine, command: str, answer: str = "") -> None:
    """On a terminal, where there is something to answer. What does not end has to have begun to tell."""
    if ENDLESS.match(command):
        told = machine.start(f"exec {command}")
        told.wait_for("onitoring")
        told.stop()
    elif answer:
        machine.run(f"cd /root; script --quiet --return --command \"{command}\" /dev/null", stdin=answer + "\n")
    else:
        machine.run(f"cd /root; {command}")


def typed(*names: str) -> Step:
    """All of it on each of these machines."""
    def step(lan: Network, text: str) -> None:
        for name in names:
            for _, command in examples.commands(text):
                type_in(lan[name], command)
    return step


def in_turn(*groups: str) -> Step:
    """The first command on the first machine (or machines, with a comma between), and so on; the last have the rest."""
    def step(lan: Network, text: str) -> None:
        for number, (_, command) in enumerate(examples.commands(text)):
            for name in groups[min(number, len(groups) - 1)].split(","):
                type_in(lan[name], command, "yes" if command == "lvsctl clear" else "")
    return step


def at_prompts(**names: str) -> Step:
    """Each command on the machine of its prompt."""
    def step(lan: Network, text: str) -> None:
        for prompt, command in examples.commands(text):
            type_in(lan[names[prompt]], command)
    return step


def at_once(name: str, shell: str = "bash") -> Step:
    """All of it in one shell."""
    return lambda lan, text: lan[name].run(f"cd /root; {shell} -e", stdin=text)


def written(name: str, path: str) -> Step:
    return lambda lan, text: lan[name].write(path, text)


# what is done before and after it

def shell(name: str, command: str) -> Step:
    return lambda lan, text: lan[name].run(f"cd /root; {command}")


def rehearsed(lan: Network, _: str) -> None:
    """A role for the address of the pages and a service that has it."""
    for name in ("node2", "node3"):
        lan[name].run(f"lvsctl role add {VIP}")
    lan["node1"].run(f"lvsctl address add {VIP} --interface eth0; lvsctl service add web tcp/{VIP}:80 --scheduler rr; "
                     "lvsctl destination add web 192.0.2.11 192.0.2.12")


def second_director(lan: Network, _: str) -> None:
    """node4 has what node1 has, but the address is down there."""
    declared = lan["node1"].run("lvsctl export").stdout
    lan["node4"].run("lvsctl apply -", stdin=re.sub(r"(\[address .*\]\n)", r"\1up=no\n", declared))


def answered(address: str) -> Step:
    """A client's requests are answered by both real servers in turn."""
    def step(lan: Network, _: str) -> None:
        lan["client"].run(f"ip neighbour flush to {address}")
        said = lan["client"].run(f"for i in 1 2 3 4; do curl -s --max-time 10 http://{address}/; done").lines
        assert sorted(said) == ["node2", "node2", "node3", "node3"] and said[0] != said[1], said
    return step


def seated(lan: Network, _: str) -> None:
    seat.sit_down(lan["node1"], [lan["node2"], lan["node3"]])


def of_keepalived(lan: Network, _: str) -> None:
    lan["node1"].write("/etc/keepalived/keepalived.conf", (SOURCE / "debian/tests/keepalived.conf").read_text())


def of_ipvsadm(lan: Network, _: str) -> None:
    """A director with rules of ipvsadm's, and a unit that loads them at boot; the other has the file alone."""
    rules = f"-A -t {VIP}:80 -s wlc\n-a -t {VIP}:80 -r 192.0.2.11:80 -g -w 1\n"
    lan["node1"].run("ipvsadm -R", stdin=rules)
    lan["node1"].write("/etc/systemd/system/ipvsadm.service", "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=true\n"
                       "[Install]\nWantedBy=multi-user.target\n")
    lan["node1"].run("systemctl daemon-reload; systemctl enable --now ipvsadm")
    lan["node4"].write("/etc/ipvsadm.rules", rules)


def is_all_ours(*names: str) -> Step:
    def step(lan: Network, _: str) -> None:
        for name in names:
            rows = lan[name].run("lvsctl service list --json").json["services"]
            assert rows and {row["state"] for row in rows} == {"applied"}, rows
    return step


def namespace(lan: Network, _: str) -> None:
    """A network namespace with a bus of its own."""
    lan["node1"].write("/run/ns1/bus.conf", bus.configuration("unix:path=/run/ns1/bus"))
    lan["node1"].run("ip netns add ns1 2>/dev/null && ip -n ns1 link set lo up; rm -f /run/ns1/bus")
    dbus = lan["node1"].start("exec dbus-daemon --config-file=/run/ns1/bus.conf --nofork --nopidfile")
    lan["node1"].eventually("test -S /run/ns1/bus", 30, "the second bus")
    lan["node1"].second_bus = dbus


def second_daemon(lan: Network, text: str) -> None:
    """The daemon of a block goes on while the rest of it is typed."""
    node = lan["node1"]
    lines = [command for _, command in examples.commands(text)]
    number = next(number for number, line in enumerate(lines) if " lvsd " in line)
    exports = "; ".join([*(line for line in lines[:number]), ""])
    running = node.start(f"{exports}{lines[number]}")
    node.eventually("DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/ns1/bus lvsctl list", 30, "the second daemon")
    for line in lines[number + 1:]:
        node.run(f"{exports}{line}")
    running.stop()
    node.second_bus.stop()


def drop_in(unit: str, check: str) -> Step:
    """The block is a drop-in of a unit on node1, under which a command succeeds; then it goes."""
    def step(lan: Network, text: str) -> None:
        folder = f"/etc/systemd/system/{unit}.d"
        lan["node1"].write(f"{folder}/override.conf", text)
        lan["node1"].run(f"systemctl daemon-reload; systemctl stop lvsd-metrics.service; systemctl restart {unit}; {check}")
        lan["node1"].run(f"rm -r {folder}; systemctl daemon-reload; systemctl stop lvsd-metrics.service; systemctl restart {unit}")
    return step


def policy(disturb: str, comes_of_it: str) -> Step:
    """The block is lvsd.conf on node1; what is done to the kernel then has an outcome."""
    def step(lan: Network, text: str) -> None:
        lan["node1"].write("/etc/lvsd/lvsd.conf", text)
        lan["node1"].run(f"lvsctl service add web tcp/{VIP}:80 --scheduler rr; systemctl reload lvsd; {disturb}")
        lan["node1"].eventually(comes_of_it, 30)
        lan["node1"].run("rm /etc/lvsd/lvsd.conf; systemctl reload lvsd; lvsctl --force clear")
    return step


class Elsewhere(str):
    """The test that runs it, FILE::FUNCTION, or the program that makes it."""


# CONFIG_NF_TABLES_IPV4 and CONFIG_NF_TABLES_INET of User Mode Linux's kernel are not set.
NO_NFTABLES = "the kernel of the machines has no nf_tables for IPv4"


class Never(str):
    """Why it cannot be run here."""


README, USAGE, DAEMON, CONCEPTS, CONTRACT = "README.md", "lvsctl.1", "lvsd.8", "lvs.7", "org.lvsd1.5"
METRICS = "curl -s http://127.0.0.1:9779/metrics"
PLAN: dict[Place, Elsewhere | Never | tuple[Step, ...]] = {
    Place(README, "Two commands"): Never("it is what runs this"),
    Place(README, "The tutorial"): (in_turn("node2,node3", "node1"),),
    Place(README, "From one seat"): (seated, typed("node1"), answered("192.168.252.100")),
    Place(README, "From nothing to a reply, over D-Bus alone"): (typed("node1"),),
    Place(README, "From nothing to a reply, over D-Bus alone", 1): (typed("node2", "node3"), answered("192.168.252.100")),
    Place(README, "From nothing to a reply, over D-Bus alone", 2): (typed("node1"),),
    Place(README, "Installation"): Elsewhere("system/test_package.py::test_life_of_the_packages"),
    Place(README, "Installation", 1): Never("it fetches from the network; machines.project builds and installs by the same commands"),
    Place(README, "Installation", 2): (namespace, second_daemon),

    Place(CONCEPTS, "CHOOSING A METHOD"): (shell("node1", f"lvsctl service add web tcp/{VIP}:80"), typed("node1")),
    Place(CONCEPTS, "THE TUTORIAL IN SIX COMMANDS"): (typed("node2", "node3"),),
    Place(CONCEPTS, "THE TUTORIAL IN SIX COMMANDS", 1): (typed("node1"), answered(VIP)),
    Place(CONCEPTS, "FTP"): Elsewhere("system/test_topologies.py::test_ftp_as_the_manual_has_it"),
    Place(CONCEPTS, "SIP"): Elsewhere("system/test_topologies.py::test_sip_as_the_manual_has_it"),
    Place(CONCEPTS, "COMING FROM IPVSADM"): (of_ipvsadm, at_prompts(director="node1"), is_all_ours("node1")),
    Place(CONCEPTS, "COMING FROM IPVSADM", 1): (at_prompts(other="node4"), is_all_ours("node4")),
    Place(CONCEPTS, "COMING FROM KEEPALIVED"): Elsewhere("system/test_migration.py::test_from_keepalived_and_a_script_without_an_outage"),
    Place(CONCEPTS, "COMING FROM KEEPALIVED", 1): Elsewhere("system/test_migration.py::test_from_keepalived_and_a_script_without_an_outage"),
    Place(CONCEPTS, "COMING FROM KEEPALIVED", 2): (rehearsed, second_director, in_turn("node1", "node4")),
    Place(CONCEPTS, "COMING FROM A SCRIPT"): Elsewhere("system/test_migration.py::test_from_keepalived_and_a_script_without_an_outage"),
    Place(CONCEPTS, "COMING FROM A SCRIPT", 1): Elsewhere("system/test_migration.py::test_from_keepalived_and_a_script_without_an_outage"),
    Place(CONCEPTS, "WHAT LVSD DOES NOT DO"): Never(NO_NFTABLES),
    Place(CONCEPTS, "WHAT LVSD DOES NOT DO", 1): Never(NO_NFTABLES),
    Place(CONCEPTS, "WHAT LVSD DOES NOT DO", 2): (at_once("node1", "zsh"),),

    Place("lvsctl-ipvsadm.1", "WEIGHTS"): Elsewhere("system/test_ipvsadm.py::test_a_weight_may_be_for_now"),

    Place(USAGE, "TUNNELS"): (shell("node2", "mkdir -p /etc/modules-load.d; ip route add default via 192.0.2.1 dev eth0"),
                              typed("node2")),
    Place(USAGE, "TUNNELS", 1): (shell("node1", f"lvsctl service add web tcp/{VIP}:80"), in_turn("node2", "node1")),
    Place(USAGE, "FAR MACHINES"): (seated, typed("node1")),
    Place(USAGE, "EXAMPLES"): (typed("node1"),),
    Place(USAGE, "EXAMPLES", 1): (typed("node2", "node3"), answered(VIP)),
    Place(USAGE, "EXAMPLES", 2): (typed("node1"),),
    Place(USAGE, "EXAMPLES", 3): (of_keepalived, typed("node1")),
    Place(USAGE, "EXAMPLES", 4): (typed("node1"),),
    Place(USAGE, "EXAMPLES", 5): (second_director, typed("node1", "node4")),
    Place(USAGE, "EXAMPLES", 6): (in_turn("node1", "node4"), answered(VIP)),
    Place(USAGE, "EXAMPLES", 7): (typed("node1"),),
    Place(USAGE, "EXAMPLES", 8): (typed("node1"),),
    Place(USAGE, "EXAMPLES", 9): (typed("node1"),),

    Place("lvsd-metrics.8", "DESCRIPTION"): (typed("node1"),),
    Place("lvsd-metrics.8", "DESCRIPTION", 1): (drop_in("lvsd-metrics.socket", "curl -s http://192.0.2.1:9779/metrics | grep lvsd_state"),),
    Place("lvsd-metrics.8", "OPTIONS"): (rehearsed, shell("node1", f"{METRICS} | grep lvsd_destination_weight"),
                                         drop_in("lvsd-metrics.service", f"{METRICS} | grep lvsd_service_info; "
                                                 f"! {METRICS} | grep lvsd_destination_weight")),

    Place(DAEMON, "THE UNIT"): (drop_in("lvsd.service", "systemctl show lvsd --property=AmbientCapabilities | grep net_bind_service"),),
    Place(DAEMON, "THE UNIT", 1): (typed("node1"),),
    Place(DAEMON, "AUTHORIZATION"): Elsewhere("manual/methods.py"),
    Place(DAEMON, "AUDIT"): (shell("node1", f"lvsctl service add web tcp/{VIP}:80"), typed("node1")),
    Place(DAEMON, "A SECOND DAEMON"): (namespace, second_daemon),

    Place("lvsd.conf.5", "EXAMPLES"): (policy(f"ipvsadm -E -t {VIP}:80 -s wlc", f"ipvsadm -Sn | grep -e '{VIP}:80 -s rr'"),),
    Place("lvsd.conf.5", "EXAMPLES", 1): (policy(f"ipvsadm -D -t {VIP}:80",
                                                 "lvsctl diff --json | grep missing; [ -z \"$(ipvsadm -Sn)\" ]"),),

    Place(CONTRACT, "EXAMPLES"): (typed("node1"),),
    Place(CONTRACT, "EXAMPLES", 1): (typed("node1"),),
}


def test_each_example_is_accounted_for():
    """What is new in a page is run or has a reason; what is planned is there; what is run elsewhere is run there."""
    have = examples.every()
    assert [str(place) for place in have if place not in PLAN] == []
    assert [str(place) for place in PLAN if place not in have] == []
    for how in PLAN.values():
        if isinstance(how, Elsewhere):
            file, _, function = how.partition("::")
            assert not function or f"def {function}(" in (SOURCE / "tests" / file).read_text(), how


def without_remarks(path) -> list[list[str]]:
    return [[re.sub(r"  +#.*", "", command) for _, command in examples.commands(text)] for text in examples.of_page(path).values()]


def test_each_language_has_the_same_examples():
    assert examples.translations()
    for path in examples.translations():
        assert without_remarks(path) == without_remarks(SOURCE / README), path


@pytest.fixture(scope="module")
def seats(stage):
    """The tutorial's four machines and a second director, with a second card each that has the pages' addresses."""
    with Network(stage) as network:
        for name, addresses in {**ADDRESSES, "node4": ("192.168.252.134/24",)}.items():
            network.machine(name, *addresses, also=["eth0"], lvsd=name != "client", web=name in ("node2", "node3"))
        network.boot()
        for name, address in OF_PAGES.items():
            network[name].run(f"ip address add {address} dev eth0 && ip link set eth0 up")
        yield network


def begin_anew(lan: Network) -> None:
    """Between headings."""
    for name in NODES:
        daemon.clear(lan[name])
        lan[name].run("ip route delete default 2>/dev/null; nft flush ruleset; systemctl is-active --quiet lvsd")
        assert faults.problems(lan[name]) == set()


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.xdist_group("examples")
@pytest.mark.parametrize("page", sorted({place.page for place, how in PLAN.items() if isinstance(how, tuple)}))
def test_examples(seats, page):
    heading = None
    for place, text in examples.every().items():
        how = PLAN[place]
        if place.page != page or not isinstance(how, tuple):
            continue
        if place.heading != heading:
            begin_anew(seats)
        heading = place.heading
        for step in how:
            try:
                step(seats, text)
            except (LabError, AssertionError) as problem:
                raise LabError(f"{place}: {problem}") from problem
