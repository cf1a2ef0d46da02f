"""Four clients change things at random while lvsd is restarted and killed, its rules vanish and polkit goes away."""
import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from . import churn, faults, views
from .churn import Client
from .machine import Background, Machine

PROGRAM = Path(churn.__file__)
PLACE = "/run/churn.py"
CLIENTS = 4
# The last of the clients is not root.
USER = "alice"
RULES = "/etc/polkit-1/rules.d/20-soak.rules"
RULE = f"""polkit.addRule(function(action, subject) {{
  if (action.id.indexOf('org.lvsd1.') == 0 && subject.user == '{USER}') {{ return polkit.Result.YES; }}
}});
"""
ONE_DESTINATION = "ipvsadm -Sn | grep -e ' -r ' | shuf -n 1 | awk '{print $2, $3, $4, $5}'"


def start(machine: Machine, client: Client, seed: str, user: str = "", failing: bool = True, note: str = "") -> Background:
    """Let the client begin on the machine; what it prints is known to it. The note is a file there that gets a line for each."""
    job = {"number": client.number, "seed": seed, "model": client.model, "user": user, "failing": failing, "note": note}
    machine.write(f"{PLACE}-{client.number}", json.dumps(job))
    return machine.start(f"exec python3 -B {PLACE} <{PLACE}-{client.number}")


def acknowledged(running: Background) -> int:
    """How many changes the client knows to be made."""
    return sum(line.startswith("ok ") for line in running.output().splitlines())


def install(machine: Machine) -> None:
    machine.write(PLACE, PROGRAM.read_text())
    machine.run(f"rm -f {churn.STOP}")


def allow(machine: Machine) -> None:
    """The user may do everything, polkit says."""
    machine.run(f"id {USER} >/dev/null 2>&1 || useradd --no-create-home --user-group {USER}")
    machine.write(RULES, RULE)
    machine.run("systemctl restart polkit")


def forbid(machine: Machine) -> None:
    machine.run(f"rm -f {RULES}; systemctl restart polkit")


class Soak:
    """lvsd owns nothing when it begins."""

    def __init__(self, machine: Machine, seed: int):
        self.machine, self.chance = machine, random.Random(seed)
        self.said = dict.fromkeys(("restarts", "kills", "flushes", "vanished", "polkit restarts", "changes", "refused"), 0)
        install(machine)
        allow(machine)
        self.clients = [Client(number, str(seed), {}) for number in range(CLIENTS)]
        self.running = [start(machine, client, str(seed), USER if client.number == CLIENTS - 1 else "") for client in self.clients]

    def __str__(self) -> str:
        return ", ".join(f"{count} {what}" for what, count in self.said.items())

    def disturb(self, seconds: float) -> None:
        """One trouble after the other."""
        deadline = time.monotonic() + seconds
        troubles: dict[str, Callable[[], object]] = {
            "restarts": lambda: faults.restart(self.machine), "kills": lambda: faults.kill(self.machine),
            "flushes": lambda: self.machine.run("ipvsadm -C"),
            "vanished": lambda: self.machine.try_run(f"one=$({ONE_DESTINATION}); ipvsadm -d $one; ip address delete "
                                                     f"{churn.address(self.chance.randrange(CLIENTS))}/24 dev ens33"),
            "polkit restarts": lambda: self.machine.run("systemctl restart polkit")}
        while time.monotonic() < deadline:
            trouble = self.chance.choice(sorted(troubles))
            troubles[trouble]()
            self.said[trouble] += 1
            time.sleep(self.chance.uniform(0, 2))

    def use(self) -> dict[str, int]:
        """kB of memory and number of descriptors of lvsd, the least of some looks while it works."""
        looks = []
        for _ in range(5):
            rss, files = self.machine.run(f"cd /proc/{faults.pid(self.machine)}; awk '/VmRSS/ {{print $2}}' status; "
                                          "ls fd | wc -l").stdout.split()
            looks.append({"kB": int(rss), "descriptors": int(files)})
            time.sleep(0.3)
        return {what: min(look[what] for look in looks) for what in looks[0]}

    def finish(self) -> Iterator[str]:
        """End the clients; what lvsd and the kernel do not have as the clients know it."""
        self.machine.run(f"touch {churn.STOP}")
        for client, running in zip(self.clients, self.running, strict=True):
            self.machine.eventually(lambda running=running: not running.running(), 300, "a client to end")
            printed = running.output().splitlines()
            if not printed or not printed[-1].startswith("{"):
                yield f"client {client.number} broke off: {printed[-20:]}"
                continue
            outcome = json.loads(printed[-1])
            client.model = outcome["model"]
            self.said["changes"] += acknowledged(running)
            if not acknowledged(running):
                yield f"client {client.number} could change nothing: {outcome['refused']}"
            self.said["refused"] += sum(outcome["refused"].values())
            print(f"client {client.number}: {outcome['count']} tried, refused {outcome['refused']}")
            yield from outcome["complaints"]
        forbid(self.machine)
        yield from differences(self.machine, self.clients)


def differences(machine: Machine, clients: list[Client]) -> Iterator[str]:
    """Between what clients know, what lvsd exports, and what the kernel holds once lvsd has put back what vanished."""
    export = machine.run("lvsctl export").stdout
    for client in clients:
        found = churn.read(export, client.number)
        if found != client.model:
            yield f"client {client.number} knows {client.model}, lvsd has {found}"
    services = [own for client in clients for header, own in client.model.items() if header.startswith("service ")]
    expected = {own["key"]: rules(own) for own in services}
    machine.eventually(lambda: not {"missing", "failed"} & faults.problems(machine), 30, "lvsd to put back what vanished")
    if views.ipvsadm(machine) != expected:
        yield f"clients know {expected}, the kernel has {views.ipvsadm(machine)}"
    if faults.status(machine)["state"] == "degraded":
        yield f"degraded: {faults.status(machine)}"
    for client in clients:
        own = client.model.get(f"address {churn.address(client.number)}")
        for place, wanted in ((churn.address(client.number), own is not None and "up" not in own),
                              (churn.role(client.number), f"role {churn.role(client.number)}" in client.model)):
            if bool(faults.address(machine, place)) != wanted:
                yield f"{place} is {'not ' if wanted else ''}there"


def rules(own: dict[str, str]) -> tuple[str, dict[str, tuple[str, int]]]:
    """A service of a model as views.ipvsadm has it."""
    placed = {}
    for key, value in own.items():
        if key.startswith("destination "):
            _, place, port = key.split()
            placed[f"{place}:{port}"] = ("masquerade", int(value.rpartition("=")[2]))
    return own["scheduler"], placed
