"""The tutorial: LVS in direct-routing mode on three machines and a client, with lvsctl alone; shown and checked.

Written once: `tests/lab demo` performs it for a person, tests/system/test_tutorial.py chapter by chapter.
"""
import ipaddress
import re
import time
from collections.abc import Callable, Sequence

from . import views
from .machine import Background, Machine
from .network import Network
from .result import LabError, Result

VIP = "192.168.252.100"
ADDRESSES = {"node1": ("192.168.252.131/24", "2001:db8:252::131/64"),
             "node2": ("192.168.252.132/24", "2001:db8:252::132/64"),
             "node3": ("192.168.252.133/24", "2001:db8:252::133/64"),
             "client": ("192.168.252.200/24", "2001:db8:252::200/64")}


def plug_in(lan: Network, names: Sequence[str] = (), also: Sequence[str] = ()) -> None:
    """The tutorial's machines (all, if none is named): node1 directs, node2 and node3 serve, the client asks."""
    for name in names or ADDRESSES:
        lan.machine(name, *ADDRESSES[name], also=also, lvsd=name != "client", web=name in ("node2", "node3"))


class CheckFailed(LabError):
    """The tutorial's outcome is not what it must be."""


class Tutorial:
    """Each chapter is a method that types what a person would type and checks what came of it."""

    CHAPTERS = {"How things are before": "look_around",
                "The real servers": "set_up_real_servers",
                "The director": "set_up_director",
                "Six requests": "send_requests",
                "Where the connections are": "look_at_connections",
                "A power cut on node1, node2 and node3": "cut_the_power",
                "The director's own address goes and comes back": "take_the_address_away",
                "Everything is deleted": "delete_everything"}

    def __init__(self, lan: Network, say: Callable[[str], None] = print, keep_going: bool = False):
        self.lan, self.say, self.keep_going = lan, say, keep_going
        self.failures: list[str] = []
        self.checks = 0
        self.before: dict[str, str] = {}
        self.neighbours: Background | None = None
        self.promotion: list[str] = []

    @property
    def director(self) -> Machine:
        return self.lan["node1"]

    @property
    def real_servers(self) -> list[Machine]:
        return [self.lan["node2"], self.lan["node3"]]

    @property
    def nodes(self) -> list[Machine]:
        return [self.director, *self.real_servers]

    @property
    def client(self) -> Machine:
        return self.lan["client"]

    def perform(self) -> int:
        """From nothing to nothing; the exit status."""
        started = time.monotonic()
        self.say("Booting node1 (director), node2 and node3 (real servers) and a client")
        plug_in(self.lan)
        self.lan.boot()
        self.say(f"All four are up after {time.monotonic() - started:.0f} s")
        try:
            for title, chapter in self.CHAPTERS.items():
                self.say(f"\n== {title}")
                getattr(self, chapter)()
        except LabError as problem:
            self.say(f"\n{problem}")
            for node in self.nodes:
                if node.running:
                    self.say(f"\nThe journal of lvsd on {node.name}:\n{node.journal()}")
            self.failures.append(str(problem))
        minutes = (time.monotonic() - started) / 60
        self.say(f"\n{self.checks} checks, {len(self.failures)} failed, {minutes:.1f} minutes")
        return 1 if self.failures else 0

    # how it is told

    def show(self, machine: Machine, command: str) -> Result:
        """Type a command that has to succeed."""
        self.say(f"{machine.name}$ {command}")
        result = machine.run(command)
        if result.output.strip():
            self.say(result.output.rstrip())
        return result

    def check(self, what: str, ok: object, detail: object = "") -> None:
        self.checks += 1
        if ok:
            self.say(f"  ✓ {what}")
            return
        self.say(f"  ✗ {what}: {detail}")
        if not self.keep_going:
            raise CheckFailed(f"not so: {what}\n{detail}")
        self.failures.append(what)

    def remark(self, text: str) -> None:
        self.say(f"  # {text}")

    # chapters

    def look_around(self) -> None:
        self.before = {node.name: views.configuration(node) for node in self.nodes}
        self.neighbours = self.client.start("ip monitor neigh")
        # Nothing would be told of an entry that is there already and stays.
        self.client.run(f"ip neighbour flush to {VIP}")
        for node in self.nodes:
            self.check(f"{VIP} is not yet on {node.name}", VIP not in self.before[node.name])
        self.show(self.director, "ip -brief address")

    def set_up_real_servers(self) -> None:
        for server in self.real_servers:
            trace = server.start("strace -f -y -x -s 256 -e trace=openat,write,pwrite64,sendmsg,sendto "
                                 "-p $(systemctl show --property=MainPID --value lvsd)")
            trace.wait_for("attached")
            self.show(server, f"lvsctl role add {VIP}")
            self._check_order(server, trace.stop())
            for name, least in (("arp_ignore", 1), ("arp_announce", 2)):
                value = max(int(server.read(f"/proc/sys/net/ipv4/conf/{where}/{name}"))
                            for where in ("all", server.interface))
                self.check(f"{name} is {least} on {server.name}", value == least, value)
            self.check(f"{VIP} is on lo of {server.name}, as /32", ("lo", VIP, 32) in views.addresses(server),
                       views.addresses(server))
        self.show(self.real_servers[0], "lvsctl role list")

    def set_up_director(self) -> None:
        card = self.director.interface
        self.show(self.director, f"lvsctl address add {VIP}/24 --interface {card} --label {card}:2")
        self.show(self.director, f"lvsctl service add web tcp/{VIP}:80 --scheduler rr")
        servers = " ".join(server.address for server in self.real_servers)
        self.show(self.director, f"lvsctl destination add web {servers} --method direct --weight 1")
        self.show(self.director, "lvsctl list")
        self.check_service()
        self._check_vip_is_secondary()

    def send_requests(self) -> None:
        self.check_alternation()
        entry = self.client.run(f"ip neigh show {VIP}").stdout
        self.check(f"the client's neighbour entry for {VIP} is node1's card", self.director.mac in entry, entry)
        self._check_neighbour_constant()

    def look_at_connections(self) -> None:
        held = [self.client.start(f"curl -s --max-time 60 http://{VIP}/hold/20") for _ in self.real_servers]
        for server in self.real_servers:
            server.eventually(f"ss -Htn state established 'src {VIP}:80' | grep -q .", 15,
                              "an established connection")
            self.check(f"the TCP connection is on {server.name}", True)
        sockets = self.director.run(f"ss -Htan 'src {VIP} or dst {VIP}'").stdout
        self.check("node1 has no TCP socket of it", not sockets.strip(), sockets)
        self.show(self.director, "lvsctl connections")
        ours, theirs = self.director.eventually(self._connections_if_equal, 20,
                                                "lvsctl connections to agree with ipvsadm -Lcn")
        self.check(f"lvsctl connections agrees with ipvsadm -Lcn ({len(theirs)} entries)", len(theirs) >= 2, ours)
        for request in held:
            request.stop()

    def cut_the_power(self) -> None:
        self.lan.power_cut(*self.nodes)
        self.say("The power is off; now it is on again, and nothing is typed.")
        started = time.monotonic()
        self.lan.boot(*self.nodes)
        self.say(f"The three are up after {time.monotonic() - started:.0f} s")
        self.check_alternation()
        self.check_service()
        self._check_vip_is_secondary()
        source = self.director.run(f"ip route get {self.client.address}").stdout
        self.check("node1 still speaks from its own address", f"src {self.director.address} " in source, source)
        for server in self.real_servers:
            self.check(f"{VIP} is on lo of {server.name}, as /32", ("lo", VIP, 32) in views.addresses(server),
                       views.addresses(server))
        self._check_neighbour_constant()

    def take_the_address_away(self) -> None:
        node, card = self.director, self.director.interface
        names = [f"net.ipv4.conf.{where}.promote_secondaries" for where in ("all", card)]
        self.promotion = [line.replace(" ", "") for line in node.run(f"sysctl {' '.join(names)}").lines]
        node.run(f"sysctl -q -w {' '.join(f'{name}=0' for name in names)}")
        self.remark(f"promote_secondaries is 0: the kernel takes {VIP} away with {node.address}")
        self.show(node, f"ip address delete {node.address}/24 dev {card}")
        self.show(node, f"ip address add {node.address}/24 dev {card}")
        node.eventually(lambda: (card, VIP, 24) in views.addresses(node), 30, f"{VIP} to come back")
        self.check(f"{VIP} has come back", True)
        self._check_vip_is_secondary()
        self.check_alternation()

    def delete_everything(self) -> None:
        node, card = self.director, self.director.interface
        self.show(node, "lvsctl service delete web")
        self.show(node, f"lvsctl address delete {VIP}")
        self.check(f"{node.address} is still there", (card, node.address, 24) in views.addresses(node),
                   views.addresses(node))
        self.check(f"{VIP} is gone from node1", (card, VIP, 24) not in views.addresses(node))
        node.run(f"sysctl -q -w {' '.join(self.promotion)}")
        for server in self.real_servers:
            self.show(server, f"lvsctl role delete {VIP}")
        for machine in self.nodes:
            self.check(f"the rules, sysctls and addresses of {machine.name} are as before",
                       views.configuration(machine) == self.before[machine.name],
                       f"before:\n{self.before[machine.name]}\nnow:\n{views.configuration(machine)}")
        self.neighbours.stop()

    # checks used more than once

    def check_alternation(self) -> None:
        command = f"for i in 1 2 3 4 5 6; do curl -s --max-time 10 http://{VIP}/; done"
        replies = self.show(self.client, command).stdout.split()
        servers = sorted(server.name for server in self.real_servers)
        self.check("six requests, answered by node2 and node3 in turn",
                   len(replies) == 6 and sorted(set(replies)) == servers
                   and all(one != next_ for one, next_ in zip(replies, replies[1:])), replies)

    def check_service(self) -> None:
        kernel, ours = views.ipvsadm(self.director), views.lvsctl_list(self.director)
        self.check("ipvsadm -Ln agrees with lvsctl list", kernel == ours, f"ipvsadm: {kernel}\nlvsctl: {ours}")
        expected = {f"tcp/{VIP}:80": ("rr", {f"{server.address}:80": ("direct", 1) for server in self.real_servers})}
        self.check("both say what was asked for", kernel == expected, kernel)

    def _check_vip_is_secondary(self) -> None:
        listing = self.director.run(f"ip -4 -oneline address show dev {self.director.interface}").stdout
        line = next((line for line in listing.splitlines() if VIP in line), "")
        self.check(f"{VIP} is a secondary address", " secondary " in line, listing)
        self.check(f"its label is {self.director.interface}:2", f" {self.director.interface}:2" in line, listing)

    def _check_neighbour_constant(self) -> None:
        seen = [line for line in self.neighbours.output().splitlines() if line.startswith(f"{VIP} ")]
        others = [line for line in seen if "lladdr" in line and self.director.mac not in line]
        self.check(f"the client has never seen {VIP} at another card than node1's", seen and not others, others or seen)

    def _check_order(self, server: Machine, trace: str) -> None:
        """The sysctls were set before the address appeared: by the order of the daemon's own system calls."""
        lines = trace.splitlines()
        writes = [number for number, line in enumerate(lines) if "write" in line and "/arp_" in line]
        # strace, attached to a running process, knows neither what kind of socket it has before it nor its messages.
        address = "".join(f"\\x{byte:02x}" for byte in ipaddress.ip_address(VIP).packed)
        additions = [number for number, line in enumerate(lines)
                     if re.search(r"nlmsg_type=(RTM_NEWADDR|0x14 )", line) and (address in line or f'"{VIP}"' in line)]
        self.check(f"on {server.name} the sysctls were set before the address was added",
                   len(writes) >= 2 and additions and max(writes) < min(additions),
                   "\n".join(line for line in lines if "arp_" in line or "nlmsg_type" in line))

    def _connections_if_equal(self) -> tuple | None:
        """Both listings, taken at once; states move on by themselves, so not every look finds them equal."""
        ours, theirs = views.lvsctl_connections(self.director), views.ipvsadm_connections(self.director)
        return (ours, theirs) if ours == theirs else None
