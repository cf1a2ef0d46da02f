"""An lvsd that is struck at a system call, over and over; runs in a machine, with a job on standard input.

It starts lvsd itself, as lvsd.service does but for the sandbox: systemd would need longer for one start than a whole
round takes. A round begins with the very store and kernel that the dry pass began with, so that file names, numbers
and the order of calls are the same."""
import contextlib
import ctypes
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import kernel_rules

STORE, PLACE = Path("/var/lib/lvsd"), Path("/run/walk")
CAPABILITIES = "+net_admin,+net_raw,+net_bind_service"
DAEMON = ["setpriv", "--reuid=lvsd", "--regid=lvsd", "--clear-groups", "--no-new-privs", f"--inh-caps={CAPABILITIES}",
          f"--ambient-caps={CAPABILITIES}", f"--bounding-set=-all,{CAPABILITIES}", "lvsd"]
SETTINGS = ("net/ipv4/conf/*/arp_*", "net/ipv4/conf/*/rp_filter", "net/ipv4/conf/*/send_redirects", "net/ipv4/ip_forward",
            "net/ipv4/vs/*")
REPORTS = PLACE / "reports"
# What a sanitizer finds in lvsd or lvsctl is kept there; a critical message of GLib ends them.
CHECKS = {"UBSAN_OPTIONS": f"print_stacktrace=1:log_path={REPORTS}/of", "G_DEBUG": "fatal-criticals"}
CALLS = "openat,write,pwrite64,fdatasync,fsync,renameat,renameat2,unlinkat,linkat,ftruncate,sendmsg,sendto"


def run(*command: str) -> subprocess.CompletedProcess:
    """An exec is dear in these machines: no shell where it can do without."""
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=800,
                          check=False)


def shell(command: str) -> subprocess.CompletedProcess:
    return run("/bin/sh", "-c", command)


def until(condition, seconds: float) -> bool:
    """Whether it became true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


# the kernel

def settings() -> dict[str, str]:
    return {str(file): file.read_text().strip() for pattern in SETTINGS for file in Path("/proc/sys").glob(pattern)}


def addresses() -> list[str]:
    """Without what only counts down or passes."""
    listing = run("ip", "-oneline", "address").stdout
    return sorted(re.sub(r"\\.*|dynamic |tentative ", "", line) for line in listing.splitlines())


def kernel() -> dict:
    """All that lvsd may change there."""
    return {"rules": kernel_rules.read(), "addresses": addresses(), "settings": settings()}


def put_back(pristine: dict) -> None:
    """The kernel as it was before any lvsd ran."""
    extra = [line.split() for line in addresses() if line not in pristine["addresses"]]
    for words in extra:
        run("ip", "address", "delete", words[3], "dev", words[1])
    rules = kernel_rules.read()
    if rules["services"]:
        run("ipvsadm", "-C")
    if rules["timeouts"] != pristine["rules"]["timeouts"]:
        run("ipvsadm", "--set", "900", "120", "300")
    for path, value in settings().items():
        if value != pristine["settings"][path]:
            Path(path).write_text(pristine["settings"][path])


# the daemon

class Daemon:
    def __init__(self) -> None:
        """Started, and ready as it tells systemd."""
        path = "/run/walk/notify"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify, (PLACE / "log").open("ab") as log:
            notify.bind(path)
            os.chmod(path, 0o777)
            notify.settimeout(60)
            self.process = subprocess.Popen(DAEMON, env={**os.environ, "NOTIFY_SOCKET": path}, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
            while b"READY=1" not in notify.recv(4096):
                pass

    def calm_down(self) -> None:
        """Until it has looked at what its start has brought about, so that the next it does is asked for."""
        status, seen, now = Path(f"/proc/{self.process.pid}/status"), "", "none"
        while now != seen:
            time.sleep(0.1)
            seen, now = now, "".join(re.findall("ctxt_switches:.*", status.read_text()))

    def alive(self) -> bool:
        return self.process.poll() is None

    def end(self, number: int) -> None:
        if self.alive():
            self.process.send_signal(number)
        self.process.wait(30)


def keep(source: Path, copy: Path) -> None:
    """A copy of everything, with its owners."""
    copy.mkdir(exist_ok=True)
    for file in copy.iterdir():
        file.unlink()
    for file in source.iterdir():
        shutil.copy2(file, copy)
        shutil.chown(copy / file.name, "lvsd", "lvsd")


def state() -> dict:
    """What lvsd says and what the kernel holds."""
    status = json.loads(run("lvsctl", "--json", "status").stdout or "{}")
    return {"desired": run("lvsctl", "export").stdout, "kernel": kernel(), "state": status.get("state", "silent"),
            "problems": sorted(problem["problem"] for problem in status.get("problems", ()))}


class Strace:
    """On a running daemon, until it ends or stop() is called."""

    def __init__(self, daemon: Daemon, *options: str):
        self.path = PLACE / "trace"
        self.path.write_bytes(b"")
        self.process = subprocess.Popen(
            ["strace", "-f", "-Y", "-y", "-x", "-s", "96", "-o", self.path, *options, "-p", str(daemon.process.pid)],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        said = self.process.stderr.readline()
        if "attached" not in said:
            raise RuntimeError(f"strace: {said}{self.process.stderr.read()}")

    def output(self) -> str:
        return self.path.read_text(errors="replace")

    def stop(self) -> str:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGINT)
        self.process.communicate()
        return self.output()


# what can be asked for

def begin(_: dict) -> dict:
    """Once: what the machine is like without any lvsd."""
    shutil.rmtree(PLACE, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    REPORTS.chmod(0o777)
    shell("systemctl mask --runtime --now lvsd; modprobe ip_vs")
    pristine = kernel()
    (PLACE / "pristine").write_text(json.dumps(pristine))
    return pristine


def prepare(job: dict) -> dict:
    """Bring about the state before, from nothing, and keep it under the job's name."""
    pristine = json.loads((PLACE / "pristine").read_text())
    put_back(pristine)
    for file in STORE.iterdir():
        if file.is_file():
            file.unlink()
    daemon = Daemon()
    for command in job["prepare"]:
        done = shell(command)
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stderr}")
    daemon.end(signal.SIGTERM)
    keep(STORE, PLACE / job["name"])
    return {}


def again(name: str) -> Daemon:
    """A daemon on the state before."""
    put_back(json.loads((PLACE / "pristine").read_text()))
    keep(PLACE / name, STORE)
    daemon = Daemon()
    run("lvsctl", "list")  # so that its sockets to the kernel are open, whatever it had to do at its start
    daemon.calm_down()
    return daemon


def dry(job: dict) -> dict:
    """The state before and after, and all calls from the one to the other."""
    prepare(job)
    daemon = again(job["name"])
    before = state()
    daemon.end(signal.SIGKILL)
    daemon = again(job["name"])
    strace = Strace(daemon, "-e", f"trace={CALLS}")
    done = shell(job["act"])
    time.sleep(job["linger"])
    trace = strace.stop()
    after = state()
    daemon.end(signal.SIGKILL)
    return {"status": done.returncode, "said": done.stderr, "before": before, "after": after, "trace": trace}


def strike(name: str, act: str, point: dict) -> dict:
    """One round: what became of the call, the daemon and the state, and of the state after another start."""
    daemon = again(name)
    target = point["target"]
    if target.isdigit():
        target = os.readlink(f"/proc/{daemon.process.pid}/fd/{target}")
    call = point["call"]
    strace = Strace(daemon, "-P", target, "-e", f"trace={call}", "-e", f"inject={call}:{point['fault']}:when={point['nth']}")
    done = shell(act)
    until(lambda: not daemon.alive() or "INJECTED" in strace.output(), 3)
    result = {"status": done.returncode, "said": done.stderr, "trace": strace.stop(), "alive": daemon.alive()}
    if daemon.alive():
        result["live"] = state()
    daemon.end(signal.SIGKILL)
    daemon = Daemon()
    result["found"] = state()
    if run("lvsctl", "--force", "clear").returncode:
        shell("lvsctl confirm && lvsctl --force clear")
    result["left"] = kernel()
    daemon.end(signal.SIGKILL)
    return result


def hit(job: dict) -> dict:
    rounds = [strike(job["name"], job["act"], point) for point in job["points"]]
    reports = list(REPORTS.iterdir())
    said = [file.read_text(errors="replace") for file in reports]
    for file in reports:
        file.unlink()
    return {"rounds": rounds, "reports": said}


def end(_: dict) -> dict:
    """The machine as others expect it."""
    put_back(json.loads((PLACE / "pristine").read_text()))
    for file in STORE.iterdir():
        file.unlink()
    shell("systemctl unmask --runtime lvsd; systemctl reset-failed lvsd; systemctl start lvsd")
    return {}


if __name__ == "__main__":
    os.environ |= CHECKS
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: not to outlive the test
    print(json.dumps({"begin": begin, "dry": dry, "hit": hit, "end": end}[sys.argv[1]](json.load(sys.stdin))))
