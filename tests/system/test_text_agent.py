"""lvsctl asks for a password where one is needed and somebody sits at a terminal, and nowhere else."""
import json

import pytest

from machines import permissions
from machines.members import VIP
from machines.permissions import CHALLENGE

PASSWORD = "correct horse"
DELETE = "lvsctl", "--force", "service", "delete", "web"
REFUSED = 5
AS_ALICE = "setpriv --reuid=alice --regid=alice --clear-groups "
CTRL_C = "\x03"


@pytest.fixture
def node(director):
    """A director with a service, and an administrator who is not root and whose password is known."""
    director.run("id alice >/dev/null 2>&1 || useradd --no-create-home --user-group alice; gpasswd --add alice sudo")
    director.run("chpasswd", stdin=f"alice:{PASSWORD}\n")
    director.run(f"rm -f {permissions.RULES}; systemctl restart polkit; lvsctl service add web tcp/{VIP}:80 --scheduler rr")
    yield director
    director.run("gpasswd --delete alice sudo; usermod --lock alice")


def at_terminal(node, command, *typed) -> dict:
    """What came of it, by alice; typed: each time what to wait for, how long to think, and what is typed."""
    asked = {"user": "alice", "command": command, "typed": typed}
    return node.run("/usr/bin/python3 -I /usr/lib/lab/typist", stdin=json.dumps(asked), seconds=200).json


def is_there(node) -> bool:
    return f"{VIP}:80" in node.run("ipvsadm -Sn").stdout


def test_the_right_password_lets_it_pass(node):
    done = at_terminal(node, DELETE, ["Password:", 0, PASSWORD + "\n"])
    assert done["status"] == 0 and done["as_before"], done
    assert f"delete the virtual service web (tcp/{VIP}:80)" in done["shown"] and PASSWORD not in done["shown"]
    assert not is_there(node)


def test_a_wrong_password_does_not(node):
    done = at_terminal(node, DELETE, ["Password:", 0, "wrong\n"])
    assert done["status"] == REFUSED and done["as_before"], done
    assert "not allowed" in done["shown"] and is_there(node)


def test_who_interrupts_is_not_asked_again_and_sees_what_is_typed(node):
    done = at_terminal(node, DELETE, ["Password:", 0, CTRL_C])
    assert done["status"] == REFUSED and done["as_before"], done
    assert "dismissed" in done["shown"] and is_there(node)


@pytest.mark.long
def test_there_is_time_to_think(node):
    done = at_terminal(node, DELETE, ["Password:", 65, PASSWORD + "\n"])
    assert done["status"] == 0 and not is_there(node), done


def test_a_terminal_is_enough_whatever_is_redirected(node):
    command = "sh", "-c", f"{' '.join(DELETE)} </dev/null >/tmp/said 2>&1"
    done = at_terminal(node, command, ["Password:", 0, PASSWORD + "\n"])
    assert done["status"] == 0 and not is_there(node), done
    assert "Password" not in node.read("/tmp/said")


@pytest.mark.parametrize("option, advice", [("", "no terminal"), ("--no-ask-password", "leave out --no-ask-password")])
def test_without_somebody_to_ask_it_says_what_is_needed(node, option, advice):
    result = node.try_run(f"{AS_ALICE} setsid --wait lvsctl {option} service delete web")
    assert result.status == REFUSED and "org.lvsd1.manage-services" in result.stderr and advice in result.stderr
    assert is_there(node)
    told = node.run("journalctl --output=json --all --lines=1 LVSD_METHOD=org.lvsd1.VirtualService.Delete").json
    assert told["LVSD_RESULT"] == CHALLENGE and "did not allow that you are asked" in told["LVSD_ERROR"]


def test_nobody_is_asked_for_what_is_free_or_allowed(node):
    permissions.rule(node, "return polkit.Result.YES;")
    for command in ("lvsctl list", " ".join(DELETE)):
        watched = "strace", "-f", "-o", "/tmp/started", "-e", "trace=execve", *command.split()
        assert at_terminal(node, watched)["status"] == 0
        assert "pkttyagent" not in node.read("/tmp/started")
        node.run("rm /tmp/started")
