"""A second lvsd beside the first: another state directory, bus and network namespace; no systemd, no polkit."""
import pytest

from machines import views

FOLDER = "/run/second"
BUS = f"unix:path={FOLDER}/bus"
BUS_CONFIG = f"""\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>{BUS}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="true"/>
  </policy>
</busconfig>
"""
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

    def stop(self) -> None:
        if self.daemon:
            self.daemon.stop()
        self.daemon = None

    def lvsctl(self, arguments: str):
        return self.node.run(f"{INSIDE} lvsctl {arguments}")

    def rules(self) -> str:
        return self.node.run("ip netns exec second ipvsadm -Ln").stdout


@pytest.fixture
def second(director):
    director.write(f"{FOLDER}/bus.conf", BUS_CONFIG)
    director.run("ip netns add second && ip -n second link set lo up")
    bus = director.start(f"dbus-daemon --config-file={FOLDER}/bus.conf --nofork --nopidfile")
    director.eventually(f"test -S {FOLDER}/bus")
    daemon = Second(director)
    daemon.start()
    yield daemon
    daemon.stop()
    bus.stop()
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
