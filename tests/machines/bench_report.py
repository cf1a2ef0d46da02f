"""docs/benchmarks.md: what was measured, where, and how to do it again."""
import datetime
from collections.abc import Iterable
from pathlib import Path

from .bench_rows import Figures, Line, Row, growths, lines

HEAD = """\
# Benchmarks

Written by `tests/lab bench`, all but “Where the time goes”, which it keeps. Everything ran in one machine (a User Mode Linux guest that is kept
on one processor), each measurement in a fresh network namespace, lvsd's state on ext4 on a disk of its own. **Read ratios, not
milliseconds**: in such a guest a system call costs a hundred times what it costs on metal, and starting a program ten times.

*Limit* is a small program of ours (`tests/bench/limit.c`) that sends the kernel the same messages, 256 to a system call, and
does nothing else.
"""
TABLE = "| work | ours | goal | beside | ratio | limit (ours ÷ limit) | met |\n|---|---|---|---|---|---|---|"
GROWTH = "| from 1,000 to 10,000 services | grows | goal | ours | limit grows | met |\n|---|---|---|---|---|---|"


def _met(line: Line) -> str:
    return "yes" if line.met else "**no**"


def table(found: Iterable[Line]) -> str:
    rows = [f"| {line.work} | {line.ours} | {line.goal} | {line.beside} | {line.ratio} | {line.limit} | {_met(line)} |" for line in found]
    return "\n".join([TABLE, *rows])


def growth_table(found: Iterable[Line]) -> str:
    rows = [f"| {line.work} | {line.ours} | {line.goal} | {line.beside} | {line.limit} | {_met(line)} |" for line in found]
    return "\n".join([GROWTH, *rows])


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown"


def write(path: Path, rows: list[Row], figures: Figures, facts: dict[str, str], command: str, pictures: list[str], notes: str) -> None:
    """The whole page; notes is what people wrote on it."""
    today = datetime.date.today().isoformat()
    parts = [HEAD, "\n".join(f"- {name}: {value}" for name, value in {"date": today, **facts}.items()),
             f"- again: `sudo {command}`\n", table(lines(rows, figures))]
    found = list(growths(figures))
    if found:
        parts += ["\n## Growth\n", growth_table(found)]
    if pictures:
        parts += ["\n## Pictures\n", *pictures]
    path.write_text("\n".join(parts) + "\n" + (f"\n{notes}" if notes else ""))
