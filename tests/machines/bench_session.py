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
CLIENTS = 4
IDLE_SECONDS = 60
FLUSH_SECONDS = 60
WATCH_SECONDS = 0.3
GIVE_BACK_SECONDS = 6
QUIET = 0.9
ENOUGH = 200


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
        # G_SLICE as in its unit.
        environment = {**os.environ, "G_SLICE": "always-malloc", "NOTIFY_SOCKET": str(HERE / "notify"), **({"G_MESSAGES_DEBUG": "all"} if debug else {})}
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
        """Resident bytes, once it rests and has given back what a large call took (src/bus/memory.c)."""
        settle()
        time.sleep(GIVE_BACK_SECONDS)
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


def start_with(work: Workload, under: tuple[str, ...] = ()) -> Daemon:
    """A new bus and a new lvsd that has the workload."""
    (HERE / "rules").write_text(work.ipvsadm())
    start_bus()
    daemon = Daemon(fresh=True, under=under)
    run("lvsctl", "--quiet", "import", HERE / "rules")
    return daemon


def with_other_weight(text: str, weight: int) -> str:
    """An export with one weight changed."""
    before, found, after = text.rpartition("weight=")
    if not found:
        raise RuntimeError("the export names no weight")
    return f"{before}weight={weight}\n" + after.partition("\n")[2]


def prepare_reapply(weight: int) -> None:
    """Write down what there is, with one weight changed."""
    (HERE / "export").write_text(with_other_weight(run("lvsctl", "export"), weight))
    settle()


def apply_export() -> int:
    return timed("lvsctl", "--quiet", "apply", HERE / "export")


def reapply(weight: int) -> int:
    """How long it takes to apply what there is with one weight changed."""
    prepare_reapply(weight)
    return apply_export()


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


def await_weight(work: Workload, weight: int, action) -> int:
    """From the action until the last destination of the workload has this weight in the kernel."""
    with subprocess.Popen([HERE / "limit", "await", str(work.services), str(work.destinations), str(weight)],
                          stdout=subprocess.PIPE, text=True) as there:
        time.sleep(0.1)  # it is asking by now
        started = clock()
        action()
        return int(there.communicate()[0]) - started


def measure_keepalived(work: Workload) -> dict:
    """As one that has nothing to check starts, and reads its file anew."""
    file = HERE / "keepalived.conf"
    file.write_text(work.keepalived())
    for left in Path("/run").glob("keepalived*.pid"):
        left.unlink()  # it would take the number for that of another one
    started: list[subprocess.Popen] = []
    settle()
    taken = await_weight(work, 1, lambda: started.append(subprocess.Popen(
        ["keepalived", "--dont-fork", "--check", "--log-console", f"--use-file={file}"], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)))
    limit("dump", work.services, work.destinations)
    file.write_text(work.keepalived(last_weight=7))
    settle()
    return {"program": taken, "reload": await_weight(work, 7, lambda: started[0].send_signal(signal.SIGHUP))}


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
    """What the session before has left on the disk, into an empty kernel; then once more, by a kernel that has it all."""
    start_bus()
    settle()
    daemon = Daemon()
    limit("dump", work.services, work.destinations)
    found = {"start-empty": daemon.ready}
    daemon.stop()
    return {**found, "writes": messages(Daemon)}


def measure_messages(work: Workload) -> dict:
    """One weight changed in an apply of everything; then again, after three times as many services were deleted."""
    start_with(work)
    prepare_reapply(78)
    found = {"reapply": messages(apply_export)}
    (HERE / "kept").write_text(run("lvsctl", "export"))
    (HERE / "rules").write_text(Workload(3 * work.services, work.destinations, first=work.services).ipvsadm())
    run("lvsctl", "--quiet", "import", HERE / "rules")
    run("lvsctl", "--quiet", "--force", "apply", "--replace", HERE / "kept")
    limit("dump", work.services, work.destinations)
    found["deleted-time"] = reapply(79)
    prepare_reapply(80)
    return {**found, "deleted-reapply": messages(apply_export)}


def measure_memory(work: Workload) -> dict:
    start_bus()
    daemon = Daemon(fresh=True)
    empty = daemon.memory()
    (HERE / "rules").write_text(work.ipvsadm())
    run("lvsctl", "--quiet", "import", HERE / "rules")
    full = daemon.memory()
    run("lvsctl", "--quiet", "--force", "clear")
    return {"empty": empty, "full": full, "each": (full - empty) / (work.services * work.destinations), "cleared": daemon.memory()}


def count_syncs(work: Workload, *options: str) -> int:
    """How often the disk is waited for while several clients make so many single changes at once."""
    syncs = HERE / "syncs"
    start_with(work, under=("strace", "--seccomp-bpf", "-f", "-qq", "-e", "trace=fdatasync,fsync", *options, "-o", str(syncs)))
    settle()
    before = len(syncs.read_text().splitlines())
    each = MANY // CLIENTS
    clients = [subprocess.Popen([HERE / "weigh", "one", str(work.services), str(work.destinations), str(each), str(first)],
                                stdout=subprocess.DEVNULL) for first in range(0, MANY, each)]
    if any(client.wait(ENOUGH) for client in clients):
        raise RuntimeError("a client could not change a weight")
    settle()
    return len(syncs.read_text().splitlines()) - before


def measure_clients(work: Workload) -> dict:
    return {"syncs": count_syncs(work), "changes": MANY}


def measure_slow_clients(work: Workload) -> dict:
    """On a disk that takes 40 ms, as one of 4 ms would be where calls are not ten times as slow as on metal."""
    return {"syncs": count_syncs(work, "-e", "inject=fdatasync:delay_exit=40000"), "changes": MANY}


def measure_disturbed(work: Workload) -> dict:
    """How long changes of the weights of a few services take, alone, and while everything else is imported."""
    few = Workload(10, work.destinations)
    start_with(few)
    settle()
    alone = numbers(run(HERE / "weigh", "one", str(few.services), str(few.destinations), "500"))
    (HERE / "rules").write_text(Workload(work.services, work.destinations, first=few.services).ipvsadm())
    (HERE / "done").unlink(missing_ok=True)
    settle()
    with subprocess.Popen([HERE / "weigh", "until", str(few.services), str(few.destinations), HERE / "done"],
                          stdout=subprocess.PIPE, text=True) as weigh:
        weigh.stdout.readline()
        taken = timed("lvsctl", "--quiet", "import", HERE / "rules")
        (HERE / "done").touch()
        disturbed = numbers(weigh.communicate(timeout=ENOUGH)[0])
    return {"alone": percentile(alone), "disturbed": percentile(disturbed), "worst": max(disturbed), "calls": len(disturbed),
            "import": taken}


def percentile(values: list[float], share: float = 0.99) -> float:
    """That below which this share of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure_idle(work: Workload) -> dict:
    """What lvsd uses of the processor while nobody asks, in per cent; and until a flushed table is whole again."""
    daemon = start_with(work)
    daemon.memory()  # once it has written its checkpoint, and rests
    before, began = daemon.worked(), clock()
    time.sleep(IDLE_SECONDS)
    share = 100 * (daemon.worked() - before) / (clock() - began)
    run("ipvsadm", "-C")
    began = clock()
    while True:
        try:
            limit("dump", work.services, work.destinations)
            return {"share": share, "back": clock() - began}
        except RuntimeError:
            if clock() - began > FLUSH_SECONDS * 1e6:
                return {"share": share, "back": clock() - began}
            time.sleep(0.5)


def measure_connections(connections: Workload) -> dict:
    """The first thousand of very many; a workload's services stand for connections."""
    for command in ("ip link add dummy0 type dummy", "ip link set dummy0 up", "ip address add 10.200.0.1/32 dev dummy0",
                    "ip route add 10.0.0.0/8 dev dummy0"):
        run(*command.split())
    start_bus()
    Daemon(fresh=True)
    run("lvsctl", "service", "add", "dns", "udp/10.1.0.1:53", "--scheduler", "rr")
    run("lvsctl", "destination", "add", "dns", "10.64.0.1")
    run("ipvsadm", "--set", "0", "0", "7200")
    run(HERE / "flood", str(connections.services))
    settle()
    found = {"first": timed("lvsctl", "--no-pager", "connections", "--limit", "1000"),
             "first-rows": len((HERE / "output").read_text().splitlines())}
    settle()
    found["ipvsadm"] = timed("ipvsadm", "-lcn")
    found["all-rows"] = len((HERE / "output").read_text().splitlines())
    return found


SUBJECTS = {"limit": measure_limit, "ipvsadm": measure_ipvsadm, "listing": measure_listing, "keepalived": measure_keepalived,
            "lvsd": measure_lvsd, "restore": measure_restore, "messages": measure_messages, "memory": measure_memory,
            "clients": measure_clients, "slow-clients": measure_slow_clients, "disturbed": measure_disturbed,
            "connections": measure_connections, "idle": measure_idle}


def main() -> None:
    subject, services, destinations = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    run("ip", "link", "set", "lo", "up")  # without it the kernel refuses destinations
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={BUS}"
    settle()
    print(json.dumps(SUBJECTS[subject](Workload(services, destinations))))


if __name__ == "__main__":
    main()
