"""Who did what, and who tried: one entry in the journal for each call that was to change something."""
import json

import pytest

from machines import permissions
from machines.attempts import MANAGER, gdbus
from machines.members import SERVICE, VIP
from machines.permissions import CHALLENGE, DENIED, call

DONE, REFUSED, FAILED = ("e4095654b733405d9f69943ba14faece", "ad28ad6b691946fd85c1c0b03f64b032",
                         "5260830ed18d41c9b6178ca09c6536d8")
ADD = call("root", MANAGER, "Manager.AddService", "web", f"tcp/{VIP}:80", "{'scheduler': <'rr'>}")
EDIT = "VirtualService.Edit", "{'scheduler': <'wlc'>}"


@pytest.fixture
def node(director):
    """A director with a user who is nobody special."""
    director.run("id alice >/dev/null 2>&1 || useradd --no-create-home --user-group alice")
    yield director
    director.run(f"rm -f {permissions.RULES}; systemctl restart polkit")


class Journal:
    """What has come to it since."""

    def __init__(self, node):
        self.node = node
        node.run("journalctl --sync")
        self.cursor = node.run("journalctl --lines=0 --show-cursor").stdout.split()[-1]

    def entries(self, n: int) -> list[dict]:
        """So many, with what is LVSD_... and the message; their order is that of the calls."""
        printed = self.node.eventually(lambda: self._enough(n), 20, f"{n} entries in the journal")
        return [json.loads(line) for line in printed]

    def _enough(self, n: int) -> list[str]:
        """Not filtered by journalctl, which would skip the first that matches."""
        found = self.node.run(f"journalctl --sync; journalctl --after-cursor='{self.cursor}' --output=json --all").lines
        found = [line for line in found if "LVSD_METHOD" in line]
        return found if len(found) >= n else []


def test_every_call_that_changes_something_is_in_the_journal(node):
    journal = Journal(node)
    permissions.ask(node, [ADD, call("alice", SERVICE, *EDIT), call("root", SERVICE, *EDIT), ADD,
                           call("alice", MANAGER, "Manager.ListServices", "{}"),
                           call("alice", MANAGER, "Manager.Apply", "{'services': <@a(ssa{sv}a(ssua{sv})) []>}",
                                "{'mode': <'replace'>, 'dry-run': <true>}")])
    added, refused, edited, failed = journal.entries(4)
    alice = node.run("id --user alice").stdout.strip()
    assert [entry["MESSAGE_ID"] for entry in (added, refused, edited, failed)] == [DONE, REFUSED, DONE, FAILED]
    assert [entry["PRIORITY"] for entry in (added, refused, edited, failed)] == ["5", "4", "5", "4"]
    assert [entry["LVSD_CALLER_UID"] for entry in (added, refused, edited, failed)] == ["0", alice, "0", "0"]
    assert [entry["LVSD_AUTHORIZATION"] for entry in (added, refused, edited, failed)] == ["root", "none", "root", "none"]
    assert [entry["LVSD_RESULT"] for entry in (added, refused, edited, failed)] == [
        "done", CHALLENGE, "done", "org.lvsd1.Error.AlreadyExists"]
    for entry in (added, refused, edited, failed):
        assert entry["LVSD_CALLER_UNIT"] == "agent.service" and entry["LVSD_CALLER_NAME"].startswith(":1.")
        assert int(entry["LVSD_CALLER_PID"]) > 1 and entry["LVSD_ACTION"] == "org.lvsd1.manage-services"
    assert [entry.get("LVSD_OBJECT") for entry in (added, refused, edited, failed)] == ["service web"] * 3 + [None]
    assert "'web'" in failed["LVSD_ERROR"]
    assert refused["LVSD_METHOD"] == edited["LVSD_METHOD"] == "org.lvsd1.VirtualService.Edit"
    assert "LVSD_BEFORE" not in added and "'rr'" in added["LVSD_AFTER"] and VIP in added["LVSD_AFTER"]
    assert edited["LVSD_BEFORE"] == "service web: {'scheduler': <'rr'>}"
    assert edited["LVSD_AFTER"] == "service web: {'scheduler': <'wlc'>}"
    assert "org.lvsd1.manage-services" in refused["LVSD_ERROR"] and f"user {alice} in agent.service" in refused["MESSAGE"]


def test_a_whole_configuration_is_one_entry_of_bounded_length(node):
    rows = ", ".join(f"('s{mark}', 'fwmark/{mark}', @a{{sv}} {{}}, @a(ssua{{sv}}) [])" for mark in range(1, 101))
    journal = Journal(node)
    permissions.ask(node, [call("root", MANAGER, "Manager.Apply", f"{{'services': <[{rows}]>}}", "{}")])
    [entry] = journal.entries(1)
    assert entry["LVSD_EDITS"] == "100" and len(entry["LVSD_OBJECT"]) == 32
    assert len(entry["LVSD_AFTER"].splitlines()) == 32 and "and 99 more" in entry["MESSAGE"]
    of_one = node.run(f"journalctl --quiet LVSD_METHOD=org.lvsd1.Manager.Apply 'LVSD_OBJECT={entry['LVSD_OBJECT'][7]}'")
    assert len(of_one.lines) == 1


def test_the_catalog_explains_it(node):
    node.run("journalctl --update-catalog")
    journal = Journal(node)
    permissions.rule(node, "return polkit.Result.NO;")
    permissions.ask(node, [ADD, call("alice", SERVICE, *EDIT)])
    journal.entries(2)
    told = node.run(f"journalctl --catalog --lines=1 MESSAGE_ID={REFUSED}").stdout
    assert "Subject: A call was refused: org.lvsd1.VirtualService.Edit" in told and DENIED in told
    known = node.run("journalctl --list-catalog").stdout
    assert all(each in known for each in (DONE, REFUSED, FAILED)) and known.count("lvsd: ") == 5


def test_who_is_gone_at_once_is_told_all_the_same(node):
    journal = Journal(node)
    permissions.ask(node, [ADD])
    node.run("setpriv --reuid=alice --regid=alice --clear-groups busctl call --expect-reply=no "
             f"org.lvsd1 {SERVICE} org.lvsd1.VirtualService Delete 'a{{sv}}' 0")
    assert journal.entries(2)[1]["LVSD_METHOD"] == "org.lvsd1.VirtualService.Delete"


@pytest.mark.long
def test_nobodys_answer_waits_for_systemd(node):
    """Whose every message is held up here: root's call is answered before, and is in the journal without the unit."""
    permissions.ask(node, [ADD])
    journal = Journal(node)
    held = node.start("exec strace --quiet=all --attach=1 -e trace=sendmsg -e inject=sendmsg:delay_enter=15s -o /run/held")
    node.eventually("grep -q TracerPid:.*[1-9] /proc/1/status")
    try:
        node.run(gdbus(SERVICE, *EDIT), seconds=8)
        [entry] = journal.entries(1)
    finally:
        held.stop()
    assert entry["LVSD_RESULT"] == "done" and "LVSD_CALLER_UNIT" not in entry


@pytest.mark.long
def test_a_systemd_that_does_not_answer_takes_no_answer_of_polkits(node):
    """The bus lets lvsd wait for so many answers at a time and no more, whoever owes them.

    polkitd itself may hang on systemd, for the names of users; but it is asked."""
    node.run("lvsctl service add web tcp/192.168.252.100:80 --scheduler rr")
    permissions.rule(node, "return polkit.Result.NO;")
    node.run("echo 1 >/sys/fs/cgroup/init.scope/cgroup.freeze")
    try:
        node.run("for n in $(seq 150); do lvsctl --quiet service edit web --persistence $n; done", seconds=200)
        [(_, message)] = permissions.ask(node, [call("alice", SERVICE, *EDIT)])
    finally:
        node.run("echo 0 >/sys/fs/cgroup/init.scope/cgroup.freeze")
    assert "pending replies" not in message
