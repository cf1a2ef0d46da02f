"""The machines the system tests use, and what is looked at before and after each test."""
import sys
from pathlib import Path

import pytest

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from machines.machine import Machine  # noqa: E402
from machines.network import Network  # noqa: E402
from machines.project import PLAIN, SANITIZED, leak_suppressions  # noqa: E402
from machines.result import LabError, SANITIZER_MARKS  # noqa: E402
from machines.tutorial import plug_in  # noqa: E402

DAEMON = pytest.StashKey[dict]()


def pytest_addoption(parser):
    parser.addoption("--build", choices=("plain", "sanitized"), default="sanitized",
                     help="which build of the project the machines run")


@pytest.fixture(scope="session")
def build(request):
    return {"plain": PLAIN, "sanitized": SANITIZED}[request.config.getoption("--build")]


@pytest.fixture(scope="session")
def stage(build) -> Path:
    """The project, built and installed, to be laid over a machine's root."""
    build.make()
    return build.install()


@pytest.fixture(scope="session")
def network(build, stage):
    """The tutorial's four machines, each with a second card (down) in the switch `inside`; for the whole run."""
    with Network(stage, sanitized=build.sanitized, leaks=leak_suppressions()) as network:
        plug_in(network, also=["inside"])
        network.boot()
        yield network


@pytest.fixture
def lan(network, request):
    """The four machines, with nothing of an earlier test in them, and no crash or report at the end."""
    for machine in network.machines.values():
        if not machine.running:
            network.boot(machine)
    nodes = [machine for machine in network.machines.values() if machine.name != "client"]
    if not request.node.get_closest_marker("keeps_state"):
        for node in nodes:
            clear(node)
    before = {node.name: daemon(node) for node in nodes}
    yield network
    check_daemons(nodes, before, bool(request.node.get_closest_marker("kills_daemon")))


@pytest.fixture
def director(lan) -> Machine:
    return lan["node1"]


@pytest.fixture
def rs1(lan) -> Machine:
    return lan["node2"]


@pytest.fixture
def rs2(lan) -> Machine:
    return lan["node3"]


@pytest.fixture
def client(lan) -> Machine:
    return lan["client"]


def clear(node: Machine) -> None:
    """lvsd owns nothing any more, and nothing foreign is left in the kernel."""
    node.run("systemctl reset-failed lvsd; systemctl is-active --quiet lvsd || systemctl start lvsd; "
             "lvsctl clear --force && if [ -e /proc/net/ip_vs ]; then ipvsadm -C; fi")
    owned = node.run("lvsctl export").stdout
    left = [line for line in owned.splitlines() if line.startswith("[") and line.split()[0].strip("[]")
            in ("Service", "Role", "Address", "service", "role", "address")]
    assert not left, f"lvsctl clear has left on {node.name}:\n{owned}"


def daemon(node: Machine) -> dict[str, str]:
    """What systemd knows about lvsd."""
    shown = node.run("systemctl show lvsd --property=NRestarts,Result,InvocationID,ActiveState").stdout
    return dict(line.split("=", 1) for line in shown.splitlines())


def check_daemons(nodes: list[Machine], before: dict[str, dict[str, str]], may_end: bool) -> None:
    """No daemon crashed, none made a sanitizer report."""
    problems = []
    for node in nodes:
        if not node.running:
            continue
        now = daemon(node)
        if not may_end and int(now["NRestarts"]) > int(before[node.name]["NRestarts"]):
            problems.append(f"lvsd was restarted on {node.name}")
        if not may_end and now["Result"] not in ("success", before[node.name]["Result"]):
            problems.append(f"lvsd on {node.name} ended with {now['Result']}")
        cores = node.run("ls /var/crash").stdout.split()
        if cores:
            node.run("rm -f /var/crash/*")
            problems.append(f"core dumps on {node.name}: {' '.join(cores)}")
        if not may_end and now["ActiveState"] != "active":
            problems.append(f"lvsd on {node.name} is {now['ActiveState']}")
        problems += sanitizer_reports(node)
    assert not problems, "\n".join(problems)


def sanitizer_reports(node: Machine) -> list[str]:
    """Those in the journal, which is then begun anew so that each is blamed on one test only."""
    text = node.journal(lines=3000)
    if not any(mark.decode() in text for mark in SANITIZER_MARKS):
        return []
    node.run("journalctl --rotate --vacuum-time=1s >/dev/null 2>&1")
    return [f"a sanitizer report on {node.name}:\n{text[-6000:]}"]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """On a failure: the last command and the journal of each machine of the test."""
    outcome = yield
    report = outcome.get_result()
    network = next((value for value in getattr(item, "funcargs", {}).values() if isinstance(value, Network)), None)
    if not report.failed or network is None:
        return
    for machine in network.machines.values():
        try:
            last = f"The last command:\n{machine.last}" if machine.last else "No command was run."
            journal = f"\nlvsd:\n{machine.journal()}" if machine.running and machine.name != "client" else ""
            report.sections.append((f"machine {machine.name}", last + journal))
        except LabError as problem:
            report.sections.append((f"machine {machine.name}", f"{problem}\nconsole:\n{machine.console}"))
