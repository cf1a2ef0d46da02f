"""Who may do what: every change passes polkit, which root does not need, and what is refused changes nothing."""
import pytest

from machines import attempts
from machines.attempts import Attempt, gdbus
from machines.members import APPLIED, DESTINATION, SERVICE, SET_UP, VIP, WALK

RULES = "/etc/polkit-1/rules.d/10-lab.rules"
ASK = "setpriv --reuid=alice --regid=alice --clear-groups "
INTERACTIVE = "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired"
DENIED = "org.freedesktop.DBus.Error.AccessDenied"

CHANGES = [step for step in WALK if step.action]
READING = [step for step in WALK if not step.action]

SLOW = "polkit.spawn(['/bin/sleep', '4']); return polkit.Result.YES;"


@pytest.fixture
def node(director):
    """A director with a user who is nobody special."""
    director.run("id alice >/dev/null 2>&1 || useradd --no-create-home --user-group alice")
    yield director
    director.run(f"rm -f {RULES}; systemctl unmask --quiet --runtime polkit; systemctl restart polkit")


def rule(node, body: str) -> None:
    """What polkit answers to lvsd about alice."""
    node.write(RULES, "polkit.addRule(function(action, subject) {\n"
                      f"  if (action.id.indexOf('org.lvsd1.') == 0 && subject.user == 'alice') {{ {body} }}\n"
                      "});\n")
    node.run("systemctl restart polkit")


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


def change(step) -> str:
    """The call of a step; where it adds something, something that is not there yet."""
    command = step.command
    if ".Add" in step.method or ".Start" in step.method:
        for there, other in {"252.100/24": "252.110/24", "252.101": "252.102", " web ": " new ", ":80": ":81",
                             "252.132": "252.134", "252.133": "252.135", " master ": " backup "}.items():
            command = command.replace(there, other)
    return command


def changes_asked(node, also: str = "") -> dict[str, str]:
    """The error of each method that changes something or shows who is connected, when alice calls it."""
    outcomes = asked(node, [change(step).replace("gdbus call", f"gdbus call {also}") for step in CHANGES])
    return {step.method: outcome.error for step, outcome in zip(CHANGES, outcomes, strict=True)}


ALL = {step.method for step in CHANGES}


def test_without_permission_no_method_changes_anything(node):
    furnish(node)
    assert changes_asked(node) == dict.fromkeys(ALL, INTERACTIVE)
    [outcome] = asked(node, ["gdbus call --interactive" + gdbus(SERVICE, "VirtualService.Delete", "{}")[10:]])
    assert outcome.error == INTERACTIVE and "no polkit agent" in outcome.said, outcome
    [outcome] = asked(node, ["lvsctl --no-ask-password service delete web"])
    assert outcome.status == 5 and "org.lvsd1.manage-services" in outcome.said, outcome
    rule(node, "return polkit.Result.NO;")
    assert changes_asked(node) == dict.fromkeys(ALL, DENIED)


def test_reading_is_free(node):
    furnish(node)
    outcomes = asked(node, [step.command for step in READING] + ["lvsctl list", "lvsctl status", "lvsctl export"])
    assert all(outcome.status in (0, 8) and outcome.said for outcome in outcomes), outcomes


def test_with_permission_every_method_works(node):
    rule(node, "return polkit.Result.YES;")
    node.run("bash -e", stdin="\n".join(ASK + step.command for step in WALK))


def test_a_permission_is_for_its_action_alone(node):
    """Whoever may set weights may set weights, and nothing else."""
    furnish(node)
    rule(node, "return action.id == 'org.lvsd1.set-weight' ? polkit.Result.YES : polkit.Result.NO;")
    node.run(ASK + gdbus(DESTINATION, "Destination.Edit", "{'weight': <uint32 7>}"))
    refused = asked(node, [change(step) for step in CHANGES])
    assert {outcome.error for outcome in refused} == {DENIED}


def test_a_rule_sees_what_it_is_about(node):
    furnish(node)
    rule(node, "return action.lookup('service') == 'web' ? polkit.Result.YES : polkit.Result.NO;")
    node.run(ASK + gdbus(SERVICE, "VirtualService.Edit", "{'scheduler': <'wlc'>}"))
    [outcome] = asked(node, [gdbus("/org/lvsd1", "Manager.AddService", "other", f"tcp/{VIP}:81", "{}")])
    assert outcome.error == DENIED


def test_without_polkit_root_works_and_nobody_else(node):
    furnish(node)
    node.run("systemctl mask --quiet --runtime polkit; systemctl stop polkit")
    assert changes_asked(node) == dict.fromkeys(ALL, "AuthorizationUnavailable")
    node.run("lvsctl service edit web --scheduler sh && ipvsadm -Sn | grep -q -- '-s sh'")


def test_what_changed_while_polkit_was_asked_is_a_conflict(node):
    """The service was deleted and made again by root meanwhile: it is not the one that was asked about."""
    furnish(node)
    rule(node, SLOW)
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
    rule(node, SLOW)
    [outcome] = asked(node, ["timeout 1 " + gdbus(SERVICE, "VirtualService.Edit", "{'scheduler': <'sed'>}")])
    assert outcome.status == 124, outcome
    node.eventually("! pgrep -x sleep")
    assert "-s sed" not in node.run("lvsctl list >/dev/null; ipvsadm -Sn").stdout
