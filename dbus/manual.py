#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes org.lvsd1(5), for scdoc: a frame, and in it what the comments of the interfaces' XML say of each member.

manual.py FRAME INTERFACE.xml...

A member or an argument that is not documented, and a comment that does not fit what it stands before, are errors.
"""
import re
import sys
import textwrap
import xml.etree.ElementTree as ElementTree
from pathlib import Path

PLACE = "; The interfaces come here.\n"
WIDTH = 98
TITLES = {"property": "Properties", "method": "Methods", "signal": "Signals"}


class Mistake(Exception):
    """What is wrong with a comment, for whoever wrote it."""


class Comment:
    """NAME: brief, then @ARGUMENT: and its text each, then paragraphs about the whole."""

    def __init__(self, text: str) -> None:
        head, _, rest = textwrap.dedent(text).strip().partition(":")
        self.name = head.strip()
        self.arguments: dict[str, str] = {}
        about: list[str] = []
        for paragraph in re.split(r"\n\s*\n", rest.strip()):
            parts = re.split(r"^\s*@(\w+):", paragraph, flags=re.MULTILINE)
            if parts[0].strip():
                about.append(parts[0])
            self.arguments.update(zip(parts[1::2], parts[2::2]))
        self.paragraphs = [" ".join(paragraph.split()) for paragraph in about]


class Interface:
    """The interface of a file, each of its members with the comment that stands before it."""

    def __init__(self, path: Path) -> None:
        builder = ElementTree.TreeBuilder(insert_comments=True)
        node = ElementTree.fromstring(path.read_bytes(), ElementTree.XMLParser(target=builder))
        self.element = node.find("interface")
        self.name = self.element.get("name")
        self.about = self._commented(node, "interface")[0][1]
        self.members = {tag: self._commented(self.element, tag) for tag in ("property", "method", "signal")}

    def _commented(self, parent: ElementTree.Element, tag: str) -> list[tuple[ElementTree.Element, Comment]]:
        found = []
        before = None
        for element in parent:
            if element.tag == tag:
                comment = Comment(before.text if before is not None and before.tag is ElementTree.Comment else "")
                if comment.name != element.get("name"):
                    raise Mistake(f"{self.name}: no comment of {element.get('name')} stands before it")
                found.append((element, comment))
            before = element
        return found


def prose(text: str, indent: int = 0) -> str:
    """A paragraph that scdoc takes for plain text."""
    plain = re.sub(r"[\\*]|(?<!\w)_|_(?!\w)", r"\\\g<0>", " ".join(text.split()))
    lines = textwrap.wrap(plain, WIDTH - 8 * indent, break_on_hyphens=False, break_long_words=False)
    return "".join("\t" * indent + re.sub(r"^[-.#|;[\]]", r"\\\g<0>", line) + "\n" for line in lines)


def signature(arguments: list[ElementTree.Element]) -> str:
    return ", ".join(f"{argument.get('type')} _{argument.get('name')}_" for argument in arguments)


def described(interface: str, comment: Comment, arguments: list[ElementTree.Element]) -> str:
    """The paragraphs about a member, and a list of its arguments."""
    if not comment.paragraphs:
        raise Mistake(f"{interface}.{comment.name} is not described")
    text = "\n".join(prose(paragraph, 1) for paragraph in comment.paragraphs)
    for argument in arguments:
        name = argument.get("name")
        if name not in comment.arguments:
            raise Mistake(f"{interface}.{comment.name}: @{name} is not documented")
        text += f"\n\t_{name}_\n" + prose(comment.arguments.pop(name), 2)
    if comment.arguments:
        raise Mistake(f"{interface}.{comment.name} has no {', '.join(comment.arguments)}")
    return text


def head(element: ElementTree.Element) -> str:
    """The line a member's text stands below."""
    name, arguments = f"*{element.get('name')}*", element.findall("arg")
    if element.tag == "property":
        return f"{name} ({element.get('type')})"
    out = [argument for argument in arguments if argument.get("direction") == "out"]
    other = [argument for argument in arguments if argument not in out]
    return f"{name} ({signature(other)})" + (f" → ({signature(out)})" if out else "")


def section(path: Path) -> str:
    """Everything about one interface."""
    interface = Interface(path)
    brief = interface.about.arguments.get("short_description")
    if not brief:
        raise Mistake(f"{interface.name} has no @short_description")
    blocks = [f"# INTERFACE {interface.name}\n", prose(f"{brief.strip()}."), *map(prose, interface.about.paragraphs)]
    for tag, title in TITLES.items():
        if interface.members[tag]:
            blocks.append(f"## {title}\n")
        for element, comment in interface.members[tag]:
            blocks.append(f"{head(element)}\n{described(interface.name, comment, element.findall('arg'))}")
    return "\n".join(blocks)


def main() -> int:
    frame, *interfaces = map(Path, sys.argv[1:])
    before, place, after = frame.read_text(encoding="utf-8").partition(PLACE)
    if not place:
        raise Mistake(f"{frame} has no place for the interfaces")
    sys.stdout.reconfigure(encoding="utf-8")
    print(before + "\n".join(map(section, interfaces)) + after, end="")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Mistake as mistake:
        sys.exit(f"{Path(sys.argv[0]).name}: {mistake}")
