"""The project: built in several ways, each installed into a folder of its own to be laid over a machine's root."""
import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .result import LabError

SOURCE = Path(__file__).resolve().parent.parent.parent
LEAKS = SOURCE / "tests" / "leaks.supp"
MEMCHECK = SOURCE / "tests" / "memcheck.supp"
CLAIM = SOURCE / "build" / "lab.lock"
PLACES = ["--prefix=/usr", "--sysconfdir=/etc", "--localstatedir=/var"]


@dataclass
class Build:
    """One way to build: its folder is build/NAME, its installed copy build/stage-NAME."""
    name: str
    options: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return SOURCE / "build" / self.name

    @property
    def stage(self) -> Path:
        return SOURCE / "build" / f"stage-{self.name}"

    def make(self, say=print) -> None:
        """Configure (once) and compile, one after the other where two processes of a test want it."""
        started = time.monotonic()
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lab.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.folder / "build.ninja").exists():
                run_quietly(["meson", "setup", *PLACES, *self.options, str(self.folder), str(SOURCE)],
                    **self.environment)
            run_quietly(["ninja", "-C", str(self.folder)])
        say(f"Built build/{self.name} in {time.monotonic() - started:.0f} s")

    def install(self) -> Path:
        """Compile what has changed and install it afresh into the stage; the stage."""
        shutil.rmtree(self.stage, ignore_errors=True)
        run_quietly(["meson", "install", "-C", str(self.folder), "--quiet"], DESTDIR=str(self.stage))
        _merge_usr(self.stage)
        return self.stage


STRICT = ["-Dbuildtype=debugoptimized", "-Dwerror=true"]
# What a user installs: for the demonstration and the shell.
RELEASE = Build("release", ["-Dbuildtype=release", "-Dtests="])
PLAIN = Build("plain", STRICT)
# For the unit tests, on this host.
SANITIZED = Build("sanitized", [*STRICT, "-Db_sanitize=address,undefined", "-Db_lundef=false"])
# For the machines; with --all under memcheck, instead of the address sanitizer.
CHECKED = Build("checked", [*STRICT, "-Dtests=kernel", "-Db_sanitize=undefined", "-Db_lundef=false"])
# What a user installs, with the programs that it is measured by.
BENCH = Build("bench", ["-Dbuildtype=release", "-Dtests=bench"])
# For libFuzzer, which is clang's.
FUZZ = Build("fuzz", ["-Dbuildtype=debug", "-Doptimization=1", "-Dfuzz=true", "-Dtests=", "-Db_lundef=false"], {"CC": "clang"})
# For the test that a power cut does lose what was not synced.
UNSYNCED = Build("unsynced", [*STRICT, "-Dtests=", "-Dtest_skip_sync=true"])


@contextmanager
def claimed() -> Iterator[None]:
    """Nobody else builds here meanwhile: two labs in one clone would take the stage away from each other's machines."""
    CLAIM.parent.mkdir(exist_ok=True)
    with CLAIM.open("w") as claim:
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LabError("another tests/lab is at work in this clone; wait until it has ended, or begin in another clone") from None
        yield


def run_quietly(command: list[str], folder: Path = SOURCE, **environment: str) -> None:
    """Quiet when all is well; everything it said when it is not."""
    done = subprocess.run(command, cwd=folder, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    if done.returncode:
        raise LabError(f"“{' '.join(command)}” failed:\n{done.stdout[-4000:]}")


def _merge_usr(stage: Path) -> None:
    """Debian's /lib is a link to /usr/lib. A folder /lib in the stage would lie over that link and hide the system."""
    for name in ("bin", "sbin", "lib"):
        if (stage / name).is_dir():
            shutil.copytree(stage / name, stage / "usr" / name, symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(stage / name)
