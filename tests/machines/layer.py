"""The files that make a machine this machine: laid over the host's root before its systemd starts."""
import re
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
UNITS = "etc/systemd/system"
SYSTEM_UNITS = "/lib/systemd/system"

# Everything else that Debian or the host would start stays out: this is what a small server cannot do without.
WANTED = {
    "sysinit.target": ["systemd-journald.service", "systemd-modules-load.service", "systemd-sysctl.service",
                       "systemd-sysusers.service", "systemd-tmpfiles-setup.service"],
    "multi-user.target": ["dbus.service"],
}

AGENT_UNIT = """\
[Unit]
Description=The lab's hand in this machine
DefaultDependencies=no
After=systemd-journald.socket
[Service]
ExecStart=/usr/bin/python3 -I /usr/lib/lab/agent
KillMode=process
OOMScoreAdjust=-900
"""

WEB_UNIT = """\
[Unit]
Description=A web server that says which machine it is
[Service]
ExecStart=/usr/bin/python3 -I /usr/lib/lab/web
"""

JOURNALD = """\
[Journal]
Storage=volatile
RateLimitBurst=0
ForwardToConsole=no
"""

# Tests put rules into place and take them away faster than anybody else.
POLKIT = """\
[Unit]
StartLimitIntervalSec=0
"""

# The daemon under memcheck. (Not the address sanitizer: its shadow does not fit into the 39 bits of addresses that a
# process has in these machines.)
MEMCHECK = """\
[Service]
ExecStart=
ExecStart=/usr/bin/valgrind --quiet --vgdb=no --num-callers=30 --suppressions=/usr/lib/lab/memcheck.supp \\
    --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite {command}
Environment=G_SLICE=always-malloc UBSAN_OPTIONS=print_stacktrace=1
SystemCallFilter=@debug
MemoryDenyWriteExecute=no
LimitAS=infinity
MemoryMax=infinity
TimeoutStartSec=180
"""


class Layer:
    """A tree of files to be copied over the root, owned by root, as the machine will see it."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir()

    def write(self, path: str, text: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def copy(self, source: Path, path: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)

    def enable(self, unit: str, target: str = "multi-user.target", at: str = SYSTEM_UNITS) -> None:
        """What `systemctl enable` does."""
        wants = self.folder / UNITS / f"{target}.wants"
        wants.mkdir(parents=True, exist_ok=True)
        (wants / unit).unlink(missing_ok=True)
        (wants / unit).symlink_to(f"{at}/{unit}")

    def disable(self, unit: str, target: str = "multi-user.target") -> None:
        (self.folder / UNITS / f"{target}.wants" / unit).unlink(missing_ok=True)

    def unit(self, name: str, text: str, target: str = "multi-user.target") -> None:
        """A unit of the lab's own, enabled."""
        self.write(f"{UNITS}/{name}", text)
        self.enable(name, target, at=f"/{UNITS}")

    def furnish(self, name: str, machine_id: str, hosts: str, network: str) -> None:
        """What every machine has."""
        self.write("etc/hostname", f"{name}\n")
        self.write("etc/machine-id", f"{machine_id}\n")
        self.write("etc/hosts", hosts)
        self.write("etc/resolv.conf", "")
        self.write("etc/sysctl.d/50-lab.conf", "kernel.core_pattern = /var/crash/%e.%p\n")
        (self.folder / "var/crash").mkdir(parents=True)
        (self.folder / "var/crash").chmod(0o1777)
        self.write("etc/systemd/journald.conf.d/lab.conf", JOURNALD)
        self.write(f"{UNITS}/polkit.service.d/lab.conf", POLKIT)
        self.write("usr/lib/lab/network", network)
        self.copy(HERE / "agent", "usr/lib/lab/agent")
        for helper in ("caller", "typist", "repeater"):
            self.copy(HERE / helper, f"usr/lib/lab/{helper}")
        (self.folder / "usr/lib/lab/exchange").mkdir()
        for target, units in WANTED.items():
            for unit in units:
                self.enable(unit, target)
        self.unit("agent.service", AGENT_UNIT, "sysinit.target")

    def serve_web(self) -> None:
        self.copy(HERE / "web", "usr/lib/lab/web")
        self.unit("web.service", WEB_UNIT)

    def check_memory(self, unit: Path, suppressions: Path) -> None:
        """From the next boot on, the installed lvsd.service runs its daemon under memcheck."""
        command = re.search(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)[1]
        self.copy(suppressions, "usr/lib/lab/memcheck.supp")
        self.write(f"{UNITS}/lvsd.service.d/memcheck.conf", MEMCHECK.format(command=command))
