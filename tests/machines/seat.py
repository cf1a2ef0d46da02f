"""One machine as the seat from which root reaches others over ssh, with a real sshd and a key."""
from collections.abc import Iterable

from .machine import Machine

KEY = "/etc/ssh/lab_seat"
CLIENT = f"""\
IdentityFile {KEY}
StrictHostKeyChecking no
UserKnownHostsFile /dev/null
LogLevel ERROR
BatchMode yes
"""
SERVER = """\
HostKey /etc/ssh/lab_host
AuthorizedKeysFile /etc/ssh/lab_known
PermitRootLogin prohibit-password
StrictModes no
UsePAM yes
PidFile /run/lab-sshd.pid
"""


def sit_down(seat: Machine, others: Iterable[Machine]) -> None:
    """From now on `ssh root@OTHER` works there; where it did already nothing is done."""
    if seat.try_run(f"test -e {KEY}").status == 0:
        return
    seat.write("/etc/ssh/ssh_config.d/lab.conf", CLIENT)
    seat.run(f"ssh-keygen -q -t ed25519 -N '' -f {KEY}")
    for other in others:
        other.write("/etc/ssh/lab_known", seat.read(f"{KEY}.pub"))
        other.write("/etc/ssh/lab_sshd", SERVER)
        other.run("[ -e /etc/ssh/lab_host ] || ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/lab_host; mkdir -p /run/sshd; "
                  "/usr/sbin/sshd -f /etc/ssh/lab_sshd")
        seat.eventually(f"ssh root@{other.name} true", 30, f"sshd on {other.name}")
