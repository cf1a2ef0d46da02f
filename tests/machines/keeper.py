"""Nothing may outlive the lab, even if the lab itself is killed: a small process waits for its end and clears up."""
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = r"""
import os, shutil, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
groups = set()
for line in sys.stdin:
    word, _, number = line.partition(" ")
    (groups.add if word == "watch" else groups.discard)(int(number))
for group in groups:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass
shutil.rmtree(sys.argv[1], ignore_errors=True)
"""


class Keeper:
    """Knows the process groups that run; when its standard input closes, which the end of the lab does by whatever
    cause, it kills those left and removes the lab's folder."""

    def __init__(self, folder: Path):
        self._process = subprocess.Popen([sys.executable, "-I", "-c", PROGRAM, str(folder)], stdin=subprocess.PIPE,
                                         stdout=subprocess.DEVNULL, start_new_session=True)

    def watch(self, group: int) -> None:
        self._say(f"watch {group}\n")

    def forget(self, group: int) -> None:
        self._say(f"forget {group}\n")

    def _say(self, line: str) -> None:
        os.write(self._process.stdin.fileno(), line.encode())

    def close(self) -> None:
        """Clear up now."""
        self._process.stdin.close()
        self._process.wait()
