"""The Debian packages, from their installation to nothing left of them, and clients that notice none of it."""
import re
import subprocess

import pytest

from machines import debian, faults, rpm, views
from machines.network import Network
from machines.project import SOURCE
from machines.tutorial import ADDRESSES, VIP

# One process builds what both look at.
pytestmark = [pytest.mark.long, pytest.mark.xdist_group("package"), pytest.mark.timeout(1200)]

# What is installed on one machine; the order is dpkg's to find.
NAMES = " ".join(debian.NAMES)
# Where something could be left behind, besides what dpkg itself writes down.
LEFT_BEHIND = (r"find /etc /run /var/lib /var/cache /usr/local /usr/share/polkit-1 /usr/share/dbus-1 /lib/systemd "
               r"/usr/lib/systemd /usr/lib/sysusers.d -name '*lvs*' -not -path '/run/lab*' -not -path '/var/lib/dpkg/*'")


@pytest.fixture(scope="module")
def changes():
    return debian.build()


@pytest.fixture(scope="module")
def bare(changes):
    """A director, a real server and a client without the project. The state directory is no disk of its own, so that it
    can be removed, what is installed is started even where the host is a container, and manual pages are not indexed."""
    with Network() as network:
        for name in ("node1", "node2", "client"):
            network.machine(name, ADDRESSES[name][0], lvsd=False, web=name == "node2")
        network.boot()
        for name in ("node1", "node2"):
            network[name].run("umount /var/lib/lvsd && rmdir /var/lib/lvsd && rm -f /var/lib/man-db/auto-update /usr/sbin/policy-rc.d")
        yield network


def install(machine, *files) -> None:
    machine.run(f"DEBIAN_FRONTEND=noninteractive dpkg -i {' '.join(map(str, files))}", seconds=300)


def installed_files(machine) -> list[str]:
    """All files that the packages brought, without folders."""
    return machine.run(f"dpkg -L {NAMES} | sort -u | while read -r f; do [ -d \"$f\" ] || echo \"$f\"; done").lines


def check_gone(machine, files: list[str]) -> None:
    left = machine.run(f"for f in {' '.join(files)}; do [ -e $f ] && echo $f; done; {LEFT_BEHIND}").lines
    assert left == []
    assert machine.run("systemctl daemon-reload; systemctl list-unit-files --no-legend 'lvsd*'; "
                       "systemctl list-units --all --no-legend 'lvsd*'; busctl list --no-legend | grep org.lvsd1 || :").stdout == ""
    # As every user whom systemd-sysusers made, these stay; nothing is their own any more.
    assert [line.partition(":")[0] for line in machine.run("getent passwd lvsd lvsd-metrics").lines] == ["lvsd", "lvsd-metrics"]
    assert machine.run("find /etc /run /var -user lvsd -o -user lvsd-metrics").stdout == ""
    assert "lvs" not in machine.run("dpkg-query --show --showformat='${db:Status-Abbrev}${Package}\n' | grep -v '^un'").stdout


def test_lintian_has_no_complaint(changes):
    said = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", str(changes)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert said.returncode == 0, said.stdout


def test_rpm_can_be_built_and_has_no_mistake():
    files = rpm.build()
    assert [file.name.partition("-0")[0] for file in files] == sorted(debian.NAMES)
    assert rpm.mistakes(files) == []


def test_life_of_the_packages(bare):
    director, real_server, client = (bare[name] for name in ("node1", "node2", "client"))
    nodes = (director, real_server)
    for node in nodes:
        install(node, *map(debian.package, debian.NAMES))
        assert node.run("systemctl is-enabled lvsd; systemctl is-active lvsd").stdout == "enabled\nactive\n"
        assert faults.status(node)["state"] == "clean"
    director.run(f"sh {SOURCE}/debian/tests/service")
    files = installed_files(director)
    assert len(files) > 20

    real_server.run(f"lvsctl role add {VIP}")
    director.run(f"lvsctl address add {VIP}/24 --interface ens33 --label ens33:2; "
                 f"lvsctl service add web tcp/{VIP}:80 --scheduler rr; "
                 f"lvsctl destination add web {real_server.address} --method direct")
    assert 'lvsd_services 1' in director.run("curl -s http://127.0.0.1:9779/metrics").stdout

    asking = client.start(f"while sleep 0.1; do curl -s --max-time 20 http://{VIP}/ || echo FAILED; done")
    asking.wait_for("node2", 60)
    held = client.start(f"exec curl -s --max-time 900 http://{VIP}/hold/800")

    def goes_on() -> None:
        answered = asking.output().count("node2")
        client.eventually(lambda: asking.output().count("node2") >= answered + 5, 60, "further answers")
        assert "FAILED" not in asking.output() and held.running()

    before = [views.configuration(node) for node in nodes]
    for node in nodes:
        pid = faults.pid(node)
        netlink = faults.Netlink(node)
        install(node, *(debian.with_version(name, "0.9.9") for name in debian.NAMES))
        assert netlink.writes() == []
        assert faults.pid(node) not in (0, pid) and faults.status(node)["state"] == "clean"
        assert re.findall(r"ii  (\S+)", node.run(f"dpkg-query --show --showformat='${{db:Status-Abbrev}} ${{Version}}\n' {NAMES}"
                                                 ).stdout) == ["0.9.9"] * 3
        goes_on()

    for node in nodes:
        node.run(f"dpkg --remove {NAMES}", seconds=300)
        goes_on()
    for node, configured in zip(nodes, before, strict=True):
        assert views.configuration(node).splitlines() == configured.splitlines()

    for node in nodes:
        install(node, *(debian.with_version(name, "0.9.9") for name in debian.NAMES))
        assert faults.status(node)["state"] == "clean"
        goes_on()
    assert views.lvsctl_list(director) == views.ipvsadm(director) and views.ipvsadm(director)

    director.write("/etc/lvsd/lvsd.conf", "[ipvsadm]\nweights=configured\n")
    for node in nodes:
        node.run(f"dpkg --purge {NAMES}", seconds=300)
        check_gone(node, files)
    goes_on()
    for node, configured in zip(nodes, before, strict=True):
        assert views.configuration(node).splitlines() == configured.splitlines()
    held.stop()
    assert set(asking.stop().split()) == {"node2"}
