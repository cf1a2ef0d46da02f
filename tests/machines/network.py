"""Switches and the machines plugged into them; leaving the `with` block switches everything off and keeps nothing."""
import itertools
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .keeper import Keeper
from .machine import DISK, MEMORY, Interface, Machine
from .result import LabError

UNIT = "usr/lib/systemd/system/lvsd.service"


class Network:
    """
    with Network(stage) as lan:
        node1 = lan.machine("node1", "192.168.252.131/24")
        client = lan.machine("client", "192.168.252.200/24", lvsd=False)
        lan.boot()
        node1.run("lvsctl list")
    """

    def __init__(self, stage: Path | None = None, memcheck: Path | None = None):
        """stage: the installed project; memcheck: what it may overlook, if the daemon is to run under it."""
        self.stage, self.memcheck = stage, memcheck
        self.machines: dict[str, Machine] = {}
        self._switches: dict[str, subprocess.Popen] = {}
        self._processors = itertools.cycle(self._order_processors())

    @staticmethod
    def _order_processors() -> list[int]:
        """The first machine has the most to do. Labs that run at the same time do not begin with the same processor:
        those of one test run by agreement, others by chance."""
        processors = sorted(os.sched_getaffinity(0))
        worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
        if not worker:
            return random.sample(processors, len(processors))
        first = int(worker) % len(processors)
        return processors[first:] + processors[:first]

    def __enter__(self) -> "Network":
        self.folder = Path(tempfile.mkdtemp(prefix="lab.", dir="/var/tmp"))
        self._keeper = Keeper(self.folder)
        return self

    def __exit__(self, *_) -> None:
        try:
            for machine in self.machines.values():
                machine.power_cut()
            for switch in self._switches.values():
                switch.kill()
                switch.wait()
        finally:
            self._keeper.close()

    def __getitem__(self, name: str) -> Machine:
        return self.machines[name]

    def machine(self, name: str, *addresses: str, interface: str = "ens33", also: Iterable[str] = (),
                lvsd: bool = True, web: bool = False, logind: bool = False, systemd: bool = True,
                memory: str = MEMORY, disk: int = DISK) -> Machine:
        """
        A machine with a card in the switch `lan` that carries these addresses, not yet switched on.

        also: further switches to put a card into (the cards are called after them, and are down);
        lvsd: the project is installed and its daemon enabled; web: a web server that answers with the machine's name;
        logind: for sessions, as polkit sees them; systemd: otherwise a bare kernel, up in two seconds; memory, as the kernel is told; disk, in bytes, for its state.
        """
        number = len(self.machines) + 1
        cards = [Interface(interface, "lan", _mac(number, 0), list(addresses))]
        cards += [Interface(switch, switch, _mac(number, index)) for index, switch in enumerate(also, 1)]
        for card in cards:
            self._switch_on(card.switch)
        machine = Machine(name, self.folder / name, cards, self.folder, next(self._processors), stage=self.stage if lvsd else None,
                          systemd=systemd, keeper=self._keeper, memory=memory, disk=disk)
        self.machines[name] = machine
        if lvsd and self.stage:
            machine.layer.enable("lvsd.service")
            if self.memcheck:
                machine.layer.check_memory(self.stage / UNIT, self.memcheck)
        if web:
            machine.layer.serve_web()
        if logind:
            machine.layer.enable("systemd-logind.service")
            machine.layer.enable("systemd-user-sessions.service")
        return machine

    def boot(self, *machines: Machine) -> None:
        """Boot these (all, if none is named) side by side."""
        chosen = machines or tuple(self.machines.values())
        for machine in chosen:
            if not machine.boots:
                machine.furnish(self._hosts())
            machine.power_on()
        with ThreadPoolExecutor(len(chosen)) as pool:
            try:
                list(pool.map(Machine.wait_until_up, chosen))
            except BaseException:
                self.power_cut(*chosen)  # so that nobody waits for the others
                raise

    def power_cut(self, *machines: Machine) -> None:
        """Pull the plug of these (all, if none is named)."""
        for machine in machines or self.machines.values():
            machine.power_cut()

    def _hosts(self) -> str:
        lines = ["127.0.0.1 localhost", "::1 localhost"]
        for machine in self.machines.values():
            lines += [f"{address.split('/')[0]} {machine.name}"
                      for card in machine.interfaces for address in card.addresses]
        return "\n".join(lines) + "\n"

    def _switch_on(self, name: str) -> None:
        """A switch is a process with a socket; it ends when its standard input does."""
        if name in self._switches:
            return
        path = self.folder / name
        with (self.folder / f"{name}.log").open("wb") as log:
            switch = subprocess.Popen(["uml_switch", "-unix", str(path)], stdin=subprocess.PIPE, stdout=log,
                                      stderr=subprocess.STDOUT, start_new_session=True)
        self._switches[name] = switch
        self._keeper.watch(switch.pid)
        deadline = time.monotonic() + 20
        while not path.exists():
            if switch.poll() is not None or time.monotonic() > deadline:
                raise LabError(f"the switch {name} did not start: {os.fsdecode((self.folder / f'{name}.log').read_bytes())}")
            time.sleep(0.02)


def _mac(machine: int, card: int) -> str:
    """Locally administered, the same in each run."""
    return f"02:00:00:00:{card:02x}:{machine:02x}"
