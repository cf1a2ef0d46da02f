"""While a hundred thousand destinations are worked on, whoever asks something else is answered."""
import json

import pytest

from machines.bench_workload import Workload
from machines.network import Network

REPEATER = "exec /usr/bin/python3 -I /usr/lib/lab/repeater"
WORK = Workload(10_000, 10)
QUIET_CALLS = 300
# What is done while somebody asks, one after the other. The weights of the second file are other ones.
LONG = {
    "import": "lvsctl import /run/rules",
    "export": "lvsctl export >/run/exported",
    "apply of what is there, with one change": "sed -i '0,/weight=1/s//weight=7/' /run/exported; lvsctl apply /run/exported",
    "dry run": "lvsctl apply --dry-run /run/other >/run/plan",
    "diff": "lvsctl diff",
    "apply with a change of each": "lvsctl apply /run/other",
    "rollback": "lvsctl --force rollback",
}
# Beside what the bus itself takes meanwhile: the processor is shared with those who work.
TIMES, BESIDES = 10, 0.5

LVSD = {"path": "/org/lvsd1", "interface": "org.lvsd1.Manager", "member": "ListGenerations", "arguments": "(@a{sv} {},)"}
BUS = {"name": "org.freedesktop.DBus", "path": "/org/freedesktop/DBus", "interface": "org.freedesktop.DBus", "member": "GetId",
       "arguments": "()"}


def calls(of: dict, times: int) -> str:
    return json.dumps({"user": "root", "times": times, "window": 1, **of})


def longest(answers: dict) -> float:
    assert answers["seconds"] and not answers["errors"]
    return max(answers["seconds"])


def asked(node, command: str) -> tuple[float, float]:
    """How long lvsd, and the bus by itself, took at most to answer while that was done."""
    asking = [node.start(f"{REPEATER} </run/{of}.json") for of in ("lvsd", "bus")]
    node.run(command, seconds=300)
    lvsd, bus = (longest(json.loads(one.stop())) for one in asking)
    return lvsd, bus


@pytest.fixture
def node(stage):
    """Whoever prints a plan of so many steps has all of it in memory, and each generation is a file."""
    with Network(stage) as network:
        machine = network.machine("node", "192.0.2.1/24", memory="1536M", disk=1 << 30)
        network.boot()
        machine.write("/run/rules", WORK.ipvsadm())
        machine.run(r"lvsctl import --convert /run/rules | sed '/^destination/s/weight=1$/weight=9/' >/run/other", seconds=120)
        yield machine


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_nothing_large_keeps_others_waiting(node, record_property):
    quiet = longest(node.run(REPEATER, stdin=calls(LVSD, QUIET_CALLS), seconds=300).json)
    for name, of in (("lvsd", LVSD), ("bus", BUS)):
        node.write(f"/run/{name}.json", calls(of, 1_000_000))
    found = {name: asked(node, command) for name, command in LONG.items()}
    figures = f"alone {quiet * 1e3:.0f} ms; lvsd and the bus: " + ", ".join(
        f"{name} {lvsd * 1e3:.0f} and {bus * 1e3:.0f} ms" for name, (lvsd, bus) in found.items())
    print(figures)
    record_property("figures", figures)
    assert all(lvsd <= bus + TIMES * quiet + BESIDES for lvsd, bus in found.values()), figures
    refused = node.try_run("busctl call org.lvsd1 /org/lvsd1 org.lvsd1.Manager GetConfiguration 'a{sv}' 0")
    assert refused.status != 0 and "compressed" in refused.stderr, refused
