"""lvsctl on a terminal: top while it is resized and left, and no command to the terminal where there is none."""
import json

import pytest

from machines.project import SOURCE

SCREEN = (SOURCE / "tests" / "machines" / "screen").read_text()
pytestmark = pytest.mark.long

KEYS = "q: quit"
ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"


@pytest.fixture
def busy(node):
    """Something to look at."""
    node.run("lvsctl service add web tcp/192.0.2.100:80 --scheduler rr && "
             "lvsctl destination add web 192.0.2.11 192.0.2.12 --method direct --weight 3 && "
             "ipvsadm -A -t 192.0.2.200:443")
    node.write("/run/screen", SCREEN)
    return node


def screens(node, *jobs: dict) -> list[dict]:
    return json.loads(node.run("python3 /run/screen", stdin=json.dumps(jobs), seconds=300).stdout)


def test_top_is_resized_and_gives_the_terminal_back(busy):
    done, = screens(busy, {"command": "lvsctl top --interval 3600; echo left", "columns": 80, "lines": 24, "environment": {"NO_COLOR": "1"},
                           "steps": [{"until": KEYS}, {"resize": [30, 120]}, {"until": KEYS}, {"type": "s"}, {"until": KEYS},
                                     {"resize": [5, 60]}, {"until": KEYS}, {"type": "q"}, {"until": LEAVE}]})
    first, wide, sorted_, small = done["output"].split(KEYS)[:4]
    assert done["status"] == 0 and done["output"].endswith("left\n"), done
    assert first.startswith(ENTER) and "\x1b[1m" not in done["output"], first
    assert "WEIGHT" not in first and "WEIGHT" in wide, (first, wide)
    assert "by -connection-rate" in first and "by -byte-rate-in" in sorted_, sorted_
    assert "192.0.2.12" in first and "192.0.2.12" not in small.rpartition("\x1b[H")[2], small
    # What is typed is shown before and after, and not meanwhile.
    assert done["echo"][-1] and not any(done["echo"][1:8]), done["echo"]


def test_top_interrupted_gives_the_terminal_back(busy):
    done, = screens(busy, {"command": "trap : INT; lvsctl top; echo left", "columns": 80, "steps": [{"until": KEYS}, {"type": "\x03"}]})
    assert LEAVE in done["output"] and done["output"].endswith("left\n") and done["echo"][-1], done


def test_nothing_commands_what_is_no_terminal(busy):
    commands = ["list", "status", "service list", "service show web", "destination list", "statistics", "statistics --rate", "connections",
                "top --count 1", "adopt list", "sysctl list", "timeouts", "history", "diff", "export", "metrics", "help", "service add --help",
                "service delete web --dry-run", "ipvsadm -Ln", "service show nothing", "frobnicate"]
    said = screens(busy, *({"command": f"lvsctl {command}", "columns": None} for command in commands),
                   *({"command": f"TERM=dumb lvsctl {command}", "columns": 80} for command in commands if command != "top --count 1"))
    assert [result for result in said if "\x1b" in result["output"] + result["errors"]] == []
    shown, = screens(busy, {"command": "lvsctl list", "columns": 80})
    assert "\x1b[" in shown["output"]


def test_pager_is_the_one_of_systemctl(busy):
    pagers = {"SYSTEMD_PAGER": "sed s/^/systemd:/", "PAGER": "sed s/^/plain:/"}
    first, second, ours, none, piped = screens(
        busy,
        {"command": "lvsctl service list", "columns": 80, "environment": pagers},
        {"command": "env -u SYSTEMD_PAGER lvsctl service list", "columns": 80, "environment": pagers},
        {"command": "lvsctl service list", "columns": 80, "environment": {**pagers, "LVSCTL_PAGER": "sed s/^/ours:/"}},
        {"command": "lvsctl --no-pager service list", "columns": 80, "environment": pagers},
        {"command": "lvsctl service list", "columns": None, "environment": pagers})
    assert all(line.startswith("systemd:") for line in first["output"].splitlines()), first
    assert all(line.startswith("plain:") for line in second["output"].splitlines()), second
    assert all(line.startswith("ours:") for line in ours["output"].splitlines()), ours
    assert not any(":NAME" in result["output"] for result in (none, piped))


def test_every_exit_status_is_the_documented_one(busy):
    for command, status in [
        ("lvsctl service list", 0),
        ("lvsctl export > /dev/full", 1),
        ("lvsctl service add web", 2),
        ("lvsctl service edit web --scheduler nonsense", 2),
        ("lvsctl service show nothing", 3),
        ("lvsctl service add web tcp/192.0.2.101:80", 4),
        ("setpriv --reuid=nobody --regid=nogroup --clear-groups lvsctl --no-ask-password service add mail tcp/192.0.2.101:25", 5),
        ("lvsctl clear < /dev/null", 5),
        ("lvsctl service add other tcp/192.0.2.200:443", 7),
        ("lvsctl status", 8),
        ("ipvsadm -E -t 192.0.2.100:80 -s wlc; lvsctl diff", 8),
        ("DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent lvsctl list", 9),
    ]:
        done = busy.try_run(command)
        assert done.status == status, done


@pytest.mark.kills_daemon
def test_without_the_kernel_or_the_daemon_the_exit_status_says_so(node):
    node.run("rm -f /etc/modprobe.d/lab-no-ipvs.conf; systemctl stop lvsd; ipvsadm -C; "
             "for module in $(lsmod | grep -o '^ip_vs_[a-z]*'); do rmmod $module; done; rmmod ip_vs; "
             "echo 'install ip_vs /bin/false' > /etc/modprobe.d/lab-no-ipvs.conf; systemctl mask --quiet --runtime modprobe@ip_vs; "
             "systemctl start lvsd")
    try:
        without = node.try_run("lvsctl service add web tcp/192.0.2.100:80")
        assert without.status == 6, without
        node.run("systemctl stop lvsd; systemctl mask --quiet --runtime lvsd")
        gone = node.try_run("lvsctl list")
        assert gone.status == 9 and "systemctl start lvsd" in gone.stderr, gone
    finally:
        node.run("rm -f /etc/modprobe.d/lab-no-ipvs.conf; systemctl unmask --quiet --runtime lvsd modprobe@ip_vs; modprobe ip_vs; "
                 "systemctl restart lvsd")
