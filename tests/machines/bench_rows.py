"""What is promised: each row with its goals, and whether what was measured meets them."""
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Quantity = tuple[str, int, str]  # subject, services, what
Samples = dict[Quantity, list[float]]
Session = tuple[str, int]

TIME, COUNT, BYTES, SHARE = "time", "count", "bytes", "share"


class Figures:
    """Medians of what was measured."""

    def __init__(self, samples: Samples):
        self.samples = samples

    def __contains__(self, quantity: Quantity) -> bool:
        return bool(self.samples.get(quantity))

    def __getitem__(self, quantity: Quantity) -> float:
        return statistics.median(self.samples[quantity])


@dataclass(frozen=True)
class Goal:
    """Ours is to be at most so many times this quantity, and something more; or, without one, at most the factor."""
    factor: float
    name: str = ""
    of: Quantity | None = None
    more: Quantity | None = None
    more_name: str = ""
    more_time: float = 0  # microseconds

    @property
    def text(self) -> str:
        factor = f"1/{1 / self.factor:.0f} of " if self.factor < 1 else f"{self.factor:g} × " if self.factor > 1 else ""
        more = f" + {self.more_name}" if self.more_name else ""
        return f"≤ {factor}{self.name}{more}"

    def needs(self) -> list[Quantity]:
        return [quantity for quantity in (self.of, self.more) if quantity]

    def allowed(self, figures: Figures) -> float:
        return self.factor * figures[self.of] + (figures[self.more] if self.more else 0) + self.more_time


@dataclass(frozen=True)
class Most:
    """Ours is to be at most this."""
    most: float
    text: str

    @staticmethod
    def needs() -> list[Quantity]:
        return []

    def allowed(self, _: Figures) -> float:
        return self.most


@dataclass(frozen=True)
class Row:
    """One line of the table for each goal."""
    name: str
    work: str
    ours: Quantity
    goals: list[Goal | Most]
    unit: str = TIME
    limit: Quantity | None = None

    def quantities(self) -> list[Quantity]:
        return [self.ours, *([self.limit] if self.limit else []), *(need for goal in self.goals for need in goal.needs())]

    def sessions(self) -> set[Session]:
        return {quantity[:2] for quantity in self.quantities()}


@dataclass(frozen=True)
class Line:
    """Of the table, as text."""
    work: str
    ours: str
    goal: str
    beside: str
    ratio: str
    limit: str
    met: bool


def lines(rows: list[Row], figures: Figures) -> Iterator[Line]:
    """Of the rows for which everything was measured."""
    for row in rows:
        if all(quantity in figures for quantity in row.quantities()):
            yield from _lines(row, figures)


def _lines(row: Row, figures: Figures) -> Iterator[Line]:
    ours = figures[row.ours]
    limit = figures[row.limit] if row.limit else 0
    for goal in row.goals:
        beside = figures[goal.of] if isinstance(goal, Goal) else 0
        yield Line(row.work, show(ours, row.unit), goal.text, show(beside, row.unit) if beside else "",
                   f"{ours / beside:.2f}" if beside else "",
                   f"{show(limit, row.unit)} ({ours / limit:.1f} ×)" if limit else "", ours <= goal.allowed(figures))


def show(value: float, unit: str) -> str:
    if unit == COUNT:
        return f"{value:g}"
    if unit == SHARE:
        return f"{value:.3f} %"
    if unit == BYTES:
        return f"{value / 1e6:.1f} MB" if value >= 1e5 else f"{value:.0f} bytes"
    return f"{value / 1e6:.2f} s" if value >= 1e6 else f"{value / 1e3:.3g} ms"


def ours(services: int, what: str) -> Quantity:
    return ("lvsd", services, what)


def limit(services: int, what: str) -> Quantity:
    return ("limit", services, what)


SINGLE = Goal(1 / 5, "`ipvsadm -e`", ("ipvsadm", 1000, "change"))

SIGHUP = Goal(1, "keepalived's SIGHUP", ("keepalived", 1000, "reload"))
BESIDE = Goal(1, "that undisturbed", ("disturbed", 10000, "alone"), more_name="100 ms", more_time=100e3)

ROWS = [
    Row("import", "`lvsctl import` of 1,000 × 10 from a file, durable", ours(1000, "import"),
        [Goal(1 / 10, "`ipvsadm -R`", ("ipvsadm", 1000, "program")),
         Goal(1 / 3, "keepalived's start", ("keepalived", 1000, "program"))], limit=limit(1000, "program")),
    Row("programming", "the daemon's kernel programming in it", ours(1000, "program"),
        [Goal(2, "limit", limit(1000, "program"))], limit=limit(1000, "program")),
    Row("restore", "restore at daemon start, 10,000 × 10, empty kernel", ("restore", 10000, "start-empty"),
        [Goal(1 / 10, "keepalived's start", ("keepalived", 10000, "program"))], limit=limit(10000, "program")),
    Row("unchanged", "the same, kernel already right", ours(10000, "start-right"),
        [Goal(1.5, "limit's dump", limit(10000, "dump"))], limit=limit(10000, "dump")),
    Row("unchanged", "messages by which it then changes the kernel", ("restore", 10000, "writes"), [Most(0, "0")], COUNT),
    Row("reapply", "re-apply with one weight changed, 1,000 × 10", ours(1000, "reapply"), [SIGHUP]),
    Row("reapply", "the same, after 3,000 × 10 were deleted", ("messages", 1000, "deleted-time"), [SIGHUP]),
    Row("reapply", "messages by which it changes the kernel", ("messages", 1000, "reapply"), [Most(1, "1")], COUNT),
    Row("reapply", "the same, after 3,000 × 10 were deleted", ("messages", 1000, "deleted-reapply"), [Most(1, "1")], COUNT),
    Row("list", "`lvsctl list` with counters, 1,000 × 10", ours(1000, "list"),
        [Goal(1 / 2, "`ipvsadm -Ln`", ("ipvsadm", 1000, "list"))], limit=limit(1000, "dump")),
    Row("list", "`lvsctl list` with counters, 10,000 × 10", ours(10000, "list"),
        [Goal(1 / 2, "`ipvsadm -Ln`", ("listing", 10000, "list"))], limit=limit(10000, "dump")),
    Row("change", "one weight change over the bus, durable, at 10 services", ours(10, "change"), [SINGLE], limit=limit(10, "change")),
    Row("change", "one weight change over the bus, durable, at 10,000 services", ours(10000, "change"),
        [SINGLE, Goal(1.5, "that at 10 services", ours(10, "change"))], limit=limit(10000, "change")),
    Row("many", "1,000 weight changes in one call, at 1,000 × 10", ours(1000, "many"),
        [Goal(3, "limit", limit(1000, "many"), more=ours(1000, "change"), more_name="one change")], limit=limit(1000, "many")),
    Row("clients", "durable writes for 1,000 single changes from 4 clients at once, 40 ms each", ("slow-clients", 1000, "syncs"),
        [Goal(1 / 2, "the changes", ("clients", 1000, "changes"))], COUNT),
    Row("clients", "the same on this disk, which takes less than a call", ("clients", 1000, "syncs"),
        [Goal(1 / 2, "the changes", ("clients", 1000, "changes"))], COUNT),
    Row("memory", "daemon memory, 100,000 destinations", ("memory", 10000, "full"), [Most(60e6, "≤ 60 MB")], BYTES),
    Row("memory", "of it for each destination", ("memory", 10000, "each"), [Most(300, "≤ 300 bytes")], BYTES),
    Row("memory", "after deleting all", ("memory", 10000, "cleared"), [Goal(1.2, "that at the start", ("memory", 10000, "empty"))], BYTES),
    Row("connections", "first 1,000 of 100,000 connections", ("connections", 100000, "first"),
        [Goal(1 / 10, "`ipvsadm -lcn`", ("connections", 100000, "ipvsadm"))]),
    Row("idle", "one processor, nobody asking, 10,000 × 10", ("idle", 10000, "share"), [Most(0.2, "≤ 0.2 %")], SHARE),
    Row("idle", "until a flushed table is back, 10,000 × 10", ("idle", 10000, "back"), [Most(30e6, "≤ 30 s")]),
    Row("latency", "p99 of a weight change while 10,000 × 10 is applied", ("disturbed", 10000, "disturbed"), [BESIDE]),
    Row("latency", "the longest of them", ("disturbed", 10000, "worst"), [BESIDE]),
]

SIZES = (100, 1000, 10000)
# What ours is called, what its measure is (lvsd's session, or the restore's), and the limit's counterpart.
GROWTHS = [("import", ("lvsd", "import"), "program"), ("kernel programming", ("lvsd", "program"), "program"),
           ("restore, empty kernel", ("restore", "start-empty"), "program"),
           ("restore, kernel right", ("lvsd", "start-right"), "dump"), ("re-apply", ("lvsd", "reapply"), "change"),
           ("list", ("lvsd", "list"), "dump"), ("one change", ("lvsd", "change"), "change"),
           ("1,000 changes in one call", ("lvsd", "many"), "many")]
LINEAR = 12


def growths(figures: Figures) -> Iterator[Line]:
    """From 1,000 to 10,000 services."""
    for name, (subject, what), kernels in GROWTHS:
        pairs = [(subject, 1000, what), (subject, 10000, what), limit(1000, kernels), limit(10000, kernels)]
        if all(quantity in figures for quantity in pairs):
            small, large, kernel_small, kernel_large = (figures[quantity] for quantity in pairs)
            kernel = kernel_large / kernel_small
            yield Line(name, f"{large / small:.1f} ×", f"≤ {LINEAR} ×, or the limit's",
                       f"{show(small, TIME)} → {show(large, TIME)}", "", f"{kernel:.1f} ×", large / small <= max(LINEAR, kernel))
