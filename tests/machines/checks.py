"""Everything there is to check, in the order of what fails soonest, and one line with the sum at the end."""
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import fuzzing, lints
from .project import CHECKED, FUZZ, LEAKS, PLAIN, RELEASE, SANITIZED, SOURCE, Build
from .result import LabError

# What pytest ends with when nothing was chosen.
NO_TESTS = 5
KINDS = ("unit", "lint", "system", "fuzz")
SKIPS = SOURCE / "tests" / "skips.txt"
# One scenario from end to end, every member of the bus, what is refused, and what is applied whole. Memcheck makes
# the daemon so slow that those which count seconds fail under it for that alone.
MEMCHECKED = ("test_tutorial.py", "test_bus.py", "test_bad_input.py", "test_transactions.py")


@dataclass
class Tally:
    """What passed and what did not. A skipped test failed, unless tests/skips.txt lists its reason."""
    passed: int = 0
    failed: int = 0

    def count(self, ok: bool) -> None:
        self.passed += ok
        self.failed += not ok

    def add_report(self, report: Path, exit_status: int, say) -> None:
        """Count a JUnit report; a program that fails without a failed test in its report is a failure too."""
        failed_before = self.failed
        if report.exists():
            for case in xml.parse(report).iter("testcase"):
                self._add_case(case, say)
        if exit_status and self.failed == failed_before:
            say(f"FAILED: exit status {exit_status} without a failed test in {report}")
            self.failed += 1

    def _add_case(self, case: xml.Element, say) -> None:
        name = f"{case.get('classname')} {case.get('name')}"
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            say(f"FAILED: {name}")
            self.failed += 1
        elif skipped is not None and skipped.get("message", "") not in accepted_skips():
            say(f"FAILED: {name} was skipped: {skipped.get('message')}")
            self.failed += 1
        elif skipped is None:
            self.passed += 1


def accepted_skips() -> list[str]:
    """Reasons for which a test may be skipped."""
    lines = SKIPS.read_text().splitlines() if SKIPS.exists() else []
    return [line for line in lines if line and not line.startswith("#")]


class Checks:
    def __init__(self, everything: bool, expression: str | None, plain: bool, only: set[str]):
        self.everything, self.expression, self.plain, self.only = everything, expression, plain, only
        self.tally = Tally()
        self.started = time.monotonic()

    def say(self, text: str) -> None:
        print(f"[{time.monotonic() - self.started:5.0f} s] {text}", flush=True)

    def run(self) -> int:
        built = self._build()
        if built and "unit" in self.only:
            self._unit()
        # Machines wait a good deal of the time; the lints and a little fuzzing use what they leave.
        with ThreadPoolExecutor(1) as beside:
            others = [beside.submit(self._lint)] if "lint" in self.only else []
            if "fuzz" in self.only and not self.everything:
                others.append(beside.submit(self._fuzz, fuzzing.SHORT, 1))
            if built and "system" in self.only:
                self._system()
            for other in others:
                other.result()
        if "fuzz" in self.only and self.everything:
            self._fuzz(fuzzing.LONG, os.cpu_count() or 1)
        self.say("Done")
        print(f"{self.tally.passed} passed, {self.tally.failed} failed")
        return 1 if self.tally.failed or not self.tally.passed else 0

    def _builds(self) -> list[Build]:
        """Those that what is to be checked needs."""
        builds = [PLAIN] if self.only & {"unit", "lint"} else []
        builds += [SANITIZED] if "unit" in self.only else []
        builds += [RELEASE if self.plain else CHECKED] if "system" in self.only else []
        return builds

    def _build(self) -> bool:
        self.say("Building")
        try:
            for build in self._builds():
                build.make(self.say)
        except LabError as problem:
            self.say(f"FAILED: {problem}")
            self.tally.failed += 1
            return False
        return True

    def _unit(self) -> None:
        for build in (PLAIN, SANITIZED):
            self.say(f"Unit tests of build/{build.name}")
            report = build.folder / "meson-logs" / "testlog.junit.xml"
            report.unlink(missing_ok=True)
            status = self._stream(["meson", "test", "-C", str(build.folder), "--print-errorlogs", "--no-rebuild"],
                                  UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1",
                                  LSAN_OPTIONS=f"suppressions={LEAKS}:print_suppressions=0")
            self.tally.add_report(report, status, self.say)

    def _lint(self) -> None:
        for name, lint in (lints.LINTS | (lints.LONG_LINTS if self.everything else {})).items():
            self.say(f"Lint: {name}")
            said = lint()
            if said:
                self.say(f"FAILED: {name}\n{said}")
            self.tally.count(said is None)

    def _fuzz(self, seconds: int, at_once: int) -> None:
        self.say(f"Fuzzing, {seconds} s each")
        try:
            FUZZ.make(self.say)
        except LabError as problem:
            self.say(f"FAILED: {problem}")
            self.tally.failed += 1
            return
        for outcome, ok in fuzzing.fuzz_all(seconds, at_once):
            self.say(outcome if ok else f"FAILED: {outcome}")
            self.tally.count(ok)

    def _system(self) -> None:
        tests = SOURCE / "tests" / "system"
        self._machines("the machines", "system", [str(tests)] if self.everything else [str(tests), "-m", "not long"])
        if self.everything and not self.plain and not self.expression:
            self._machines("the machines, with the daemon under memcheck", "memcheck",
                           [*(str(tests / name) for name in MEMCHECKED), "--memcheck", "-m", "not long"])

    def _machines(self, where: str, name: str, chosen: list[str]) -> None:
        self.say(f"System tests on {where}")
        report = SOURCE / "build" / f"{name}.junit.xml"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-c", str(SOURCE / "tests/system/pytest.ini"),
                   f"--rootdir={SOURCE / 'tests/system'}", f"--junitxml={report}",
                   f"--build={'plain' if self.plain else 'checked'}", "--numprocesses=2", "--dist=loadgroup", *chosen]
        if self.expression:
            command += ["-k", self.expression]
        status = self._stream(command)
        if status == NO_TESTS:
            self.say(f"FAILED: no test of these has a name that matches -k {self.expression!r}; long ones need --all")
            self.tally.failed += 1
        else:
            self.tally.add_report(report, status, self.say)

    @staticmethod
    def _stream(command: list[str], **environment: str) -> int:
        """Run with its output going straight to ours."""
        sys.stdout.flush()
        return subprocess.run(command, cwd=SOURCE, stdin=subprocess.DEVNULL, check=False,
                              env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment}).returncode
