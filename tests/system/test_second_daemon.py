"""A second lvsd beside the first: another state directory, bus and network namespace; no systemd, no polkit."""
import pytest

from machines import bus, views

FOLDER = "/run/second"
BUS = f"unix:path={FOLDER}/bus"
INSIDE = f"DBUS_SYSTEM_BUS_ADDRESS={BUS} ip netns exec second"
KEY = "tcp/192.0.2.100:80"


class Second:
    """The second daemon, by hand."""

    def __init__(self, node):
        self.node = node
        self.daemon = None

    def start(self) -> None:
        self.daemon = self.node.start(f"{INSIDE} lvsd --state-directory {FOLDER}/state")
        self.node.eventually(f"{INSIDE} lvsctl list", 30, "the second daemon")

    def stop(self) -> str:
        """End it; what it has printed."""
        printed = self.daemon.stop() if self.daemon else ""
        self.daemon = None
        return printed

    def lvsctl(self, arguments: str):
        return self.node.run(f"{INSIDE} lvsctl {arguments}")

    def rules(self) -> str:
        return self.node.run("ip netns exec second ipvsadm -Ln").stdout


@pytest.fixture
def second(director):
    director.write(f"{FOLDER}/bus.conf", bus.configuration(BUS))
    director.run("ip netns add second && ip -n second link set lo up")
    dbus = director.start(f"dbus-daemon --config-file={FOLDER}/bus.conf --nofork --nopidfile")
    daemon = Second(director)
    try:
        director.eventually(f"test -S {FOLDER}/bus")
        daemon.start()
        yield daemon
    finally:
        print(daemon.stop())
        dbus.stop()
        director.run(f"ip netns delete second; rm -rf {FOLDER}")


def test_each_has_its_own(director, second):
    director.run("lvsctl service add first tcp/192.0.2.1:80")
    second.lvsctl(f"service add second {KEY} --scheduler rr")
    second.lvsctl("destination add second 192.0.2.2 192.0.2.3 --method direct")
    assert "192.0.2.100:80" in second.rules() and "192.0.2.1:80" not in second.rules()
    assert set(views.ipvsadm(director)) == {"tcp/192.0.2.1:80"}
    assert set(views.lvsctl_list(director)) == {"tcp/192.0.2.1:80"}


def test_it_restores_what_it_had(director, second):
    second.lvsctl(f"service add second {KEY} --scheduler rr")
    second.stop()
    director.run("ip netns exec second ipvsadm -C")
    second.start()
    assert "192.0.2.100:80" in second.rules()


def test_without_polkit_only_root_may_change_it(director, second):
    refused = director.try_run(f"setpriv --reuid=nobody --regid=nogroup --clear-groups env "
                               f"DBUS_SYSTEM_BUS_ADDRESS={BUS} lvsctl --no-ask-password service add second {KEY}")
    assert refused.status != 0, refused
    assert "192.0.2.100:80" not in second.rules()
    second.lvsctl(f"service add second {KEY}")
