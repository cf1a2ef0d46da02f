"""What goes wrong on purpose on a machine, and what is watched meanwhile: system calls, the wire, netlink."""
import contextlib
import json
import re
import struct
from collections.abc import Callable, Iterator

from .machine import Background, Machine
from .result import LabError, Result

# What lvsctl's exit status tells (lvsctl --help).
FAILURE, USAGE, NOT_FOUND, EXISTS, REFUSED, KERNEL, CONFLICT = 1, 2, 3, 4, 5, 6, 7
STORE = "/var/lib/lvsd"


def refused(node: Machine, command: str, status: int, *words: str) -> Result:
    """The command fails with this exit status and one line that has these words in it."""
    result = node.try_run(command)
    assert result.status == status, result
    for word in words:
        assert word in result.stderr, f"no “{word}” in: {result}"
    assert len(result.stderr.splitlines()) == 1, result
    return result


# the daemon

def pid(node: Machine) -> int:
    return int(node.run("systemctl show lvsd --property=MainPID --value").stdout)


def answers(node: Machine, seconds: float = 60) -> None:
    """Until lvsd has (again) started and answers."""
    node.eventually("systemctl is-active --quiet lvsd && lvsctl --quiet service list", seconds, "lvsd to answer")


def stop(node: Machine) -> None:
    node.run("systemctl stop lvsd")


def start(node: Machine) -> None:
    node.run("systemctl reset-failed lvsd; systemctl start lvsd")


def restart(node: Machine) -> None:
    node.run("systemctl restart lvsd")


def kill(node: Machine) -> None:
    """SIGKILL; systemd starts it again."""
    before = pid(node)
    node.run(f"kill -KILL {before}")
    node.eventually(lambda: pid(node) not in (0, before), 30, "another lvsd")
    answers(node)


# what is to be seen

def address(node: Machine, text: str, interface: str | None = None) -> dict | None:
    """What `ip -json address` says of an address, with the interface's name; None: it is not there."""
    for link in json.loads(node.run("ip -json address").stdout):
        for found in link.get("addr_info", []):
            if found.get("local") == text and interface in (None, link["ifname"]):
                return {**found, "interface": link["ifname"]}
    return None


def state(node: Machine, noun: str, text: str) -> str:
    """What lvsctl says of an address or a role."""
    listing = node.run(f"lvsctl {noun} list --json").json
    rows = listing["addresses" if noun == "address" else "roles"]
    return next((row["state"] for row in rows if row["address"] == text), "unknown")


def status(node: Machine) -> dict:
    """{"state": ..., "problems": [...]}"""
    return node.try_run("lvsctl status --json").json


def problems(node: Machine) -> set[str]:
    """The words for what status complains about."""
    return {problem["problem"] for problem in status(node)["problems"]}


def remedies(node: Machine) -> set[str]:
    """What status says to do about it."""
    return {problem["remedy"] for problem in status(node)["problems"]}


def sysctl(node: Machine, name: str) -> str:
    return node.run(f"sysctl --values {name}").stdout.strip()


# system calls

@contextlib.contextmanager
def traced(node: Machine, options: str, threads: bool = True) -> Iterator[Background]:
    """strace on the running lvsd, or its main thread alone: its output so far, all of it once the block is left."""
    trace = node.start(f"exec strace {'-f' if threads else ''} -y -s 256 {options} -p {pid(node)}")
    trace.wait_for("attached")
    try:
        yield trace
    finally:
        trace.stop()


def failing(node: Machine, call: str, fault: str, options: str = "") -> contextlib.AbstractContextManager[Background]:
    """A system call of the running lvsd goes wrong: fault is "error=EIO", "signal=KILL:when=3", ..."""
    return traced(node, f"{options} -e trace={call} -e inject={call}:{fault}")


# The start of a netlink message that changes something: IPVS_CMD_NEW_SERVICE and its like, an address, a link or a route. With an
# unfinished service of IPv6 and mark lvsd only asks whether there is such a scheduler.
PROBE = r'(?!\\x01\S*\\x06\\x00\\x01\\x00\\x0a\\x00\\x00\\x00\\x08)'
WRITE = re.compile(rf'sendmsg\(.*nlmsg_type=(IPVS[^"]*"{PROBE}\\x(?:0[1235679ac]|1[01])|RTM_(NEW|DEL)ADDR|0x1[45] |RTM_NEWLINK|RTM_NEWROUTE|0x18 )')


def sent(trace: str) -> list[bool]:
    """For each message that lvsd's main thread sent: whether it would have changed something in the kernel."""
    return [bool(WRITE.search(line)) for line in trace.splitlines() if "sendmsg(" in line]


def struck(node: Machine, prepare: Callable[[], object], act: Callable[[], Result], fault: str, nth: int) -> Result:
    """Let the nth message (-1: the last) by which lvsd changes the kernel go wrong, and no other; what came of it.

    lvsd looks at the kernel by itself every few seconds, so that another message may be hit; then it is tried again.
    """
    for _ in range(5):
        prepare()
        node.run("sleep 1")  # lvsd has looked at the news of its own doing
        with traced(node, "-x -e trace=sendmsg", threads=False) as trace:
            act()
        writes = [number for number, write in enumerate(sent(trace.output()), 1) if write]
        prepare()
        node.run("sleep 1")  # lvsd has looked at the news of its own doing
        options = f"-x -e trace=sendmsg -e inject=sendmsg:{fault}:when={writes[nth]}"
        with traced(node, options, threads=False) as trace:
            result = act()
        if [*sent(trace.output()), *[False] * writes[nth]][writes[nth] - 1]:
            return result
        answers(node)
    raise LabError(f"message {writes[nth]} was never one that changes anything:\n{trace.output()[-3000:]}")


# the wire

class Wire:
    """Frames that arrive on a machine's card, as tcpdump tells them."""

    def __init__(self, machine: Machine, interface: str, what: str):
        self.dump = machine.start(f"exec tcpdump --immediate-mode -l -n -e -tt -i {interface} '{what}'")
        self.dump.wait_for("listening on")

    def times(self, *words: str) -> list[float]:
        """When frames with all these words came, in seconds."""
        return [float(line.split()[0]) for line in self.dump.output().splitlines()
                if re.match(r"\d+\.\d+ ", line) and all(word in line for word in words)]

    def stop(self) -> None:
        self.dump.stop()


# netlink

GENERIC, ROUTE = 16, 0
IPVS_WRITES = {1: "NEW_SERVICE", 2: "SET_SERVICE", 3: "DEL_SERVICE", 5: "NEW_DEST", 6: "SET_DEST", 7: "DEL_DEST",
               9: "NEW_DAEMON", 10: "DEL_DAEMON", 12: "SET_CONFIG", 16: "ZERO", 17: "FLUSH"}
ROUTE_VERBS = ("new", "delete", "get", "set")
FAMILY_ID = r"""
import socket, struct
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
name = b"IPVS\0\0\0\0"
body = struct.pack("BBH", 3, 2, 0) + struct.pack("HH", 4 + 5, 2) + name
s.send(struct.pack("IHHII", 16 + len(body), 16, 1, 1, 0) + body)
reply = s.recv(65536)[20:]
while reply:
    length, kind = struct.unpack("HH", reply[:4])
    if kind == 1:
        print(struct.unpack("H", reply[4:6])[0])
        break
    reply = reply[(length + 3) & ~3:]
"""


class Netlink:
    """Everything that anybody on the machine says to the kernel over netlink, caught by an nlmon device."""
    FILE = "/run/netlink.pcap"

    def __init__(self, node: Machine):
        self.node = node
        self.family = int(node.run("modprobe ip_vs; python3 -", stdin=FAMILY_ID).stdout)
        node.run("modprobe nlmon; ip link show nlmon0 >/dev/null 2>&1 || ip link add nlmon0 type nlmon; "
                 "ip link set nlmon0 up")
        self.dump = node.start(f"exec tcpdump --immediate-mode -U -B 32768 -s 256 -i nlmon0 -w {self.FILE}")
        self.dump.wait_for("listening on")

    def writes(self) -> list[str]:
        """End it: the requests that changed IPVS, links, addresses or routes, in order."""
        self.node.run("sync; sleep 0.5")
        said = self.dump.stop()
        if not re.search(r"^0 packets dropped by kernel", said, re.MULTILINE):
            raise LabError(f"nlmon has not seen everything:\n{said}")
        data = self.node.run(f"cat {self.FILE}; ip link delete nlmon0").stdout_bytes
        return [name for kind, payload in _packets(data) for name in self._requests(kind, payload)]

    def _requests(self, kind: int, payload: bytes) -> Iterator[str]:
        while len(payload) >= 16:
            length, message, flags = struct.unpack_from("IHH", payload)
            if flags & 1 and kind == GENERIC and message == self.family and payload[16] in IPVS_WRITES:
                yield IPVS_WRITES[payload[16]]
            if flags & 1 and kind == ROUTE and message >= 16 and message % 4 != 2:
                yield f"{ROUTE_VERBS[message % 4]} {message}"
            payload = payload[max(16, (length + 3) & ~3):]


def _packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(netlink family, messages) of each packet of a capture file."""
    offset = 24
    while offset + 16 <= len(data):
        _, _, captured, _ = struct.unpack_from("IIII", data, offset)
        packet = data[offset + 16:offset + 16 + captured]
        yield struct.unpack_from(">H", packet, 14)[0], packet[16:]
        offset += 16 + captured
