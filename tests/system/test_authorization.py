"""Who may do what: every change passes polkit, which root does not need, and what is refused changes nothing."""
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
    furnish(node)
    permissions.rule(node, SLOW)
    [outcome] = asked(node, ["timeout 1 " + gdbus(SERVICE, "VirtualService.Edit", "{'scheduler': <'sed'>}")])
    assert outcome.status == 124, outcome
    node.eventually("! pgrep -x sleep")
    assert "-s sed" not in node.run("lvsctl list >/dev/null; ipvsadm -Sn").stdout
