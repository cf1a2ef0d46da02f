"""The bus interface by busctl and gdbus alone: it is whole, documented, committed, and safe from its callers."""
import os
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from machines import attempts, views
from machines.attempts import MANAGER, gdbus
from machines.members import INTERFACES, SERVICE, SET_UP, VIP, WALK

GOLDEN = Path(__file__).parent / "introspection"
README = Path(__file__).parent.parent.parent / "README.md"


@pytest.fixture
def furnished(director):
    """A director with an object of each kind."""
    director.run("bash -e", stdin="\n".join(SET_UP))
    return director


def introspections(node) -> dict[str, ElementTree.Element]:
    """The live introspection of an object of each kind, without its children."""
    found = {}
    for name, path in INTERFACES.items():
        found[name] = ElementTree.fromstring(node.run(f"busctl introspect --xml-interface org.lvsd1 {path}").stdout)
        for child in found[name].findall("node"):
            found[name].remove(child)
    return found


def test_every_method_can_be_called_and_the_table_has_them_all(furnished):
    live = {f"{name}.{method.get('name')}" for name, root in introspections(furnished).items()
            for method in root.findall(f"interface[@name='org.lvsd1.{name}']/method")}
    assert live == {step.method for step in WALK}
    furnished.run("lvsctl --force clear")
    furnished.run("bash -e", stdin="\n".join(step.command for step in WALK))


def test_the_interface_is_the_committed_one(furnished):
    """With INTROSPECTION=write in the environment the copies are written anew."""
    for name, root in introspections(furnished).items():
        ElementTree.indent(root)
        text = ElementTree.tostring(root, encoding="unicode") + "\n"
        path = GOLDEN / f"{name}.xml"
        if os.environ.get("INTROSPECTION") == "write":
            path.write_text(text)
        assert text == path.read_text(), f"the interface of {name} is not what {path.name} says"


def test_the_tree_shows_every_object(furnished):
    tree = furnished.run("busctl tree --list org.lvsd1").lines
    managed = furnished.run(f"busctl --json=short call org.lvsd1 {MANAGER} org.freedesktop.DBus.ObjectManager "
                            "GetManagedObjects").json["data"][0]
    assert set(INTERFACES.values()) <= set(tree)
    assert set(managed) == {path for path in tree if path.count("/") == 4}
    assert len(managed) == 5


def test_properties_are_the_same_by_every_way(furnished):
    """GetManagedObjects, GetAll and Get; and Set is refused for each."""
    managed = furnished.run(f"busctl --json=short call org.lvsd1 {MANAGER} org.freedesktop.DBus.ObjectManager "
                            "GetManagedObjects").json["data"][0]
    get_all = f"busctl --json=short call org.lvsd1 {{}} org.freedesktop.DBus.Properties GetAll s org.lvsd1.{{}}"
    for kind, path in INTERFACES.items():
        interface = f"org.lvsd1.{kind}"
        values = furnished.run(get_all.format(path, kind)).json["data"][0]
        if kind != "Manager":
            assert managed[path] == {interface: values}
        got = furnished.run(f"busctl --json=short get-property org.lvsd1 {path} {interface} {' '.join(values)}").lines
        assert len(got) == len(values)
        setting = [gdbus(path, "org.freedesktop.DBus.Properties.Set", interface, name, "<'x'>") for name in values]
        [refused] = attempts.attempt(furnished, [setting])
        assert {attempt.error for attempt in refused} == {"org.freedesktop.DBus.Error.InvalidArgs"}, refused
        assert not refused[0].trace


def readme_commands() -> list[str]:
    section = README.read_text().split("## From nothing to a reply, over D-Bus alone")[1].split("\n## ")[0]
    return re.findall(r"^    ((?:busctl|gdbus) .*)$", section, re.MULTILINE)


def watch(node, command: str) -> None:
    """A monitor, until it has shown something of lvsd; for which something has to happen."""
    watcher = node.start(f"stdbuf -oL {command}")

    def shows() -> bool:
        node.run("busctl --quiet call org.lvsd1 /org/lvsd1 org.freedesktop.DBus.Peer Ping")
        return "org.lvsd1" in watcher.output()

    node.eventually(shows, 30, f"lvsd in the output of {command}")
    watcher.stop()


def test_the_commands_of_the_readme_work_as_printed(director, rs1, rs2, client):
    commands = readme_commands()
    assert len(commands) == 11
    for command in commands:
        if " monitor" in command:
            watch(director, command)
        else:
            for node in (rs1, rs2) if " AddRole " in command else (director,):
                node.run(command)
    assert client.run(f"curl -s --max-time 10 http://{VIP}/").stdout.strip() in ("node2", "node3")
    assert views.ipvsadm(director) == {f"tcp/{VIP}:80": ("wlc", {"192.168.252.132:80": ("direct", 1),
                                                                 "192.168.252.133:80": ("direct", 1)})}


DELETE = ("VirtualService.Delete", "@a{sv} {}")
STRANGE = {
    "a method that is not there": (gdbus(MANAGER, "Manager.Explode"), "UnknownMethod"),
    "an interface that is not there": (gdbus(MANAGER, "Explosive.Explode"), "UnknownMethod"),
    "a member of another interface": (gdbus(MANAGER, "VirtualService.Delete", "@a{sv} {}"), "UnknownMethod"),
    "an object that is not there": (gdbus("/org/lvsd1/service/nowhere", *DELETE), "Unknown"),
    "a path that is no escape": (gdbus("/org/lvsd1/service/_zz", *DELETE), "Unknown"),
    "a path that stops within an escape": (gdbus("/org/lvsd1/service/_", *DELETE), "Unknown"),
    "a path below an object": (gdbus(SERVICE + "/below", *DELETE), "Unknown"),
    "another spelling of an object": (gdbus("/org/lvsd1/service/we_62", *DELETE), "Unknown"),
    "an object of another kind": (gdbus("/org/lvsd1/role/web", "RealServerRole.Delete", "@a{sv} {}"), "Unknown"),
    "the wrong signature": (gdbus(MANAGER, "Manager.AddService", "(1, 2)"), "InvalidArgs"),
}

ADD = "gdbus call --system --dest org.lvsd1 --object-path /org/lvsd1 --method org.lvsd1.Manager.AddService"
LONG = "$(printf %065536d 0)"
NEW = ("Manager.AddService", "new", f"tcp/{VIP}:81")
HOSTILE = {
    "a name of 64 KiB": f"{ADD} \"{LONG}\" tcp/{VIP}:81 '{{}}'",
    "a key of 64 KiB": f"{ADD} new \"tcp/{LONG}:81\" '{{}}'",
    "an option's name of 64 KiB": f"{ADD} new tcp/{VIP}:81 \"{{'{LONG}': <1>}}\"",
    "a value of another type": gdbus(MANAGER, *NEW, "{'scheduler': <[<1>, <{'a': <2>}>]>}"),
    "values within values": gdbus(MANAGER, *NEW, "{'scheduler': " + "<" * 40 + "'rr'" + ">" * 40 + "}"),
    "no destinations": gdbus(SERVICE, "VirtualService.AddDestinations", "@as []", "{}"),
    "a name with a line in it": gdbus(MANAGER, "Manager.AddService", "a\\nb", f"tcp/{VIP}:81", "{}"),
    "a listing without end": gdbus(MANAGER, "Manager.ListServices", "{'limit': <uint32 4000000000>}"),
    "sections that are none": gdbus(MANAGER, "Manager.Apply", "{'services': <'all'>}", "{}"),
}


def refusals_of(node, calls: dict[str, tuple[str, str]]) -> None:
    """Each is refused with its error, and all of them leave no trace."""
    [outcomes] = attempts.attempt(node, [[command for command, _ in calls.values()]])
    for (what, (_, error)), outcome in zip(calls.items(), outcomes, strict=True):
        assert error in outcome.error, f"{what}: {outcome}"
    assert not outcomes[0].trace, outcomes[0].trace


def test_what_is_not_there_cannot_be_called(furnished):
    refusals_of(furnished, STRANGE)


def test_hostile_arguments_are_refused(furnished):
    refusals_of(furnished, {what: (call, "InvalidArgument") for what, call in HOSTILE.items()})


@pytest.mark.long
def test_twenty_thousand_destinations_in_one_call_are_refused(furnished):
    call = (f"busctl call org.lvsd1 {SERVICE} org.lvsd1.VirtualService AddDestinations 'asa{{sv}}' 20000 "
            "$(for a in $(seq 0 79); do for b in $(seq 1 250); do echo 10.1.$a.$b; done; done) 0")
    [[outcome]] = attempts.attempt(furnished, [[call]])
    assert outcome.status != 0 and "at most 10000" in outcome.said and not outcome.trace, outcome
