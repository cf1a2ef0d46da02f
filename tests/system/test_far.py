"""lvsctl --host: other machines over a real sshd, and what is said where one of them cannot be reached or says no."""
import pytest

from machines.project import SOURCE
from machines.tutorial import VIP

pytestmark = pytest.mark.long

SERVERS = "-H root@node2,root@node3"
# As in README, "From one seat": at most 8, where it is 15 by hand.
COMMANDS = [
    f"lvsctl {SERVERS} role add {VIP}",
    f"lvsctl address add {VIP}/24 --interface ens33 --label ens33:2",
    f"lvsctl service add web tcp/{VIP}:80 --scheduler rr",
    "lvsctl destination add web 192.168.252.132 192.168.252.133 --method direct --weight 1",
]
SSH = "Host *\n  StrictHostKeyChecking accept-new\n  BatchMode yes\n  ConnectTimeout 20\n"


def let_in(machine, key: str, user: str = "root") -> None:
    home = machine.run(f"getent passwd {user} | cut -d: -f6").stdout.strip()
    machine.write(f"{home}/.ssh/authorized_keys", key)
    machine.run(f"chmod 700 {home} {home}/.ssh; chmod 600 {home}/.ssh/authorized_keys; chown -R {user}: {home}/.ssh")


@pytest.fixture
def seat(director, rs1, rs2, client):
    """The director, whose root the others let in, as they do with alice on the first real server."""
    director.run("test -e /root/.ssh/id_ed25519 || { mkdir -p /root/.ssh && ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519; }")
    director.write("/root/.ssh/config", SSH)
    key = director.read("/root/.ssh/id_ed25519.pub")
    rs1.run("id alice >/dev/null 2>&1 || useradd --user-group alice; mkdir -p /home/alice; chown alice: /home/alice; "
            "usermod --home /home/alice --shell /bin/sh --password '*' alice")
    daemons = []
    for machine in (rs1, rs2, client):
        let_in(machine, key)
        machine.run("mkdir -p /run/sshd && ssh-keygen -A && rm -f /run/nologin")
        daemons.append(machine.start("/usr/sbin/sshd -D -o UsePAM=no -o PermitRootLogin=yes"))
        machine.eventually("ss -Hltn 'sport = :22' | grep -q .", 30, "sshd")
    let_in(rs1, key, "alice")
    yield director
    for daemon in daemons:
        daemon.stop()
    director.run("rm -f /root/.ssh/known_hosts")


def test_readme_shows_what_is_tested():
    readme = (SOURCE / "README.md").read_text()
    assert len(COMMANDS) <= 8 and [command for command in COMMANDS if f"    {command}\n" not in readme] == []


def test_one_seat_sets_up_all_three_machines(seat, rs1, rs2, client):
    said = [seat.run(command).stdout for command in COMMANDS]
    assert said[0].splitlines() == [f"root@{name}: Added role: this machine answers for {VIP} (direct)." for name in ("node2", "node3")]
    answers = client.run(f"for i in 1 2 3 4; do curl -s --max-time 10 http://{VIP}/; done").stdout
    assert answers.count("node2") == 2 and answers.count("node3") == 2, answers
    roles = seat.run(f"lvsctl {SERVERS} --json role list")
    assert roles.stdout.count('"host" : "root@node2"') == 1 and roles.stdout.count(VIP) == 2, roles
    seat.run(f"lvsctl -q {SERVERS} --force role delete {VIP}")
    assert VIP not in rs1.run("ip -4 address show lo").stdout + rs2.run("ip -4 address show lo").stdout


def test_each_failure_says_whose_it_is(seat, rs2, client):
    rs2.run("rm /root/.ssh/authorized_keys")
    cases = [
        # the machine, what is asked, the exit status, what is said
        ("nowhere", "list", 9, ["ssh: ", "nowhere: ssh does not get there"]),
        ("root@node3", "list", 9, ["Permission denied (publickey", "root@node3: ssh does not get there"]),
        ("root@client", "list", 9, ["root@client: lvsd is not running"]),
        ("alice@node2", f"--no-ask-password role add {VIP}", 5, ["lvsctl: alice@node2: ", "org.lvsd1."]),
        ("root@node2", "role delete 192.0.2.9", 3, ["lvsctl: root@node2: ", "192.0.2.9"]),
        ("root@node2", "role add 192.0.2.300", 2, ["192.0.2.300"]),
    ]
    for host, command, status, words in cases:
        done = seat.try_run(f"lvsctl -H {host} {command}")
        assert done.status == status and all(word in done.stderr for word in words), done
    several = seat.try_run(f"lvsctl -H root@node2,nowhere,root@client role add {VIP}")
    assert several.status == 9 and several.stdout == f"root@node2: Added role: this machine answers for {VIP} (direct).\n", several
    assert "nowhere: ssh does not get there" in several.stderr and "root@client: lvsd is not running" in several.stderr, several
