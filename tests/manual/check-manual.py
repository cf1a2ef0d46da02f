#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks that lvsctl(1) has all that lvsctl's help shows, and the daemons' pages all that theirs shows.

check-manual.py LVSCTL EXIT-STATUS.H DAEMON... PAGE...
"""
import os
import re
import subprocess
import sys
from pathlib import Path

ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}

# Sections with options of verbs of several sections.
FOR_SEVERAL = ("LISTINGS", "DRY RUNS")


def run(*command: str) -> str:
    return subprocess.run(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True, encoding="utf-8", check=True).stdout


def entries(text: str, title: str) -> list[str]:
    """The terms at the left of a list in a help text, such as "-q, --quiet" or "show SERVICE"."""
    block = re.search(rf"^{re.escape(title)}[^\n]*\n((?:  [^\n]*\n)+)", text, re.MULTILINE)
    lines = block[1].splitlines() if block else []
    return [re.split(r"  +", line.strip())[0] for line in lines if not line.startswith("   ")]


def synonyms(text: str) -> set[str]:
    return {word for line in re.findall(r"' may also be written: (.*)", text) for word in line.split()}


class Page:
    """A page as read: without fonts, each section a text of its own."""

    def __init__(self, path: Path) -> None:
        roff = path.read_text(encoding="utf-8")
        plain = re.sub(r"\\f[BIRP]|\\&", "", roff).replace("\\-", "-").replace("\\e", "\\")
        parts = re.split(r"^\.SH (.*)\n", plain, flags=re.MULTILINE)
        self.sections = dict(zip(parts[1::2], parts[2::2]))
        self.text = plain

    def terms(self, section: str) -> list[str]:
        """What stands before an indented text."""
        return re.findall(r"^(.*)\n\.RS 4$", self.sections.get(section, ""), re.MULTILINE)

    def section_of(self, term: str) -> str | None:
        """The section that explains it, also where more follows on the line."""
        return next((name for name in self.sections
                     if any(have == term or have.startswith(term + " ") for have in self.terms(name))), None)


class Check:
    def __init__(self, lvsctl: str, page: Page) -> None:
        self.lvsctl = lvsctl
        self.page = page
        self.missing: list[str] = []
        self.n_checked = 0

    def expect(self, there: bool, what: str) -> None:
        self.n_checked += 1
        if not there:
            self.missing.append(what)

    def options(self, terms: list[str], section: str | None, where: str) -> None:
        have = [term for name in self.page.sections if section in (None, name) or name in FOR_SEVERAL
                for term in self.page.terms(name)]
        for term in terms:
            self.expect(term in have, f"{where}: option {term}")

    def words(self, words: set[str], where: str) -> None:
        for word in words:
            self.expect(re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", self.page.text) is not None,
                        f"{where}: {word}")

    def verb(self, noun: str, usage: str) -> None:
        whole = f"{noun} {usage}".strip()
        command = [*noun.split(), usage.split()[0]]
        text = run(self.lvsctl, *command, "--help")
        section = self.page.section_of(whole)
        self.expect(section is not None, f"lvsctl {whole}")
        self.options(entries(text, "Options:"), section, whole)
        self.options(entries(text, "A service may also be written"), None, whole)
        self.options(entries(text, "Global options:"), "GLOBAL OPTIONS", whole)
        self.words(synonyms(text), f"synonym of {' '.join(command)}")
        if command[-1] in ("add", "start"):
            self.members(entries(text, "Options:"))

    def members(self, terms: list[str]) -> None:
        """JSON has every field of an item, by the name of its option."""
        for term in terms:
            name = re.sub(r"^--(\[no-\])?", "", term.split()[0]).replace("-", "_")
            self.expect(re.search(rf"(?<![\w-]){name}(?![\w-])", self.page.sections.get("JSON", "")) is not None,
                        f"JSON member {name}")

    def verbs(self) -> None:
        overview = run(self.lvsctl, "--help")
        self.options(entries(overview, "Global options:"), "GLOBAL OPTIONS", "lvsctl")
        for usage in entries(overview, "Verbs by themselves"):
            self.verb("", usage)
        for noun in entries(overview, "Nouns:"):
            text = run(self.lvsctl, noun, "--help")
            usages = entries(text, "Verbs:")
            self.expect(bool(usages), f"verbs in the help of {noun}")
            self.words(synonyms(text), f"synonym of {noun}")
            for usage in usages:
                self.verb(noun, usage)

    def exit_statuses(self, header: Path) -> None:
        numbers = re.findall(r"^\s*LVSCTL_EXIT_\w+ = (\d+)", header.read_text(encoding="utf-8"), re.MULTILINE)
        self.expect(bool(numbers), f"exit statuses in {header}")
        for number in numbers:
            self.expect(number in self.page.terms("EXIT STATUS"), f"exit status {number}")


def lacking(daemon: str, page: Page) -> list[str]:
    """Options of a daemon that its page does not explain."""
    options = re.findall(r"^  (?:-\w, )?(--[\w-]+)", run(daemon, "--help"), re.MULTILINE)
    assert options, f"options in the help of {daemon}"
    return [option for option in options if option != "--help"
            and not any(re.search(rf"{option}(?![\w-])", term) for term in page.terms("OPTIONS"))]


def main() -> int:
    lvsctl, header, *others = sys.argv[1:]
    pages = {Path(page).name: Page(Path(page)) for page in others if re.search(r"\.[1-8]$", page)}
    check = Check(lvsctl, pages["lvsctl.1"])
    check.verbs()
    check.exit_statuses(Path(header))
    wrong = [f"lvsctl(1) lacks {what}" for what in dict.fromkeys(check.missing)]
    for daemon in (other for other in others if not re.search(r"\.[1-8]$", other)):
        name = Path(daemon).name
        wrong += [f"{name}(8) lacks {option}" for option in lacking(daemon, pages[f"{name}.8"])]
    print(*wrong, f"{check.n_checked} things looked up, {len(wrong)} wrong", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
