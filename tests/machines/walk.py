"""A walk: lvsd does the same thing over and over, and each time another one of its system calls goes wrong."""
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from .faults import WRITE
from .machine import Machine

HERE = Path(__file__).resolve().parent
FOLDER = "/run/victim"
# One point may need many: of calls that several threads share out among themselves, strace counts each thread's.
TRIES = 12
ENTRY = re.compile(r"^(\d+)<([^>]*)>\s+(\w+)\((.*)", re.MULTILINE)
DESCRIPTOR = re.compile(r"(?:AT_FDCWD|(\d+))<([^>]*)>")
BUS = re.compile(r'iov_base="\\x6c\\x0[24]')


@dataclass(frozen=True)
class Kind:
    """A kind of change: shell commands that lead up to it, and the one that is it."""
    name: str
    prepare: tuple[str, ...]
    act: str
    passes: bool = False  # it undoes itself: the state after it is the state before


@dataclass(frozen=True)
class Point:
    """A system call: which thread makes it, on which file or descriptor, for which time since the trace began."""
    thread: str  # its name, which several may have
    call: str
    target: str
    nth: int  # of the one thread's
    what: str
    which: int  # of those by threads of this name that are about the same, from 0

    def __str__(self) -> str:
        return f"{self.thread}: {self.call} {self.what} (number {self.nth})"


@dataclass
class Figures:
    """How a walk went."""
    tried: int = 0
    missed: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.tried} points tried, {len(self.missed)} missed, {len(self.violations)} violations"


def total(walked: Iterable[Figures]) -> Figures:
    both = Figures()
    for figures in walked:
        both.tried += figures.tried
        both.missed += figures.missed
        both.violations += figures.violations
    return both


# points

# Until the mark that a change is settled has been written, in seconds.
LINGER = 3


def _what(call: str, rest: str) -> str | None:
    """The outcome that a call is about, in words that are the same each time; None: it writes to neither store nor kernel."""
    if call in ("sendmsg", "sendto"):
        if BUS.search(rest):
            return "bus"
        found = WRITE.search(f"{call}({rest}")
        return found and re.sub(r'IPVS[^"]*"', "IPVS ", found[1])
    descriptor = DESCRIPTOR.match(rest)
    names = re.findall(r'"([^"]*)"', rest) if call.endswith(("at", "at2")) else []
    path = " ".join([descriptor[2] if descriptor and descriptor[1] else "", *names]).strip()
    if not re.search(r"/var/lib/lvsd|/proc/sys/", path) or (call == "openat" and not re.search("O_WRONLY|O_RDWR|O_CREAT", rest)):
        return None
    return path


def points(trace: str) -> list[Point]:
    """All that write to the store, the kernel, or the bus, in order."""
    counts: dict[tuple[str, str, str], int] = {}
    found = []
    for thread, name, call, rest in ENTRY.findall(trace):
        descriptor, file = DESCRIPTOR.match(rest), re.search(r'"([^"]*)"', rest)
        target = descriptor[1] if descriptor and call.startswith("send") else descriptor[2] if descriptor else ""
        if file and call.endswith(("at", "at2")):
            target = file[1]  # not its folder, whose files several threads may make
        place = (thread, call, target)
        counts[place] = counts.get(place, 0) + 1
        what = _what(call, rest)
        if what and target:
            same = sum((point.thread, point.call, point.what) == (name, call, what) for point in found)
            found.append(Point(name, call, target, counts[place], what, same))
    return found


def _thinned(found: list[Point]) -> list[Point]:
    """Of messages on the bus in a row only the first and the last."""
    return [point for before, point, after in zip([None, *found], found, [*found[1:], None], strict=False)
            if not all(one and one.what == "bus" for one in (before, point, after))]


# rounds

class Walk:
    """One kind of change on a machine, on which lvsd.service does not run meanwhile."""

    def __init__(self, machine: Machine, kind: Kind, pristine: dict):
        self.machine, self.kind, self.pristine = machine, kind, pristine
        dry = _ask(machine, "dry", {"name": kind.name, "prepare": kind.prepare, "act": kind.act, "linger": LINGER}, 900)
        assert dry["status"] == 0, f"{kind.name}: {dry['said']}"
        self.before, self.after = dry["before"], dry["after"]
        assert (self.before == self.after) == kind.passes, f"{kind.name}: {_difference(self.before, self.after)}"
        self.points = _thinned(points(dry["trace"]))
        assert self.silent, dry["trace"]

    @property
    def silent(self) -> list[Point]:
        """Those that do not tell others of it. The bus is not where a call may fail: that is its end, and lvsd's."""
        return [point for point in self.points if point.what != "bus"]

    def go(self, chosen: list[Point], fault: str) -> Figures:
        """Let each of these go wrong, `signal=KILL` or `error=EIO`, each in a round of its own."""
        figures = Figures(len(chosen))
        for _ in range(TRIES):
            results, reports = self._strike(chosen, fault)
            figures.violations += [f"{self.kind.name}, {fault}: {report}" for report in reports]
            figures.violations += [problem for point, result in results for problem in self._problems(point, result, fault)]
            chosen = [_found_again(point, result) for point, result in results if not _was_struck(point, result, fault)]
            if not chosen:
                break
        figures.missed = [f"{self.kind.name}, {fault}: {point}" for point in chosen]
        return figures

    def _strike(self, chosen: list[Point], fault: str) -> tuple[list[tuple[Point, dict]], list[str]]:
        """What became of each, and the reports of sanitizers."""
        job = {"name": self.kind.name, "act": self.kind.act,
               "points": [{"call": point.call, "target": point.target, "nth": point.nth, "fault": fault} for point in chosen]}
        hit = _ask(self.machine, "hit", job, 60 + 30 * len(chosen))
        return list(zip(chosen, hit["rounds"], strict=True)), hit["reports"]

    def _problems(self, point: Point, result: dict, fault: str) -> Iterator[str]:
        """What does not keep the promises."""
        where = f"{self.kind.name}, {fault} at {point}, exit status {result['status']} {result['said'].strip()}"
        kill, live, found = "KILL" in fault, result.get("live"), result["found"]
        if not kill and not live:
            yield f"{where}: lvsd did not live"
        allowed = [self.after] if result["status"] == 0 else [self.before, self.after] if kill else [self.before]
        for name, state in (("live", live), ("after a start", found)):
            if state and state not in allowed:
                yield f"{where}: {name}: {_difference(allowed[-1], state)}"
        if result["left"] != self.pristine:
            yield f"{where}: of ours stays behind: {_difference(self.pristine, result['left'])}"


def _made(point: Point, trace: str) -> list[tuple[int, bool]]:
    """For each such call in a round's trace: the number that strace had for it, and whether it was the point itself."""
    counts: dict[str, int] = {}
    made, which = [], 0
    for thread, name, call, rest in ENTRY.findall(trace):
        counts[thread] = counts.get(thread, 0) + 1
        same = (name, _what(call, rest)) == (point.thread, point.what)
        # How many messages on the bus it takes is a matter of time, and each is as good.
        made.append((counts[thread], same and (point.what == "bus" or which == point.which)))
        which += same
    return made


def _was_struck(point: Point, result: dict, fault: str) -> bool:
    """Whether the call that was meant went wrong: of each thread the nth does, and the first death is the last."""
    struck = [meant for number, meant in _made(point, result["trace"]) if number == point.nth]
    return any(struck[:1]) and not result["alive"] if "KILL" in fault else any(struck) and "INJECTED" in result["trace"]


def _found_again(point: Point, result: dict) -> Point:
    """Where it came this time: lvsd had looked at the kernel by itself, or another thread did it. If that does not show, it is later."""
    numbers = [number for number, meant in _made(point, result["trace"]) if meant]
    return replace(point, nth=numbers[-1] if numbers and numbers[-1] != point.nth else point.nth + 1)


def _difference(expected: dict, found: dict) -> str:
    def lines(value: object) -> list[str]:
        return json.dumps(value, indent=0, sort_keys=True).replace("\\n", "\n").splitlines()
    old, new = lines(expected), lines(found)
    return "\n".join([*(f"- {line}" for line in old if line not in new), *(f"+ {line}" for line in new if line not in old)])


def _ask(machine: Machine, what: str, job: dict, seconds: float = 300):
    return machine.run(f"python3 -B {FOLDER}/victim.py {what}", stdin=json.dumps(job), seconds=seconds).json


def begin(machine: Machine) -> dict:
    """What the machine is like without any lvsd; lvsd.service does not run from now on."""
    for name in ("victim.py", "kernel_rules.py"):
        machine.write(f"{FOLDER}/{name}", (HERE / name).read_text())
    return _ask(machine, "begin", {})


def end(machine: Machine) -> None:
    _ask(machine, "end", {})
