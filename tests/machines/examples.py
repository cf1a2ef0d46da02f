"""The examples of the manual pages and the README, taken from their texts as they stand there."""
import re
from dataclasses import dataclass
from pathlib import Path

from .project import SOURCE

FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^    .*\n(?:\n(?=    ))?)+", re.MULTILINE)
SPAN = re.compile(r"`(lvsctl [^`]+)`")


@dataclass(frozen=True)
class Place:
    """Where an example stands: the page, the heading over it, and which one there it is, from 0."""
    page: str
    heading: str
    number: int = 0

    def __str__(self) -> str:
        return f"{self.page}, {self.heading}, {self.number}"


def pages() -> list[Path]:
    return sorted([*SOURCE.glob("data/*.scd"), *SOURCE.glob("data/*.scd.in"), SOURCE / "README.md"])


def translations() -> list[Path]:
    """Of README.md, whose examples they have."""
    return sorted(SOURCE.glob("README.*.md"))


def of_page(path: Path) -> dict[Place, str]:
    """Every literal block; in a README also what the second column of a table has as commands, as one block."""
    name = re.sub(r"\.scd(\.in)?$", "", path.name)
    parts = re.split(r"^#+ (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {}
    for heading, text in zip(parts[1::2], parts[2::2]):
        if name.startswith("README"):
            rows = [line.split("|")[2] for line in text.splitlines() if line.startswith("|")]
            spans = [span for row in rows for span in SPAN.findall(row)]
            blocks = (["\n".join(spans) + "\n"] if spans else []) + INDENTED.findall(text)
        else:
            blocks = FENCED.findall(text)
        found |= {Place(name, heading, number): re.sub(r"^    ", "", block, flags=re.MULTILINE) if name.startswith("README") else block
                  for number, block in enumerate(blocks)}
    return found


def every() -> dict[Place, str]:
    return {place: text for path in pages() for place, text in of_page(path).items()}


def commands(text: str) -> list[tuple[str, str]]:
    """(prompt or "", command) of each command of a block; what goes on in the next line is one command."""
    lines = [line for line in re.sub(r"\\\n\s*", "", text).splitlines() if line.strip() and not line.startswith("#")]
    return [(match[1] or "", match[2].strip()) for match in (re.match(r"(?:(\w+)\$ )?(.*)", line) for line in lines)]
