"""Settings: set, kept over restarts and reboots, let go with what was there before; never taken from others."""
import re

import pytest

from machines import faults
from machines.faults import FAILURE, NOT_FOUND, USAGE, refused

REUSE, THRESHOLD, FORWARD = "net.ipv4.vs.conn_reuse_mode", "net.ipv4.vs.sync_threshold", "net.ipv4.ip_forward"
DEFAULTS = {REUSE: "1", THRESHOLD: "3 50", FORWARD: "0"}


def held(node, name: str) -> str:
    return " ".join(faults.sysctl(node, name).split())


def write(node, name: str, value: str) -> None:
    node.run(f"sysctl -q -w '{name}={value}'")


def row(node, name: str) -> dict:
    noun = "timeouts" if name.startswith("timeout.") else "sysctl"
    rows = node.run(f"lvsctl {noun} list --json").json["settings"]
    return next((row for row in rows if row["name"] == name), {})


def timeouts(node) -> str:
    """As ipvsadm has them: tcp, tcp-fin, udp."""
    return node.run("ipvsadm -L --timeout").stdout.split(":")[-1].strip()


@pytest.fixture(autouse=True)
def kernels_own_settings(node):
    """Those of a fresh boot, before and after."""
    yield
    node.run("lvsctl --force --quiet clear")
    for name, value in DEFAULTS.items():
        write(node, name, value)
    node.run("ipvsadm --set 900 120 300")


def test_a_setting_is_set_and_put_back(node):
    node.run("lvsctl sysctl set conn_reuse_mode 0 && lvsctl sysctl set net/ipv4/vs/sync_threshold '4 60'")
    assert held(node, REUSE) == "0" and held(node, THRESHOLD) == "4 60"
    assert row(node, REUSE) == {"name": REUSE, "value": "0", "kernel": "0", "state": "applied", "previous": "1"}
    assert row(node, FORWARD) == {"name": FORWARD, "value": "", "kernel": "0", "state": "foreign", "previous": ""}
    assert REUSE in node.run("lvsctl list").stdout and FORWARD not in node.run("lvsctl list").stdout
    node.run("lvsctl sysctl set conn_reuse_mode 2")
    assert held(node, REUSE) == "2" and row(node, REUSE)["previous"] == "1"
    node.run(f"lvsctl sysctl unset {REUSE} {THRESHOLD}")
    assert held(node, REUSE) == "1" and held(node, THRESHOLD) == "3 50"
    assert row(node, REUSE)["state"] == "foreign"


def test_what_was_there_is_durable_before_the_first_write(node):
    with faults.traced(node, "-e trace=write,pwrite64,fdatasync") as trace:
        node.run("lvsctl sysctl set ip_forward 1")
    lines = trace.output().splitlines()
    written = [number for number, line in enumerate(lines) if re.search("write.*/ip_forward>", line)]
    durable = [number for number, line in enumerate(lines) if re.search(r"fdatasync.* = 0$", line)]
    assert len(written) == 1 and durable and min(durable) < written[0], trace.output()


def test_what_cannot_be_set_is_refused_with_the_reason(node):
    refused(node, "lvsctl sysctl set net.ipv4.tcp_rmem 1", USAGE, "net.ipv4.tcp_rmem", "/etc/sysctl.d")
    refused(node, "lvsctl sysctl set net.ipv4.conf.all.arp_ignore 1", USAGE, "arp_ignore", "role")
    refused(node, "lvsctl sysctl set drop_entry 4", USAGE, "drop_entry", "from 0 to 3")
    refused(node, "lvsctl sysctl set sync_threshold '60 4'", USAGE, "sync_threshold", "less than")
    refused(node, "lvsctl sysctl set net.ipv4.conf.eth7.send_redirects 0", NOT_FOUND, "eth7", "interface")
    refused(node, f"lvsctl sysctl unset {FORWARD}", NOT_FOUND, FORWARD)
    assert node.run("lvsctl export").stdout == "[lvsd]\nformat=1\n"


def test_all_of_a_call_or_nothing(node):
    refused(node, "gdbus call --system --dest org.lvsd1 --object-path /org/lvsd1 --method org.lvsd1.Manager.SetSettings "
            f"\"{{'{FORWARD}': '1', 'net.ipv4.conf.eth7.send_redirects': '0'}}\" '{{}}'", FAILURE, "eth7")
    assert held(node, FORWARD) == "0" and row(node, FORWARD)["state"] == "foreign"


def test_timeouts_are_set_and_put_back(node):
    node.run("ipvsadm --set 800 100 200")
    node.run("lvsctl timeouts set --tcp 1800 --udp 60")
    assert timeouts(node) == "1800 100 60"
    assert row(node, "timeout.tcp") == {"name": "timeout.tcp", "value": "1800", "kernel": "1800", "state": "applied",
                                        "previous": "800"}
    refused(node, "lvsctl timeouts set", USAGE, "--tcp")
    node.run("lvsctl timeouts unset")
    assert timeouts(node) == "800 100 200"


def test_one_changed_by_hand_is_told_and_left_until_it_is_set_again(node):
    node.run("lvsctl sysctl set ip_forward 1")
    write(node, FORWARD, "0")
    node.eventually(lambda: "changed" in faults.problems(node), 15, "the word for it in status")
    assert held(node, FORWARD) == "0" and row(node, FORWARD)["state"] == "changed"
    node.run("lvsctl sysctl set ip_forward 1")
    assert held(node, FORWARD) == "1" and row(node, FORWARD)["state"] == "applied"
    assert "changed" not in faults.problems(node)
    write(node, FORWARD, "0")
    node.run("lvsctl sysctl unset ip_forward")
    write(node, FORWARD, "1")
    node.run("lvsctl sysctl set ip_forward 0 && sysctl -q -w net.ipv4.ip_forward=1 && lvsctl sysctl unset ip_forward")
    assert held(node, FORWARD) == "1", "took back what somebody else had written"


def test_a_defence_may_be_at_work(node):
    node.run("lvsctl sysctl set drop_entry 1")
    write(node, "net.ipv4.vs.drop_entry", "2")
    assert row(node, "net.ipv4.vs.drop_entry")["state"] == "applied"
    node.run("lvsctl sysctl unset drop_entry")
    assert held(node, "net.ipv4.vs.drop_entry") == "0"


@pytest.mark.long
def test_an_interface_with_a_dot_and_one_that_goes_and_comes(node):
    name = "net/ipv4/conf/dummy0.5/send_redirects"
    node.run("modprobe dummy; ip link add dummy0.5 type dummy")
    node.run(f"lvsctl sysctl set {name} 0")
    assert node.run(f"cat /proc/sys/{name}").stdout.strip() == "0" and row(node, name)["state"] == "applied"
    node.run("ip link delete dummy0.5")
    node.eventually(lambda: "missing" in faults.problems(node), 15, "the word for it")
    assert row(node, name)["state"] == "missing"
    node.run("ip link add dummy0.5 type dummy")
    node.eventually(f"grep -q 0 /proc/sys/{name}", 15, "it to be written again")
    node.run("lvsctl clear --force && ip link delete dummy0.5")


def test_an_export_takes_settings_along(node):
    node.run("lvsctl sysctl set ip_forward 1 && lvsctl timeouts set --udp 60")
    exported = node.run("lvsctl export").stdout
    assert exported.endswith("\n[settings]\nnet.ipv4.ip_forward=1\ntimeout.udp=60\n"), exported
    node.run("lvsctl clear --force")
    assert held(node, FORWARD) == "0" and timeouts(node) == "900 120 300"
    node.run("lvsctl apply -", stdin=exported)
    assert held(node, FORWARD) == "1" and timeouts(node) == "900 120 60"
    assert node.run("lvsctl export").stdout == exported
    assert "0 added, 0 changed, 0 removed, 2 unchanged" in node.run("lvsctl apply -", stdin=exported).output


@pytest.mark.long
@pytest.mark.kills_daemon
def test_kept_over_restarts_which_write_nothing_and_over_a_reboot(node):
    node.run("lvsctl sysctl set conn_reuse_mode 0 && lvsctl timeouts set --tcp 1800")
    netlink = faults.Netlink(node)
    faults.restart(node)
    faults.kill(node)
    assert netlink.writes() == []
    assert row(node, REUSE)["previous"] == "1" and faults.status(node)["state"] == "clean"
    node.reboot()
    assert held(node, REUSE) == "0" and timeouts(node) == "1800 120 300"
    assert faults.status(node)["state"] == "clean"
    node.run(f"lvsctl sysctl unset {REUSE} && lvsctl timeouts unset")
    assert held(node, REUSE) == "1" and timeouts(node) == "900 120 300"


@pytest.mark.long
@pytest.mark.kills_daemon
def test_one_that_was_missing_at_the_start_is_recorded_and_written_when_it_appears(node):
    name = "net.ipv4.conf.dummy7.send_redirects"
    node.run(f"modprobe dummy; ip link add dummy7 type dummy && lvsctl sysctl set {name} 0")
    node.reboot()
    assert row(node, name)["state"] == "missing" and faults.status(node)["state"] == "attention"
    node.run("modprobe dummy; ip link add dummy7 type dummy")
    node.eventually(lambda: row(node, name)["state"] == "applied", 15, "it to be written")
    assert row(node, name)["previous"] == "1", "what it was was not recorded"
    node.run(f"lvsctl sysctl unset {name}")
    assert held(node, name) == "1"
    node.run("ip link delete dummy7")
