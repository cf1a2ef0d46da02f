"""What listeners on the bus are told of a change: exactly what changed, in order, and before the caller's reply."""
import json
import re
from dataclasses import dataclass

import pytest

from machines.attempts import gdbus
from machines.members import ADDRESS, DESTINATION, ROLE, SERVICE, VIP, WALK

THIRD = "/org/lvsd1/destination/web_2f192_2e168_2e252_2e133_3a80"


@dataclass(frozen=True)
class Message:
    """As the bus passed it on."""
    type: str
    member: str
    path: str
    cookie: int
    reply_cookie: int
    data: list

    @classmethod
    def read(cls, line: str) -> "Message":
        fields = json.loads(line)
        return cls(fields["type"], fields.get("member", ""), fields.get("path", ""), fields["cookie"],
                   fields.get("reply_cookie", 0), (fields.get("payload") or {}).get("data", []))

    @property
    def summary(self) -> tuple[str, str]:
        """(member, the object it is about)"""
        about = self.data[0] if self.member in ("InterfacesAdded", "InterfacesRemoved") else self.path
        return (self.member, about)


class Ear:
    """busctl monitor on everything that lvsd says and is told, in the order of the bus."""

    def __init__(self, node):
        self.node = node
        self.monitor = node.start("stdbuf -oL busctl --json=short monitor org.lvsd1")
        self.heard = 0
        node.eventually(self._listens)

    def _listens(self) -> bool:
        self.node.run("busctl --quiet call org.lvsd1 /org/lvsd1 org.freedesktop.DBus.Peer Ping")
        return "Ping" in self.monitor.output()

    def hear(self, command: str) -> list[Message]:
        """The signals that follow on a call of gdbus, and at their end the reply."""
        self.heard = len(self._lines())
        self.node.run(command)
        method = re.search(r"--method \S+\.(\w+)", command)[1]
        return self.node.eventually(lambda: self._follow(method), 20, command)

    def _follow(self, method: str) -> list[Message]:
        messages = [Message.read(line) for line in self._lines()[self.heard:] if line.startswith("{")]
        call = next((message for message in messages if message.type == "method_call" and message.member == method),
                    None)
        since = messages[messages.index(call):] if call else []
        reply = next((number for number, message in enumerate(since)
                      if message.type == "method_return" and message.reply_cookie == call.cookie), None)
        if reply is None:
            return []
        signals = [message for message in since[:reply]
                   if message.type == "signal" and message.path.startswith("/org/lvsd1")]
        return [*signals, since[reply]]

    def _lines(self) -> list[str]:
        """Those that are complete."""
        return self.monitor.output().split("\n")[:-1]


@pytest.fixture
def ear(director):
    ear = Ear(director)
    yield ear
    ear.monitor.stop()


def changed_properties(messages: list[Message], path: str) -> dict:
    """What PropertiesChanged says of an object, of which there must be one; nothing is invalidated."""
    [data] = [message.data for message in messages if message.summary == ("PropertiesChanged", path)]
    assert data[2] == []
    return {name: value["data"] for name, value in data[1].items()}


def is_state_alone(message: Message) -> bool:
    """The node's state is looked at now and then, and belongs to no change."""
    return message.summary == ("PropertiesChanged", "/org/lvsd1") and "Generation" not in message.data[1]


def told(ear: Ear, command: str, *expected: tuple[str, str], **summary: int) -> list[Message]:
    """These signals, in this order; then the node's properties, the summary and the reply, and nothing else."""
    messages = [message for message in ear.hear(command) if not is_state_alone(message)]
    assert [message.summary for message in messages[:-1]] == [
        *expected, ("PropertiesChanged", "/org/lvsd1"), ("Changed", "/org/lvsd1")], messages
    node = changed_properties(messages, "/org/lvsd1")
    assert set(node) <= {"Generation", "State"}, node
    generation, counts = messages[-2].data
    assert generation == node["Generation"]
    told_counts = {name: value["data"] for name, value in counts.items()}
    assert told_counts == {"added": 0, "changed": 0, "removed": 0, **summary}
    return messages


def command_of(method: str) -> str:
    return next(step.command for step in WALK if step.method == method)


def test_a_service_and_its_destinations(ear):
    added = told(ear, command_of("Manager.AddService"), ("InterfacesAdded", SERVICE), added=1)
    assert list(added[0].data[1]) == ["org.lvsd1.VirtualService"]
    assert added[0].data[1]["org.lvsd1.VirtualService"]["Key"]["data"] == f"tcp/{VIP}:80"
    assert added[-1].data == [SERVICE]
    told(ear, command_of("VirtualService.AddDestinations"), ("InterfacesAdded", DESTINATION),
         ("InterfacesAdded", THIRD), added=2)
    edited = told(ear, command_of("VirtualService.Edit"), ("PropertiesChanged", SERVICE), changed=1)
    assert changed_properties(edited, SERVICE) == {"Scheduler": "wlc"}
    edited = told(ear, gdbus(DESTINATION, "Destination.Edit", "{'weight': <uint32 5>}"),
                  ("PropertiesChanged", DESTINATION), changed=1)
    assert changed_properties(edited, DESTINATION) == {"Weight": 5, "EffectiveWeight": 5}
    edited = told(ear, command_of("Destination.SetRuntimeWeight"), ("PropertiesChanged", DESTINATION), changed=1)
    assert set(changed_properties(edited, DESTINATION)) == {"EffectiveWeight", "Overrides"}
    told(ear, command_of("Destination.Delete"), ("InterfacesRemoved", DESTINATION), removed=1)
    told(ear, command_of("VirtualService.Delete"), ("InterfacesRemoved", THIRD),
         ("InterfacesRemoved", SERVICE), removed=2)


def test_an_address(ear):
    told(ear, command_of("Manager.AddAddress"), ("InterfacesAdded", ADDRESS), added=1)
    down = told(ear, command_of("VirtualAddress.Down"), ("PropertiesChanged", ADDRESS), changed=1)
    assert changed_properties(down, ADDRESS) == {"Up": False, "State": "down"}
    told(ear, command_of("VirtualAddress.Delete"), ("InterfacesRemoved", ADDRESS), removed=1)


def test_a_role(ear):
    told(ear, command_of("Manager.AddRole"), ("InterfacesAdded", ROLE), added=1)
    edited = told(ear, command_of("RealServerRole.Edit"), ("PropertiesChanged", ROLE), changed=1)
    assert changed_properties(edited, ROLE) == {"Interface": "ens33"}
    told(ear, command_of("RealServerRole.Delete"), ("InterfacesRemoved", ROLE), removed=1)


def test_an_edit_that_changes_nothing_says_nothing(ear):
    ear.node.run(command_of("Manager.AddService"))
    messages = ear.hear(gdbus(SERVICE, "VirtualService.Edit", "{'scheduler': <'rr'>}"))
    assert [message.type for message in messages] == ["method_return"]


def test_a_big_change_is_told_as_a_whole(ear):
    ear.node.run(command_of("Manager.AddService"))
    endpoints = ", ".join(f"'10.1.0.{number}'" for number in range(1, 121))
    told(ear, gdbus(SERVICE, "VirtualService.AddDestinations", f"[{endpoints}]", "{}"), added=120)


def test_another_client_sees_them(director):
    """One without any rights."""
    watcher = director.start("setpriv --reuid=nobody --regid=nogroup --clear-groups "
                             "stdbuf -oL gdbus monitor --system --dest org.lvsd1")
    watcher.wait_for("is owned by")
    director.run(command_of("Manager.AddService"))
    director.run(command_of("VirtualService.Delete"))
    watcher.wait_for("InterfacesRemoved")
    printed = watcher.stop()
    assert printed.index("InterfacesAdded") < printed.index("Manager.Changed") < printed.index("InterfacesRemoved")
