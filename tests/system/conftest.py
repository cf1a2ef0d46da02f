"""The machines the system tests use, and what is looked at before and after each test."""
import contextlib
import sys
from pathlib import Path

import pytest

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from machines import daemon  # noqa: E402
from machines.machine import Machine  # noqa: E402
from machines.network import Network  # noqa: E402
from machines.project import CHECKED, MEMCHECK, RELEASE, UNSYNCED  # noqa: E402
from machines.result import LabError  # noqa: E402
from machines.tutorial import plug_in  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--build", choices=("plain", "checked"), default="checked",
                     help="which build the machines run; the checked one has the undefined behaviour sanitizer in it")
    parser.addoption("--memcheck", action="store_true", help="run the checked build under memcheck, which takes long")


def chosen_build(config):
    return {"plain": RELEASE, "checked": CHECKED}[config.getoption("--build")]


def pytest_sessionstart(session):
    """The project is built and installed once, for all processes that share the work."""
    if not hasattr(session.config, "workerinput"):
        chosen_build(session.config).make()
        chosen_build(session.config).install()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests that need the same machines go to the same process, which boots them once."""
    for item in items:
        for machines in ("workshop", "network", "subnets"):
            if machines in item.fixturenames:
                item.add_marker(pytest.mark.xdist_group(machines))
                break


@pytest.fixture(scope="session")
def build(request):
    return chosen_build(request.config)


@pytest.fixture(scope="session")
def stage(build) -> Path:
    """The project, installed, to be laid over a machine's root."""
    return build.stage


@pytest.fixture(scope="session")
def memcheck(build, request) -> Path | None:
    return MEMCHECK if build is CHECKED and request.config.getoption("--memcheck") else None


@pytest.fixture(scope="session")
def unsynced_stage() -> Path:
    """The project without the journal's fdatasync, to see that the tests of durability can fail."""
    UNSYNCED.make()
    return UNSYNCED.install()


@pytest.fixture(scope="session")
def network(stage, memcheck):
    """The tutorial's four machines, each with a second card (down) in the switch `inside`; for the whole run."""
    with Network(stage, memcheck) as network:
        plug_in(network, also=["inside"])
        network.boot()
        yield network


@contextlib.contextmanager
def background_ended(machines, test):
    """What a test that failed has left running must not ask for answers that the next one counts."""
    before = {machine.name: list(machine.background) for machine in machines}
    yield
    if test.get_closest_marker("keeps_state"):
        return
    for machine in machines:
        for command in [command for command in machine.background if command not in before[machine.name]]:
            if machine.running:
                command.stop()


@pytest.fixture
def lan(network, request):
    """The four machines, with nothing of an earlier test in them, and no crash or report at the end."""
    for machine in network.machines.values():
        if not machine.running:
            network.boot(machine)
    nodes = [machine for machine in network.machines.values() if machine.name != "client"]
    if not request.node.get_closest_marker("keeps_state"):
        for node in nodes:
            daemon.clear(node)
    before = {node.name: daemon.condition(node) for node in nodes}
    with background_ended(network.machines.values(), request.node):
        yield network
    may_end = request.node.get_closest_marker("kills_daemon") is not None
    found = [problem for node in nodes if node.running for problem in daemon.problems(node, before[node.name], may_end)]
    assert not found, "\n".join(found)


@pytest.fixture(scope="session")
def workshop(stage, memcheck):
    """Two machines to break things on: the node has lvsd; the neighbour asks, answers, and listens to the wire."""
    with Network(stage, memcheck) as network:
        network.machine("node", "192.0.2.1/24", "2001:db8::1/64", also=["inside"], web=True)
        network.machine("neighbour", "192.0.2.2/24", "2001:db8::2/64", lvsd=False, web=True)
        network.boot()
        yield network


@pytest.fixture
def node(workshop, request):
    """The one that owns nothing yet, and has neither crashed nor made a report at the end."""
    machine = workshop["node"]
    if not machine.running:
        workshop.boot(machine)
    machine.run("ip -force -batch /usr/lib/lab/network >/dev/null 2>&1 || :")
    daemon.clear(machine)
    before = daemon.condition(machine)
    with background_ended(workshop.machines.values(), request.node):
        yield machine
    found = daemon.problems(machine, before, request.node.get_closest_marker("kills_daemon") is not None)
    assert not found, "\n".join(found)


@pytest.fixture
def neighbour(workshop) -> Machine:
    return workshop["neighbour"]


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


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """On a failure: the last command, the console and the journal of each machine of the test."""
    outcome = yield
    report = outcome.get_result()
    network = next((value for value in getattr(item, "funcargs", {}).values() if isinstance(value, Network)), None)
    if not report.failed or network is None:
        return
    for machine in network.machines.values():
        try:
            last = f"The last command:\n{machine.last}" if machine.last else "No command was run."
            last += f"\nconsole:\n{machine.console}" if machine.console else ""
            journal = f"\nlvsd:\n{machine.journal()}" if machine.running and machine.name != "client" else ""
            report.sections.append((f"machine {machine.name}", last + journal))
        except LabError as problem:
            report.sections.append((f"machine {machine.name}", f"{problem}\nconsole:\n{machine.console}"))


def pytest_terminal_summary(terminalreporter):
    """The figures that tests have come to, also those of tests that passed."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(value)
