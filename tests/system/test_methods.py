"""Every method and property of every object there is, called by somebody nobody allowed anything, and by each role."""
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from machines import permissions, roles
from machines.attempts import MANAGER, gdbus
from machines.members import APPLIED, DESTINATION, SERVICE, SET_UP, VIP, WALK
from machines.permissions import CHALLENGE, DENIED, UNAVAILABLE, call, take

PROPERTIES = "org.freedesktop.DBus.Properties"
POLICY = Path(__file__).parent.parent.parent / "polkit/org.lvsd1.policy"
READ_ONLY = "org.freedesktop.DBus.Error.InvalidArgs"
ANOTHER = DESTINATION.replace("132", "133")
OF_MAIL = ANOTHER.replace("web", "mail").replace("_3a80", "_3a25")
WEIGHT = "{'weight': <uint32 7>}"

# What adds something is asked for something that is not there yet.
OTHER = {"192.168.252.100/24": "192.168.252.110/24", "192.168.252.101": "192.168.252.102", "web": "new",
         f"tcp/{VIP}:80": f"tcp/{VIP}:81", "['192.168.252.132', '192.168.252.133']": "['192.168.252.134']",
         "master": "backup"}
ARGUMENTS = {step.method: tuple(OTHER.get(text, text) for text in step.arguments)
             if re.search(r"\.(Add|Start)", step.method) else step.arguments for step in WALK}
ACTIONS = {step.method: step.action for step in WALK}
LAST_RULES = "/etc/polkit-1/rules.d/99-lab.rules"
STANDARD = {"org.freedesktop.DBus.Introspectable.Introspect", "org.freedesktop.DBus.Peer.Ping",
            "org.freedesktop.DBus.Peer.GetMachineId", "org.freedesktop.DBus.ObjectManager.GetManagedObjects"}


@pytest.fixture
def node(director):
    """A director with an object of each kind, and a user who is nobody special."""
    director.run("id alice >/dev/null 2>&1 || useradd --no-create-home --user-group alice")
    yield director
    director.run(f"rm -f {permissions.RULES}; systemctl unmask --quiet --runtime polkit; systemctl restart polkit")


def furnish(node) -> None:
    """Also a weight for now that can be cleared, a hold that can be released, a generation to go back to, and something that is not lvsd's."""
    weights = [call("root", path, "Destination.SetRuntimeWeight", weight, "{}")
               for path, weight in ((DESTINATION, "0"), (ANOTHER, "1"), (OF_MAIL, "1"))]
    node.run("bash -e", stdin="\n".join(SET_UP))
    node.run("ipvsadm -A -t 192.0.2.200:80")
    # Who reads this first has the kernel load schedulers, some of which bring settings along.
    node.run(f"busctl get-property org.lvsd1 {MANAGER} org.lvsd1.Manager Schedulers")
    done = permissions.ask(node, [call("root", MANAGER, "Manager.Apply", APPLIED, "{}"), *weights,
                                  call("root", MANAGER, "Manager.Hold", "web", "{}")])
    assert done == [("", "")] * 5


def live(node) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    """The methods and the properties of every object, from its introspection."""
    objects = node.run(f"busctl --json=short call org.lvsd1 {MANAGER} org.freedesktop.DBus.ObjectManager "
                       "GetManagedObjects").json["data"][0]
    methods, properties = [], []
    for path in [MANAGER, *objects]:
        text = node.run(f"busctl introspect --xml-interface org.lvsd1 {path}").stdout
        for interface in ElementTree.fromstring(text).findall("interface"):
            name = interface.get("name")
            methods += [(path, f"{name}.{method.get('name')}") for method in interface.findall("method")]
            properties += [(path, name, each.get("name")) for each in interface.findall("property")]
    return methods, properties


def short(member: str) -> str:
    return member.removeprefix("org.lvsd1.")


def everything(node, interactive: bool) -> dict[tuple, tuple[list, set[str]]]:
    """What there is to call, each with the call and the errors that are right where alice may nothing, less refusals."""
    methods, properties = live(node)
    found = {}
    for path, member in methods:
        interface, _, name = member.rpartition(".")
        if interface == PROPERTIES:
            continue
        arguments = () if member in STANDARD else ARGUMENTS[short(member)]
        found[path, member] = call("alice", path, member, *arguments, interactive=interactive)
    for path, interface, name in properties:
        found[path, "Get", name] = call("alice", path, f"{PROPERTIES}.Get", interface, name, interactive=interactive)
        found[path, "Set", name] = call("alice", path, f"{PROPERTIES}.Set", interface, name, "<'x'>",
                                        interactive=interactive)
        found[path, "GetAll", interface] = call("alice", path, f"{PROPERTIES}.GetAll", interface,
                                                interactive=interactive)
    return found


def expected(what: tuple, refusal: str) -> str:
    if what[1] == "Set":
        return READ_ONLY
    return refusal if ACTIONS.get(short(what[1])) else ""


def absent(node) -> None:
    node.run("systemctl mask --quiet --runtime polkit; systemctl stop polkit")


WAYS = {
    "as-installed": (lambda node: node.run("systemctl restart polkit"), CHALLENGE),
    "denying": (lambda node: permissions.rule(node, "return polkit.Result.NO;"), DENIED),
    "absent": (absent, UNAVAILABLE),
}


@pytest.mark.parametrize("way", ["as-installed", *(pytest.param(way, marks=pytest.mark.long)
                                                   for way in WAYS if way != "as-installed")])
def test_nobody_does_what_nobody_allowed(node, way):
    arrange, refusal = WAYS[way]
    furnish(node)
    arrange(node)
    before = permissions.state(node)
    for interactive in (False, True):
        calls = everything(node, interactive)
        assert {short(what[1]) for what in calls if what[1].startswith("org.lvsd1.")} == set(ACTIONS)
        answers = dict(zip(calls, (error for error, _ in permissions.ask(node, list(calls.values()))), strict=True))
        wrong = {what: error for what, error in answers.items() if error != expected(what, refusal)}
        assert not wrong
        assert len([what for what in calls if what[1] == "Set"]) > 40
    assert permissions.state(node).splitlines() == before.splitlines()


def implied() -> dict[str, set[str]]:
    """What polkit's policy lets everybody do who may do an action."""
    found = {}
    for action in ElementTree.parse(POLICY).findall("action"):
        words = [each.text.split() for each in action.findall("annotate") if each.get("key").endswith(".imply")]
        name = action.get("id").removeprefix("org.lvsd1.")
        found[name] = {name, *(word.removeprefix("org.lvsd1.") for each in words for word in each)}
    return found


IMPLIED = implied()


def walk(node, allowed) -> None:
    """Every method in an order in which each succeeds: alice's calls of those that are allowed, root's of the others."""
    calls, right = [], []
    for step in WALK:
        calls.append(take("alice", step))
        right.append("" if allowed(step) else DENIED)
        if not allowed(step):
            calls.append(take("root", step))
            right.append("")
    answers = permissions.ask(node, calls)
    wrong = [(made[0], made[3], answer) for made, answer, error in zip(calls, answers, right, strict=True)
             if answer[0] != error]
    assert not wrong


def test_with_permission_every_method_works(node):
    permissions.rule(node, "return polkit.Result.YES;")
    walk(node, lambda step: True)


def test_every_action_is_that_of_a_method():
    assert set(IMPLIED) - {"set-weight"} == {step.action for step in WALK if step.action}


@pytest.mark.long
@pytest.mark.parametrize("action", sorted(IMPLIED))
def test_who_may_one_thing_may_what_the_policy_says(node, action):
    permissions.rule(node, f"return action.id == 'org.lvsd1.{action}' ? polkit.Result.YES : polkit.Result.NO;")
    walk(node, lambda step: not step.action or {step.action, step.part} & IMPLIED[action])


@pytest.fixture
def strict(node):
    """Where nobody may anything but by a rule, and nobody is asked for a password."""
    node.write(LAST_RULES, "polkit.addRule(function(action, subject) { return action.id.indexOf('org.lvsd1.') == 0"
               " ? polkit.Result.NO : polkit.Result.NOT_HANDLED; });\n")
    yield node
    node.run(f"rm {LAST_RULES}")


@pytest.mark.long
def test_the_operators_do_everything_but_sysctls(strict):
    node = strict
    permissions.use_example(node, "operators", "lvs-operators")
    in_part = {method for method, part in roles.OPERATORS_IN_PART.items() if part == roles.NO_SYSCTL}
    sets = {"Manager.SetSettings", "Manager.UnsetSettings"}
    assert sets < in_part
    walk(node, lambda step: step.method not in sets)

    sysctl = "{'settings': <[('net.ipv4.vs.conn_reuse_mode', '0')]>}"
    timeout = "{'settings': <[('timeout.tcp', '800')]>}"
    refused = [call("alice", MANAGER, "Manager.Apply", sysctl, "{}"),
               call("alice", MANAGER, "Manager.Apply", sysctl, "{'confirm-timeout': <uint32 60>}")]
    assert [error for error, _ in permissions.ask(node, refused)] == [DENIED] * 2
    answers = permissions.ask(node, [
        call("alice", MANAGER, "Manager.Apply", timeout, "{}"),
        call("root", MANAGER, "Manager.Apply", sysctl, "{}"),
        call("alice", MANAGER, "Manager.Clear", "{}"),
        call("alice", MANAGER, "Manager.Rollback", "0", "{}"),
        call("root", MANAGER, "Manager.UnsetSettings", "['net.ipv4.vs.conn_reuse_mode']", "{}"),
        call("alice", MANAGER, "Manager.Clear", "{}")])
    assert [error for error, _ in answers] == ["", "", DENIED, DENIED, "", ""]


def weigh(service: str, weight: int, method: str = "direct", more: str = "") -> str:
    """A service of an address of its own as Apply takes it, with its one destination."""
    last = 101 if service == "web-a" else 102
    return (f"('{service}', 'tcp/192.168.252.{last}:80', @a{{sv}} {{}}, [('192.168.252.132:80', '{method}', uint32 {weight}, "
            f"@a{{sv}} {{}})]){more}")


def applied(*rows: str) -> tuple[str, str]:
    return "{'services': <[" + ", ".join(rows) + "]>}", "{}"


def test_the_deploy_job_sets_the_weights_of_its_services_alone(node):
    """With the example for it: of web-a, and not of web, whose name is only the beginning of that of its services."""
    permissions.use_example(node, "web-weights", "web-deploy")
    mine, other = (f"/org/lvsd1/destination/{service}_2f192_2e168_2e252_2e132_3a80" for service in ("web_2da", "web"))
    made = permissions.ask(node, [call("root", MANAGER, "Manager.Apply",
                                       *applied(weigh("web-a", 1), weigh("web", 1)))])
    assert made == [("", "")]
    may = [call("alice", mine, "Destination.Edit", WEIGHT),
           call("alice", mine, "Destination.SetRuntimeWeight", "5", "{}"),
           call("alice", mine, "Destination.ClearRuntimeWeight", "{}"),
           call("alice", MANAGER, "Manager.Apply", *applied(weigh("web-a", 9))),
           call("alice", MANAGER, "Manager.Apply", *applied(weigh("web-a", 9), weigh("web", 1))),
           call("alice", MANAGER, "Manager.Rollback", "0", "{}")]
    assert permissions.ask(node, may) == [("", "")] * len(may)
    assert {f"{made[2].rpartition('.')[2]}.{made[3]}" for made in may} == set(roles.WEB_DEPLOY)
    before = permissions.state(node)
    may_not = [call("alice", other, "Destination.Edit", WEIGHT),
               call("alice", other, "Destination.SetRuntimeWeight", "5", "{}"),
               call("alice", mine, "Destination.Edit", "{'weight': <uint32 7>, 'upper-threshold': <uint32 9>}"),
               call("alice", mine, "Destination.Delete", "{'force': <true>}"),
               call("alice", SERVICE.replace("web", "web_2da"), "VirtualService.Edit", "{'scheduler': <'sh'>}"),
               call("alice", MANAGER, "Manager.Apply", *applied(weigh("web-a", 3), weigh("web", 3))),
               call("alice", MANAGER, "Manager.Apply", *applied(weigh("web-a", 3, method="masquerade"))),
               call("alice", MANAGER, "Manager.Apply", *applied(weigh("web-a", 3))[:1], "{'mode': <'replace'>}"),
               call("alice", MANAGER, "Manager.Apply", *applied(weigh("web-a", 3))[:1],
                    "{'confirm-timeout': <uint32 60>}")]
    assert {error for error, _ in permissions.ask(node, may_not)} == {CHALLENGE}
    assert permissions.state(node).splitlines() == before.splitlines()


@pytest.mark.long
def test_a_session_over_ssh_needs_no_seat(node):
    """In a session like one of sshd's, and by the same person outside of it."""
    permissions.use_example(node, "ssh-sessions", "lvs-admins")
    edit = "setpriv --reuid=alice --regid=alice --init-groups "
    command = gdbus(MANAGER, "Manager.AddService", "web", f"tcp/{VIP}:80", "{}")
    node.run("systemctl start systemd-logind systemd-user-sessions")
    outside = node.try_run(edit + command)
    assert outside.status and "InteractiveAuthorizationRequired" in outside.stderr
    node.run(f"systemd-run --quiet --wait --pipe --uid=alice -p PAMName=sshd {command}")
    assert "web" in node.run("lvsctl list").stdout
    node.run("systemctl stop systemd-logind")


def test_anybody_sees_what_there_is(node):
    """With lvsctl, without any privilege: what ipvsadm shows to root alone."""
    furnish(node)
    as_alice = "setpriv --reuid=alice --regid=alice --clear-groups --bounding-set=-all --no-new-privs "
    for verb in ("list", "statistics"):
        mine = node.run(f"{as_alice} lvsctl --no-ask-password {verb}").stdout
        assert mine == node.run(f"lvsctl {verb}").stdout
        assert VIP in mine and "192.168.252.132" in mine
    status = node.try_run(f"{as_alice} lvsctl --no-ask-password status")
    assert status.status in (0, 8) and status.stdout == node.try_run("lvsctl status").stdout
    assert node.try_run(f"{as_alice} ipvsadm -ln").status
