"""Runs in a machine, in namespaces of its own: measures one subject from the start to the end, and prints what it found
as one line of JSON, times in microseconds."""
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bench_workload import PORT, Workload  # noqa: E402

HERE = Path("/run/bench")
STATE = Path("/var/lib/lvsd/bench")
BUS = HERE / "bus"
CHANGES = 200
MANY = 1000
WATCH_SECONDS = 0.3
QUIET = 0.9
ENOUGH = 600


def clock() -> int:
    return time.monotonic_ns() // 1000


def run(*command: str | Path) -> str:
    """Its output; it has to succeed."""
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def timed(*command: str | Path, stdin: Path | None = None) -> int:
    """How long it takes from its start to its end; its output goes to a file in memory."""
    with open(stdin or "/dev/null", "rb") as given, (HERE / "output").open("wb") as output:
        started = clock()
        done = subprocess.run([str(word) for word in command], stdin=given, stdout=output, stderr=subprocess.PIPE, check=False)
        taken = clock() - started
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.returncode}: {done.stderr.decode()}")
    return taken


def limit(verb: str, *numbers: int) -> float:
    return float(run(HERE / "limit", verb, *map(str, numbers)))


def numbers(text: str) -> list[float]:
    return [float(line) for line in text.split()]


def settle() -> None:
    """Until nothing works in the background any more: what the last session left is cleared away by the kernel later."""
    def idle() -> list[int]:
        fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
        return [fields[3], sum(fields)]

    deadline = time.monotonic() + ENOUGH
    while time.monotonic() < deadline:
        before = idle()
        time.sleep(WATCH_SECONDS)
        idled, passed = (after - first for after, first in zip(idle(), before, strict=True))
        if passed and idled >= QUIET * passed:
            return
    raise RuntimeError("the machine does not come to rest")


class Daemon:
    """lvsd on a bus of its own, its state on the machine's disk."""

    def __init__(self, *, fresh: bool = False, debug: bool = False, under: tuple[str, ...] = ()):
        if fresh:
            shutil.rmtree(STATE, ignore_errors=True)
            STATE.mkdir(mode=0o700)
        self.ready = 0
        self.log = HERE / "lvsd.log"
        environment = {**os.environ, "NOTIFY_SOCKET": str(HERE / "notify"), **({"G_MESSAGES_DEBUG": "all"} if debug else {})}
        (HERE / "notify").unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify, self.log.open("wb") as log:
            notify.bind(str(HERE / "notify"))
            notify.settimeout(ENOUGH)
            started = clock()
            self.process = subprocess.Popen([*under, "lvsd", "--state-directory", str(STATE)], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env=environment)
            while b"READY=1" not in notify.recv(4096):
                pass
            self.ready = clock() - started

    def memory(self) -> int:
        """Resident bytes, once it rests."""
        settle()
        return 1024 * int(re.search(r"VmRSS:\s*(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())[1])

    def worked(self) -> float:
        """Processor time so far, in microseconds; that of the scheduler's own clock (see clock_getcpuclockid(3))."""
        return time.clock_gettime(~self.process.pid << 3 | 2) * 1e6

    def programming(self) -> int:
        """How long the last change that is in the log kept the kernel."""
        return int(re.findall(r"(\d+) µs in the kernel", self.log.read_text())[-1])

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(ENOUGH)


def start_bus() -> None:
    BUS.unlink(missing_ok=True)
    subprocess.Popen(["dbus-daemon", f"--config-file={HERE}/bus.conf", "--nofork"], stdin=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while not BUS.exists():
        if time.monotonic() > deadline:
            raise RuntimeError("dbus-daemon does not start")
        time.sleep(0.01)


def with_other_weight(text: str, weight: int) -> str:
    """An export with one weight changed."""
    before, found, after = text.rpartition("weight=")
    if not found:
        raise RuntimeError("the export names no weight")
    return f"{before}weight={weight}\n" + after.partition("\n")[2]


def reapply(weight: int) -> int:
    """Apply what there is with one weight changed."""
    (HERE / "export").write_text(with_other_weight(run("lvsctl", "export"), weight))
    settle()
    return timed("lvsctl", "--quiet", "apply", HERE / "export")


def messages(action) -> int:
    """How many messages that change IPVS pass while this is done."""
    run("ip", "link", "add", "nlmon0", "type", "nlmon")
    run("ip", "link", "set", "nlmon0", "up")
    with subprocess.Popen([HERE / "overhear", "nlmon0"], stdout=subprocess.PIPE, text=True) as ear:
        ear.stdout.readline()
        action()
        ear.send_signal(signal.SIGTERM)
        count = int(ear.communicate()[0])
    run("ip", "link", "delete", "nlmon0")
    return count


# the subjects

def measure_limit(work: Workload) -> dict:
    found = {"program": limit("program", work.services, work.destinations)}
    settle()
    found["dump"] = limit("dump", work.services, work.destinations)
    found["change"] = limit("change", work.services, work.destinations, CHANGES)
    if work.services * work.destinations >= MANY:
        found["many"] = limit("set", work.services, work.destinations, MANY)
    return found


def measure_listing(work: Workload) -> dict:
    """ipvsadm's, of a table that is filled in a faster way than its own."""
    limit("program", work.services, work.destinations)
    settle()
    return {"list": timed("ipvsadm", "-Ln")}


def measure_ipvsadm(work: Workload) -> dict:
    (HERE / "rules").write_text(work.ipvsadm())
    settle()
    found = {"program": timed("ipvsadm", "-R", stdin=HERE / "rules")}
    settle()
    found["list"] = timed("ipvsadm", "-Ln")
    service, destination = work.last
    found["change"] = statistics.median(
        timed("ipvsadm", "-e", "-t", f"{service}:{PORT}", "-r", f"{destination}:{PORT}", "-g", "-w", str(weight))
        for weight in range(2, 22))
    return found


def start_keepalived(work: Workload) -> tuple[subprocess.Popen, int]:
    """As a service that has nothing to check starts; how long until the last weight is there."""
    (HERE / "keepalived.conf").write_text(work.keepalived())
    settle()
    with subprocess.Popen([HERE / "limit", "await", str(work.services), str(work.destinations), "1"],
                          stdout=subprocess.PIPE, text=True) as there:
        started = clock()
        keepalived = subprocess.Popen(["keepalived", "--dont-fork", "--check", "--log-console",
                                       "--use-file", str(HERE / "keepalived.conf")],
                                      stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return keepalived, int(there.communicate(timeout=ENOUGH)[0]) - started


def measure_keepalived(work: Workload) -> dict:
    keepalived, taken = start_keepalived(work)
    (HERE / "keepalived.conf").write_text(work.keepalived(last_weight=7))
    settle()
    with subprocess.Popen([HERE / "limit", "await", str(work.services), str(work.destinations), "7"],
                          stdout=subprocess.PIPE, text=True) as there:
        time.sleep(0.1)  # it is asking by now
        started = clock()
        keepalived.send_signal(signal.SIGHUP)
        return {"program": taken, "reload": int(there.communicate(timeout=ENOUGH)[0]) - started}


def measure_lvsd(work: Workload) -> dict:
    (HERE / "rules").write_text(work.ipvsadm())
    start_bus()
    settle()
    daemon = Daemon(fresh=True, debug=True)
    settle()
    found = {"import": timed("lvsctl", "--quiet", "import", HERE / "rules")}
    found["program"] = daemon.programming()
    limit("dump", work.services, work.destinations)
    settle()
    found["list"] = timed("lvsctl", "list")
    found["change"] = statistics.median(numbers(run(HERE / "weigh", "one", str(work.services), str(work.destinations),
                                                    str(CHANGES))))
    if work.services >= MANY:
        settle()
        found["many"] = numbers(run(HERE / "weigh", "many", str(MANY), str(work.destinations), "77"))[0]
    found["reapply"] = reapply(78)
    settle()
    daemon.stop()
    settle()
    daemon = Daemon()
    found["start-right"] = daemon.ready
    limit("dump", work.services, work.destinations)
    daemon.stop()
    return found


def measure_restore(work: Workload) -> dict:
    """What the session before has left on the disk, into an empty kernel."""
    start_bus()
    settle()
    daemon = Daemon()
    limit("dump", work.services, work.destinations)
    return {"start-empty": daemon.ready}


SUBJECTS = {"limit": measure_limit, "ipvsadm": measure_ipvsadm, "listing": measure_listing, "keepalived": measure_keepalived, "lvsd": measure_lvsd,
            "restore": measure_restore}


def main() -> None:
    subject, services, destinations = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    run("ip", "link", "set", "lo", "up")  # without it the kernel refuses destinations
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={BUS}"
    settle()
    print(json.dumps(SUBJECTS[subject](Workload(services, destinations))))


if __name__ == "__main__":
    main()
