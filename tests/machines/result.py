"""What came of a command in a machine, and the ways in which things in the lab go wrong."""
import json
import re
from dataclasses import dataclass

REPORT = re.compile(rb"==\d+== \S|: runtime error: |ERROR: (Address|Leak)Sanitizer")


def has_report(printed: bytes) -> bool:
    """Whether memcheck or a sanitizer has found something in the program that printed this."""
    return REPORT.search(printed) is not None


class LabError(Exception):
    """Something in the lab did not go as it must; the text says what, for a person."""


class MachineDied(LabError):
    """The machine's process ended, or it does not answer any more."""


@dataclass(frozen=True)
class Result:
    """A command's exit status and what it printed, both streams apart."""
    machine: str
    command: str
    status: int
    stdout_bytes: bytes
    stderr_bytes: bytes
    timed_out: bool = False

    @property
    def stdout(self) -> str:
        return self.stdout_bytes.decode(errors="replace")

    @property
    def stderr(self) -> str:
        return self.stderr_bytes.decode(errors="replace")

    @property
    def output(self) -> str:
        """Everything printed: standard output, then standard error."""
        return self.stdout + self.stderr

    @property
    def lines(self) -> list[str]:
        return self.stdout.splitlines()

    @property
    def json(self):
        return json.loads(self.stdout)

    def __str__(self) -> str:
        ending = "ran out of time" if self.timed_out else f"exit status {self.status}"
        return f"{self.machine}$ {self.command}\n{self.output.rstrip()}\n({ending})"


class CommandFailed(LabError):
    """A command that had to succeed did not."""

    def __init__(self, result: Result, why: str = "failed"):
        super().__init__(f"a command on {result.machine} {why}:\n{result}")
        self.result = result
