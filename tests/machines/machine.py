"""One machine: a Linux kernel of its own that runs as a process here, with its lasting state on a disk file."""
import base64
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as NoAnswer
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .layer import Layer
from .line import SerialLine
from .result import CommandFailed, LabError, MachineDied, Result, has_report

HERE = Path(__file__).resolve().parent
BOOT_SECONDS = 240
COMMAND_SECONDS = 120
MEMORY = "512M"
DISK = 64 << 20


@dataclass
class Interface:
    """A network card: the name it gets at boot, the switch its cable goes to, its addresses with prefix lengths."""
    name: str
    switch: str
    mac: str
    addresses: list[str] = field(default_factory=list)

    @property
    def up(self) -> bool:
        return bool(self.addresses)


class Background:
    """A command that goes on while others run."""

    def __init__(self, machine: "Machine", command: str, pid: int, path: str):
        self.machine, self.command, self.pid, self.path = machine, command, pid, path
        self.printed: str | None = None

    def output(self) -> str:
        """What it has printed so far."""
        return self.machine.read(self.path) if self.printed is None else self.printed

    def wait_for(self, text: str, seconds: float = 60) -> None:
        """Until it has printed this."""
        self.machine.eventually(lambda: text in self.output(), seconds,
                                f"“{text}” in the output of “{self.command}”")

    def running(self) -> bool:
        """Not if it has only not been waited for, as the agent does when it is stopped."""
        return self.machine.try_run(f"grep -q '^State:.[^ZX]' /proc/{self.pid}/status").status == 0

    def stop(self, number: int = signal.SIGTERM) -> str:
        """End it; everything it has printed."""
        self.machine.ask({"do": "stop", "pid": self.pid, "signal": int(number)}, 30)
        if self in self.machine.background:
            self.machine.background.remove(self)
        if self.printed is None:
            self.printed = self.machine.read(self.path)
            self.machine.run(f"rm -- '{self.path}'")
        if has_report(self.printed.encode()):
            raise LabError(f"“{self.command}” on {self.machine.name} made a report of memcheck or a sanitizer:\n{self.printed}")
        return self.printed


class Machine:
    """See the package's network for how to make one. A machine that is not up refuses every command."""

    def __init__(self, name: str, folder: Path, interfaces: list[Interface], sockets: Path, processor: int,
                 stage: Path | None = None, systemd: bool = True, keeper=None, memory: str = MEMORY, disk: int = DISK):
        self.name, self.folder, self.interfaces, self.sockets = name, folder, interfaces, sockets
        self.processor = processor
        self.systemd = systemd
        self.keeper = keeper
        self.memory = memory
        self.environment: dict[str, str] = {}
        self.last: Result | None = None
        self.background: list[Background] = []
        self.boots = 0
        self._process: subprocess.Popen | None = None
        self._line: SerialLine | None = None
        self._started = 0
        folder.mkdir()
        self.exchange = folder / "exchange"
        self.exchange.mkdir()
        (folder / "init").write_bytes((HERE / "init").read_bytes())
        (folder / "init").chmod(0o755)
        self.layer = Layer(folder / "layer")
        self.machine_id = secrets.token_hex(16)
        self._make_disk(disk)
        self.install(stage)

    # what it is made of

    @property
    def address(self) -> str:
        """Its first address, without the prefix length."""
        return self.interfaces[0].addresses[0].split("/")[0]

    @property
    def interface(self) -> str:
        return self.interfaces[0].name

    @property
    def mac(self) -> str:
        return self.interfaces[0].mac

    @property
    def console(self) -> str:
        """What the kernel and init have said, the last of it."""
        path = self.folder / "console"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    def install(self, stage: Path | None) -> None:
        """From the next boot on, this installed project lies over the root (None: no project)."""
        link = self.folder / "stage"
        link.unlink(missing_ok=True)
        if stage:
            link.symlink_to(stage.resolve())

    def furnish(self, hosts: str) -> None:
        self.layer.furnish(self.name, self.machine_id, hosts, self._network_batch())

    def _make_disk(self, size: int) -> None:
        disk = self.folder / "disk"
        with disk.open("wb") as file:
            file.truncate(size)
        subprocess.run(["/usr/sbin/mkfs.ext4", "-q", "-F", str(disk)], check=True, stdin=subprocess.DEVNULL)

    def _network_batch(self) -> str:
        """Commands for `ip -batch`: names first, since an interface that is up keeps its name."""
        lines = ["link set lo up"]
        lines += [f"link set eth{number} name {card.name}" for number, card in enumerate(self.interfaces)
                  if card.name != f"eth{number}"]
        for card in self.interfaces:
            lines += [f"address add {address} dev {card.name}{' nodad' if ':' in address else ''}"
                      for address in card.addresses]
            if card.up:
                lines.append(f"link set {card.name} up")
        return "\n".join(lines) + "\n"

    # power

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def power_on(self) -> None:
        """Press the button; boot() waits for the machine too."""
        if self.running:
            raise LabError(f"{self.name} runs already")
        self._line = SerialLine(self.name)
        self._started = time.monotonic()
        self.boots += 1
        self.background = []
        cards = [f"eth{number}=daemon,{card.mac},unix,{self.sockets / card.switch}"
                 for number, card in enumerate(self.interfaces)]
        # A system call in the machine is a change of process here. Kept on one processor that is ten times faster
        # than with the wake-up of another processor each time.
        with (self.folder / "console").open("wb") as console:
            self._process = subprocess.Popen(
                ["taskset", "--cpu-list", str(self.processor),
                 "linux.uml", "rootfstype=hostfs", "rootflags=/", "ro", f"init={self.folder}/init", f"mem={self.memory}",
                 f"uml_dir={self.folder}", f"umid={self.name}", f"ubda={self.folder}/disk",
                 "con=null", "con0=fd:0,fd:1", "ssl=null", f"ssl1=fd:{self._line.theirs.fileno()}", *cards,
                 "quiet", "panic=-1", "noreboot",
                 f"LAB_FOLDER={self.folder}", f"LAB_SYSTEMD={'yes' if self.systemd else 'no'}"],
                stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT,
                pass_fds=[self._line.theirs.fileno()], start_new_session=True)
        if self.keeper:
            self.keeper.watch(self._process.pid)
        self._line.connected()

    def wait_until_up(self, seconds: float = BOOT_SECONDS) -> None:
        """Until the agent answers and systemd has nothing left to start."""
        deadline = self._started + seconds
        try:
            self._line.ready.result(max(0.1, deadline - time.monotonic()))
        except (NoAnswer, MachineDied) as problem:
            alive = "is still running" if self.running else f"ended ({self._process.wait()})"
            raise MachineDied(f"{self.name} did not come up within {seconds:.0f} s; its process {alive}. "
                              f"The console's last words:\n{self.console}") from problem
        if self.systemd:
            state = self.try_run("systemctl is-system-running --wait", seconds=max(1, deadline - time.monotonic()))
            if state.stdout.strip() not in ("running", "degraded"):
                raise MachineDied(f"{self.name} did not finish its boot within {seconds:.0f} s: {state}\n"
                                  + self.try_run("systemctl list-jobs --no-pager").output)

    def boot(self) -> "Machine":
        self.power_on()
        self.wait_until_up()
        return self

    def power_cut(self) -> None:
        """Pull the plug: what was not yet on the disk is lost."""
        if self._process is None:
            return
        group = self._process.pid
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()
        self._wait_for_group_end(group)
        self._line.close()
        self._process = None
        if self.keeper:
            self.keeper.forget(group)

    def _wait_for_group_end(self, group: int) -> None:
        """The kernel's helper processes hold the disk file a moment longer than the first process."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if not any(_belongs_to(group, stat) for stat in Path("/proc").glob("[0-9]*/stat")):
                return
            time.sleep(0.01)
        raise LabError(f"processes of {self.name} outlive it (process group {group})")

    def shut_down(self, seconds: float = 90) -> None:
        """An orderly end: units are stopped, file systems unmounted."""
        self.ask({"do": "start", "command": "systemctl poweroff" if self.systemd else "sync; poweroff -f -f",
                  "output": "/dev/null"}, 30)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired as problem:
            raise LabError(f"{self.name} did not shut down within {seconds:.0f} s:\n{self.console}") from problem
        self.power_cut()

    def reboot(self) -> None:
        self.shut_down()
        self.boot()

    # commands

    def ask(self, message: dict, seconds: float) -> dict:
        """One request to the agent, one answer."""
        if not self._line:
            raise MachineDied(f"{self.name} is not running")
        try:
            answer = self._line.request(message).result(seconds)
        except NoAnswer as problem:
            raise MachineDied(f"{self.name} gave no answer within {seconds:.0f} s to {message}; the console's last "
                              f"words:\n{self.console}") from problem
        if "problem" in answer:
            raise LabError(f"the agent on {self.name} could not do {message}: {answer['problem']}")
        return answer

    def try_run(self, command: str, stdin: bytes | str = b"", seconds: float = COMMAND_SECONDS,
                environment: dict[str, str] | None = None) -> Result:
        """Run a shell command; whatever came of it, also a timeout, is in the result."""
        with self._handed_over(stdin) as path:
            answer = self.ask({"do": "run", "command": command, "stdin": path, "timeout": seconds,
                               "environment": {**self.environment, **(environment or {})}}, seconds + 30)
        result = Result(self.name, command, answer["status"], self._take("stdout", answer),
                        self._take("stderr", answer), answer["timed_out"])
        self.last = result
        if has_report(result.stderr_bytes):
            raise CommandFailed(result, "made a report of memcheck or a sanitizer")
        return result

    @contextmanager
    def _handed_over(self, data: bytes | str) -> Iterator[str]:
        """The path, in the machine, of a file with this data, which is there for as long as it is asked about."""
        if not data:
            yield "/dev/null"
            return
        file = self.exchange / f"stdin-{secrets.token_hex(8)}"
        file.write_bytes(data.encode() if isinstance(data, str) else data)
        try:
            yield f"/usr/lib/lab/exchange/{file.name}"
        finally:
            file.unlink()

    def _take(self, name: str, answer: dict) -> bytes:
        """What came back under this name: in the answer itself, or in a file."""
        if name in answer:
            return base64.b64decode(answer[name])
        path = self.exchange / answer[name + "_file"]
        data = path.read_bytes()
        path.unlink()
        return data

    def run(self, command: str, stdin: bytes | str = b"", seconds: float = COMMAND_SECONDS,
            environment: dict[str, str] | None = None) -> Result:
        """Run a shell command that has to succeed."""
        result = self.try_run(command, stdin, seconds, environment)
        if result.timed_out:
            raise CommandFailed(result, f"took longer than {seconds:.0f} s")
        if result.status:
            raise CommandFailed(result)
        return result

    def start(self, command: str, environment: dict[str, str] | None = None) -> Background:
        """Run a shell command in the background, as a process group of its own."""
        path = f"/run/lab-{secrets.token_hex(4)}.out"
        answer = self.ask({"do": "start", "command": command, "output": path,
                           "environment": {**self.environment, **(environment or {})}}, 30)
        self.background.append(Background(self, command, answer["pid"], path))
        return self.background[-1]

    def eventually(self, condition: str | Callable[[], object], seconds: float = 30, what: str = "") -> object:
        """Wait until the function's value is true, or until the shell command succeeds; the value or the result."""
        deadline = time.monotonic() + seconds
        while True:
            if callable(condition):
                value = condition()
                met = bool(value)
            else:
                value = self.try_run(condition)
                met = value.status == 0
            if met:
                return value
            if time.monotonic() > deadline:
                name = what or (condition if isinstance(condition, str) else "a condition")
                raise LabError(f"{self.name}: waited {seconds:.0f} s in vain for {name}; last seen: {value}")
            time.sleep(0.2)

    # files and what happened

    def read(self, path: str) -> str:
        return self.run(f"cat -- '{path}'").stdout

    def write(self, path: str, text: bytes | str) -> None:
        self.run(f"mkdir -p -- \"$(dirname -- '{path}')\" && cat > '{path}'", stdin=text)

    def journal(self, unit: str = "lvsd", lines: int = 200) -> str:
        return self.try_run(f"journalctl --no-pager --quiet --output=short-monotonic --unit={unit} "
                            f"--lines={lines}").output


def _belongs_to(group: int, stat: Path) -> bool:
    """Whether the process of this /proc/PID/stat is of the group and more than a zombie."""
    try:
        state, _, number = stat.read_text().rpartition(")")[2].split()[:3]
    except OSError:
        return False
    return int(number) == group and state not in "ZX"
