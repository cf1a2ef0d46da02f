"""Calls that are to be refused: what came of each, and whether it left any trace."""
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from .machine import Machine

MANAGER = "/org/lvsd1"

# What a refused call must leave as it is: the desired state, the rules, the addresses, the daemon's process.
STATE = """\
state() {
    lvsctl export
    if [ -e /proc/net/ip_vs ]; then ipvsadm -Sn; fi
    ip -oneline address
    echo "daemon $(</sys/fs/cgroup/system.slice/lvsd.service/cgroup.procs)"
}
"""

# Reads one command a line; at an empty line it looks at the state. Between fields and between attempts it prints
# characters that nobody else prints.
EACH = """\
state >/run/before 2>&1
while IFS= read -r command; do
    if [ -z "$command" ]; then
        state >/run/after 2>&1
        diff /run/before /run/after
        mv /run/after /run/before
        printf '\\036'
    else
        (eval "$command") >/run/said 2>&1 </dev/null
        printf '%s\\037%s\\037' $? "$(</run/said)"
    fi
done"""


@dataclass(frozen=True)
class Attempt:
    """A command, its exit status, everything it printed; and what differs after its group, as diff prints it."""
    command: str
    status: int
    said: str
    trace: str

    @property
    def error(self) -> str:
        """The name of the D-Bus error that gdbus printed, without the prefix of lvsd's own."""
        found = re.search(r"GDBus\.Error:(?:org\.lvsd1\.Error\.)?([\w.]+): ", self.said)
        return found[1] if found else ""

    def __str__(self) -> str:
        return f"$ {self.command}\n{self.said}\n(exit status {self.status})\n{self.trace}"


def attempt(node: Machine, groups: Sequence[Sequence[str]]) -> list[list[Attempt]]:
    """Run all of these in one go, with a look at the state after each group."""
    lines = "".join("\n".join(group) + "\n\n" for group in groups)
    printed = node.run(STATE + EACH, stdin=lines, seconds=300).stdout.split("\x1e")
    return [_read(group, text.split("\x1f")) for group, text in zip(groups, printed, strict=False)]


def _read(group: Sequence[str], fields: list[str]) -> list[Attempt]:
    trace = fields[-1]
    return [Attempt(command, int(fields[2 * number]), fields[2 * number + 1], trace)
            for number, command in enumerate(group)]


def gdbus(path: str, method: str, *arguments: str) -> str:
    """A call with gdbus: the method with its interface, `Manager.AddService`; arguments as GVariant texts."""
    words = ["gdbus", "call", "--system", "--dest", "org.lvsd1", "--object-path", path,
             "--method", method if method.startswith("org.") else f"org.lvsd1.{method}", *arguments]
    return " ".join(shlex.quote(word) for word in words)
