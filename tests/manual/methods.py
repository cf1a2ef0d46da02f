#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The table of lvsd(8) that says who may call which method; made of the dispatch table and the roles of the tests.

methods.py SOURCE [--write]
"""
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from machines import roles  # noqa: E402

PAGE = "data/lvsd.8.scd"
BEGIN = "; The table that follows is written by tests/manual/methods.py."
END = "; Here it ends."


def actions(source: Path) -> dict[str, str]:
    """The action of each method, without its prefix; empty: everybody may."""
    defined = dict(re.findall(r'#define (LVSD_ACTION_\w+) "org\.lvsd1\.([\w-]+)"',
                              (source / "src/auth/actions.h").read_text(encoding="utf-8")))
    names = dict(re.findall(r'#define LVSD_INTERFACE_(\w+) "org\.lvsd1\.(\w+)"',
                            (source / "dbus/names.h").read_text(encoding="utf-8")))
    rows = re.findall(r'^  \{ (MANAGER|SERVICE|DESTINATION|ADDRESS|ROLE), "(\w+)",\s+(\w+),',
                      (source / "src/bus/dispatch.c").read_text(encoding="utf-8"), re.MULTILINE)
    return {f"{names[interface]}.{method}": defined.get(action, "") for interface, method, action in rows}


def table(source: Path) -> str:
    rows = [roles.HEAD, *(roles.row(method, action) for method, action in actions(source).items())]
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(cells, widths)).rstrip() for cells in rows]
    return "\n".join(["```", *lines, "```"]) + "\n"


def main() -> int:
    source = Path(sys.argv[1])
    page = source / PAGE
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN + "\n")
    _, end, after = rest.partition(END)
    if not begin or not end:
        print(f"{PAGE} has no place for the table")
        return 1
    current = before + begin + "\n" + table(source) + "\n" + end + after
    if "--write" in sys.argv:
        page.write_text(current, encoding="utf-8")
    elif current != page.read_text(encoding="utf-8"):
        print(f"{PAGE} is not current; run tests/manual/methods.py . --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
