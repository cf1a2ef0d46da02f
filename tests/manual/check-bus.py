#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks that org.lvsd1(5) has every member that the daemon shows on the bus, every option it takes and every error.

check-bus.py SOURCE PAGE...
"""
import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

OWN = "org.lvsd1."
# Which method takes the fields of an item as options.
TAKES = {"service": "VirtualService.Edit", "destination": "Destination.Edit", "virtual-address": "VirtualAddress.Edit",
         "role": "RealServerRole.Edit", "sync-daemon": "Manager.StartSync"}
ADDS = {"VirtualService.Edit": "Manager.AddService", "Destination.Edit": "VirtualService.AddDestinations",
        "VirtualAddress.Edit": "Manager.AddAddress", "RealServerRole.Edit": "Manager.AddRole"}


class Page:
    """The page without fonts: what stands below each member, by the member's line."""

    def __init__(self, path: Path) -> None:
        roff = path.read_text(encoding="utf-8")
        self.text = re.sub(r"\\f[BIRP]|\\&", "", roff).replace("\\-", "-").replace("\\(dq", '"').replace("\\e", "\\")
        self.members: dict[str, str] = {}
        for name, body in re.findall(r"^\.SH INTERFACE (\S+)\n(.*?)(?=^\.SH )", self.text, re.MULTILINE | re.DOTALL):
            depth = 0
            member = ""
            lines = body.splitlines()
            for line, following in zip(lines, [*lines[1:], ""]):
                if depth == 0 and following == ".RS 4":
                    member = f"{name.removeprefix(OWN)}.{line}"
                    self.members[member] = ""
                depth += (line == ".RS 4") - (line == ".RE")
                if depth:
                    self.members[member] += line + "\n"

    def member(self, name: str) -> str | None:
        """What stands below the method of this name."""
        return next((text for line, text in self.members.items() if line.startswith(f"{name} (")), None)


def heads(interface: xml.Element) -> dict[str, list[str]]:
    """The line of each member as the page has to have it, and its arguments."""
    short = interface.get("name").removeprefix(OWN)
    found = {f"{short}.{member.get('name')} ({member.get('type')})": [] for member in interface.findall("property")}
    for member in [*interface.findall("method"), *interface.findall("signal")]:
        arguments = member.findall("arg")
        out = [argument for argument in arguments if argument.get("direction") == "out"]
        into = [argument for argument in arguments if argument not in out]
        shown = [", ".join(f"{argument.get('type')} {argument.get('name')}" for argument in some) for some in (into, out)]
        line = f"{short}.{member.get('name')} ({shown[0]})" + (f" → ({shown[1]})" if out else "")
        found[line] = [argument.get("name") for argument in arguments]
    return found


def fields(source: Path, item: str) -> list[tuple[str, bool]]:
    """The options of an item, and of each whether it is given only when the item is added."""
    text = (source / "src/model" / f"{item}.c").read_text(encoding="utf-8")
    rows = re.findall(r'^  \{ "([\w-]+)", LVSD_FIELD_(.*?) \},?$', text, re.MULTILINE | re.DOTALL)
    return [(name, "LVSD_FIELD_FIXED" in row) for name, row in rows if "LVSD_FIELD_INTERNAL" not in row]


def lacking(source: Path, page: Page) -> tuple[int, list[str]]:
    """How many things were looked up, and those that are not there."""
    wanted: dict[str, bool] = {}
    shown = list((source / "tests/system/introspection").glob("*.xml"))
    for node in shown:
        for interface in xml.parse(node).findall("interface"):
            if interface.get("name").startswith(OWN):
                for line, arguments in heads(interface).items():
                    text = page.members.get(line)
                    wanted[line] = text is not None
                    wanted |= {f"{line}: {name}": f"\n{name}\n.RS 4\n" in (text or "") for name in arguments}
    for item, method in TAKES.items():
        rows = fields(source, item)
        wanted[f"the fields of {item}"] = bool(rows)
        for name, fixed in rows:
            added = f'"{name}"' in (page.member(ADDS.get(method, method)) or "")
            wanted[f"{method}: option {name}"] = added or not fixed and f'"{name}"' in (page.member(method) or "")
    takers = "".join(path.read_text(encoding="utf-8") for path in (source / "src/bus").glob("*.c"))
    options = set(re.findall(r'lvsd_options_take_\w+ \(\w+, "([\w-]+)"', takers))
    wanted["options that methods take"] = bool(options)
    wanted |= {f"option {name}": f'"{name}" (' in page.text or f'"{name}", ' in page.text for name in options}
    errors = re.findall(r'"(org\.[\w.]+\.Error\.\w+)"', (source / "dbus/errors.c").read_text(encoding="utf-8"))
    wanted["errors"] = bool(errors)
    wanted |= {f"error {name}": f"\n{name}\n.RS 4\n" in page.text for name in errors}
    return len(wanted), [what for what, there in wanted.items() if not there]


def main() -> int:
    source, *pages = map(Path, sys.argv[1:])
    page = next(page for page in pages if page.name == "org.lvsd1.5")
    n_checked, missing = lacking(source, Page(page))
    print(*(f"org.lvsd1(5) lacks {what}" for what in missing), f"{n_checked} things looked up", sep="\n")
    return 1 if missing or not n_checked else 0


if __name__ == "__main__":
    sys.exit(main())
