"""Who may do what: every change passes polkit, which root does not need, and what is refused changes nothing."""
import json
from collections import Counter

import pytest

from machines import attempts, permissions
from machines.attempts import Attempt, gdbus
from machines.members import APPLIED, SERVICE, SET_UP, VIP, WALK

ASK = "setpriv --reuid=alice --regid=alice --clear-groups "
INTERACTIVE = "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired"
DENIED = "org.freedesktop.DBus.Error.AccessDenied"

READING = [step for step in WALK if not step.action]

SLOW = "polkit.spawn(['/bin/sleep', '4']); return polkit.Result.YES;"


@pytest.fixture
def node(director):
    """A director with a user who is nobody special."""
    director.run("id alice >/dev/null 2>&1 || useradd --no-create-home --user-group alice")
    yield director
    director.run(f"rm -f {permissions.RULES}; systemctl unmask --quiet --runtime polkit; systemctl restart polkit")


def furnish(node) -> None:
    """An object of each kind, a runtime weight that can be cleared, and a state that one can go back to."""
    weight = next(step.command for step in WALK if step.method == "Destination.SetRuntimeWeight")
    apply = gdbus("/org/lvsd1", "Manager.Apply", APPLIED, "{}")
    node.run("bash -e", stdin="\n".join([*SET_UP, weight, apply]))


def asked(node, commands: list[str]) -> list[Attempt]:
    """By alice; nothing is different afterwards."""
    [outcomes] = attempts.attempt(node, [[ASK + command for command in commands]])
    assert not outcomes[0].trace, outcomes[0].trace
    return outcomes


def test_without_permission_nobody_is_let_in_by_any_way(node):
    furnish(node)
    [outcome] = asked(node, ["gdbus call --interactive" + gdbus(SERVICE, "VirtualService.Delete", "{}")[10:]])
    assert outcome.error == INTERACTIVE and "no polkit agent" in outcome.said, outcome
    [outcome] = asked(node, ["lvsctl --no-ask-password service delete web"])
    assert outcome.status == 5 and "org.lvsd1.manage-services" in outcome.said, outcome


def test_reading_is_free(node):
    furnish(node)
    outcomes = asked(node, [step.command for step in READING] + ["lvsctl list", "lvsctl status", "lvsctl export"])
    assert all(outcome.status in (0, 8) and outcome.said for outcome in outcomes), outcomes


def test_a_rule_sees_what_it_is_about(node):
    furnish(node)
    permissions.rule(node, "return action.lookup('service') == 'web' ? polkit.Result.YES : polkit.Result.NO;")
    node.run(ASK + gdbus(SERVICE, "VirtualService.Edit", "{'scheduler': <'wlc'>}"))
    [outcome] = asked(node, [gdbus("/org/lvsd1", "Manager.AddService", "other", f"tcp/{VIP}:81", "{}")])
    assert outcome.error == DENIED


def test_without_polkit_root_works(node):
    furnish(node)
    node.run("systemctl mask --quiet --runtime polkit; systemctl stop polkit")
    [outcome] = asked(node, ["lvsctl service edit web --scheduler sh"])
    assert outcome.status and "do it as root" in outcome.said, outcome
    node.run("lvsctl service edit web --scheduler sh && ipvsadm -Sn | grep -q -- '-s sh'")


def test_what_changed_while_polkit_was_asked_is_a_conflict(node):
    """The service was deleted and made again by root meanwhile: it is not the one that was asked about."""
    furnish(node)
    permissions.rule(node, SLOW)
    calls = {"edit": gdbus(SERVICE, "VirtualService.Edit", "{'scheduler': <'sed'>}"),
             "add": gdbus(SERVICE, "VirtualService.AddDestinations", "['192.168.252.134']", "{}")}
    for what, call in calls.items():
        slow = node.start(ASK + call)
        node.eventually("pgrep -x sleep")
        again = next(step.command for step in WALK if step.method == "Manager.AddService")
        node.run(f"lvsctl --force service delete web && {again}")
        slow.wait_for("Error")
        assert "org.lvsd1.Error.Conflict" in slow.output(), what
        rules = node.run("ipvsadm -Sn").stdout
        assert "-s rr" in rules and "192.168.252.134" not in rules


@pytest.mark.long
def test_a_caller_who_leaves_changes_nothing(node):
    """And takes the question back: a dialog for it would go away."""
    furnish(node)
    permissions.rule(node, SLOW)
    watch = node.start("exec busctl monitor org.freedesktop.PolicyKit1")
    watch.wait_for("Monitoring")
    [outcome] = asked(node, ["timeout 1 " + gdbus(SERVICE, "VirtualService.Edit", "{'scheduler': <'sed'>}")])
    assert outcome.status == 124, outcome
    watch.wait_for("CancelCheckAuthorization")
    watch.stop()
    node.eventually("! pgrep -x sleep")
    assert "-s sed" not in node.run("lvsctl list >/dev/null; ipvsadm -Sn").stdout


UNAVAILABLE = "org.lvsd1.Error.AuthorizationUnavailable"
LIMITED = "org.lvsd1.Error.LimitsExceeded"
EDIT = "({'scheduler': <'sed'>},)"
ROOT_WORKS = "lvsctl service edit web --scheduler wlc && lvsctl service edit web --scheduler rr"


def repeat(node, times: int):
    """So many calls of alice's at once; nobody waits for them here."""
    node.write("/run/repeated.json", json.dumps({
        "user": "alice", "path": SERVICE, "interface": "org.lvsd1.VirtualService", "member": "Edit", "arguments": EDIT,
        "times": times, "window": times}))
    return node.start("exec /usr/bin/python3 -I /usr/lib/lab/repeater </run/repeated.json")


@pytest.fixture
def stopped(node):
    """polkit is there and says nothing."""
    furnish(node)
    node.run("systemctl start polkit; pkill -STOP -x polkitd")
    yield node
    node.run("pkill -CONT -x polkitd")


@pytest.mark.long
def test_a_polkit_that_hangs_holds_up_nobody_else(stopped):
    waiting = stopped.start(ASK + gdbus(SERVICE, "VirtualService.Edit", "{'scheduler': <'sed'>}"))
    stopped.run(ROOT_WORKS, seconds=10)
    stopped.run(f"systemctl restart lvsd && {ROOT_WORKS}", seconds=30)
    waiting.wait_for("Error")
    again = stopped.try_run(ASK + gdbus(SERVICE, "VirtualService.Edit", "{'scheduler': <'sed'>}"))
    assert UNAVAILABLE in again.stderr and "do it as root" in again.stderr
    assert "-s rr" in stopped.run("ipvsadm -Sn").stdout


@pytest.mark.long
def test_a_polkit_that_dies_while_it_is_asked_is_told(node):
    furnish(node)
    permissions.rule(node, SLOW)
    waiting = node.start(ASK + gdbus(SERVICE, "VirtualService.Edit", "{'scheduler': <'sed'>}"))
    node.eventually("pgrep -x sleep")
    node.run("pkill -KILL -x polkitd")
    waiting.wait_for("Error", 10)
    assert UNAVAILABLE in waiting.output()
    node.run(ROOT_WORKS)


@pytest.mark.long
def test_nobody_has_more_than_a_few_questions_open(stopped):
    """Sixteen by one connection and sixty-four by one user, however many connections they have."""
    many = [repeat(stopped, 20) for _ in range(5)]
    answers = []
    for each in many:
        each.wait_for("}", 90)
        answers.append(Counter(json.loads(each.output())["errors"]))
    assert all(answer[UNAVAILABLE] <= 16 and answer[LIMITED] >= 4 for answer in answers), answers
    assert sum(answer[UNAVAILABLE] for answer in answers) <= 64 and sum(answer[LIMITED] for answer in answers) >= 36
    stopped.run(ROOT_WORKS, seconds=10)
