"""Measures lvsd beside ipvsadm, keepalived and the limit, all in one machine that is kept on one processor."""
import json
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from . import bus
from .bench_plot import draw_all
from .bench_report import processor, table, write
from .bench_rows import ROWS, SIZES, Figures, Samples, Session, lines
from .bench_session import SUBJECTS
from .machine import Machine
from .network import Network
from .project import BENCH, SOURCE

HERE = Path(__file__).resolve().parent
PLACE = "/run/bench"
PROGRAMS = ("limit", "weigh", "overhear", "flood")
SESSION = ("bench_session.py", "bench_workload.py")
SECONDS = 1200

VERSIONS = {
    "kernel": "uname -r", "lvsd": "lvsd --version", "ipvsadm": "ipvsadm --version", "keepalived": "keepalived --version 2>&1",
    "dbus-daemon": "dbus-daemon --version",
    "libraries": "dpkg-query --show --showformat '${Package} ${Version}\\n' libglib2.0-0 libnl-3-200",
}
ROUNDS = 5
# What counts instead of measuring time, and what takes a minute by definition.
ONCE = {"idle", "memory", "clients", "slow-clients"}
DESTINATIONS = 10
PAGE = SOURCE / "docs" / "benchmarks.md"
NOTES = "## Where the time goes"


class Bench:
    def __init__(self, rows: set[str] | None, quick: bool, say: Callable[[str], None] = print):
        self.rows = [row for row in ROWS if rows is None or row.name in rows]
        self.whole = rows is None
        self.quick = quick
        self.say = say
        self.samples: Samples = defaultdict(list)
        self.facts: dict[str, str] = {}
        self.started = time.monotonic()

    def run(self) -> int:
        """Measure, and say what came of it; a whole run writes the page too. 0 if all rows could be measured."""
        self._measure()
        figures = Figures(self.samples)
        found = list(lines(self.rows, figures))
        self.say(table(found))
        if self.whole and not self.quick:
            self._write(figures)
        return 0 if found else 1

    def _sessions(self) -> list[Session]:
        """What the rows need, in an order in which each finds what it goes on from."""
        needed = {session for row in self.rows for session in row.sessions()}
        if self.whole:
            needed |= {(subject, services) for subject in ("limit", "keepalived", "listing", "lvsd", "restore") for services in SIZES}
            needed |= {("ipvsadm", services) for services in SIZES[:-1]}
        needed |= {("lvsd", services) for subject, services in needed if subject == "restore"}
        return sorted(needed, key=lambda session: (session[1], list(SUBJECTS).index(session[0])))

    def _measure(self) -> None:
        """Each session in each round, so that what disturbs the host disturbs all of them."""
        BENCH.make()
        with Network(BENCH.install()) as lan:
            machine = lan.machine("bench", "192.0.2.1/24", systemd=False, memory="1536M", disk=1 << 30)
            lan.boot()
            self._furnish(machine)
            for number in range(1 if self.quick else ROUNDS):
                for subject, services in self._sessions():
                    if number == 0 or subject not in ONCE:
                        self._session(machine, subject, services, number)

    def _furnish(self, machine: Machine) -> None:
        for program in PROGRAMS:
            machine.write(f"{PLACE}/{program}", (BENCH.folder / "tests" / "bench" / program).read_bytes())
        for name in SESSION:
            machine.write(f"{PLACE}/{name}", (HERE / name).read_text())
        machine.write(f"{PLACE}/bus.conf", bus.configuration(f"unix:path={PLACE}/bus"))
        machine.run(f"chmod +x {' '.join(f'{PLACE}/{program}' for program in PROGRAMS)}; modprobe ip_vs; modprobe ip_vs_rr; modprobe nlmon")
        self.facts = {name: ", ".join(machine.run(command).stdout.strip().splitlines()[:2 if name == "libraries" else 1])
                      for name, command in VERSIONS.items()}

    def _session(self, machine: Machine, subject: str, services: int, number: int) -> None:
        began = time.monotonic()
        printed = machine.run(f"unshare --net --pid --fork --kill-child --mount-proc python3 -B {PLACE}/bench_session.py "
                              f"{subject} {services} {DESTINATIONS}", seconds=SECONDS).stdout
        found = json.loads(printed.splitlines()[-1])
        for name, value in found.items():
            self.samples[subject, services, name].append(value)
        self.say(f"[{time.monotonic() - self.started:5.0f} s] round {number + 1}: {subject}, {services} services "
                 f"({time.monotonic() - began:.0f} s): "
                 + ", ".join(f"{name} {value:.0f}" for name, value in found.items()))

    def _write(self, figures: Figures) -> None:
        before = PAGE.read_text() if PAGE.exists() else ""
        notes = NOTES + before.partition(NOTES)[2] if NOTES in before else ""
        facts = {"machine": f"User Mode Linux, 1 processor of: {processor()}", **self.facts,
                 "runs": f"{ROUNDS}, medians (waits for the disk, memory and idling: one), {time.monotonic() - self.started:.0f} s in all"}
        PAGE.parent.mkdir(exist_ok=True)
        write(PAGE, self.rows, figures, facts, "tests/lab bench", draw_all(PAGE.parent, figures), notes)
        self.say(f"Written: {PAGE.relative_to(SOURCE)}")
