"""lvsd.conf: what is repaired and what is only told, a mistake in it, and systemd's reload and watchdog."""
import json

import pytest

from machines import faults, views

VIP, KEY = "192.0.2.100", "tcp/192.0.2.100:80"
CONF = "/etc/lvsd/lvsd.conf"


@pytest.fixture
def web(node):
    """A service with a weight of 3 and an address, and whatever lvsd.conf a test writes gone at the end."""
    node.run(f"lvsctl address add {VIP} --interface ens33 && lvsctl service add web {KEY} --scheduler wrr && "
             "lvsctl destination add web 192.0.2.2 192.0.2.3 --weight 3")
    yield node
    node.run(f"rm -rf /etc/lvsd /run/systemd/system/lvsd.service.d; systemctl daemon-reload; systemctl reload-or-restart lvsd")


def configure(node, text: str) -> None:
    node.write(CONF, text)
    node.run("systemctl reload lvsd")


def held(node) -> dict[str, tuple[str, int]]:
    return views.ipvsadm(node)[KEY][1]


def policy(node) -> dict[str, str]:
    got = node.run("busctl --json=short get-property org.lvsd1 /org/lvsd1 org.lvsd1.Manager Policy").stdout
    return json.loads(got)["data"]


def test_changed_and_extra_are_repaired_where_the_policy_says_so(web):
    configure(web, "[policy]\nchanged=repair\nextra=repair\n")
    web.eventually(lambda: policy(web) == {"missing": "repair", "changed": "repair", "extra": "repair", "address": "repair"})
    web.run(f"ipvsadm -A -t {VIP}:81 && ipvsadm -a -t {VIP}:81 -r 192.0.2.4 -g && ipvsadm -e -t {VIP}:80 -r 192.0.2.2 -g -w 9 && "
            f"ipvsadm -a -t {VIP}:80 -r 192.0.2.4 -g -w 2")
    web.eventually(lambda: held(web) == {"192.0.2.2:80": ("direct", 3), "192.0.2.3:80": ("direct", 3)}, 15, "what was declared")
    assert "192.0.2.4:81" in views.ipvsadm(web)[f"tcp/{VIP}:81"][1], "a service of another program was touched"
    assert not faults.problems(web) & {"changed", "missing"}


def test_missing_and_address_are_left_where_the_policy_says_so(web):
    configure(web, "[policy]\nmissing=report\naddress=report\n")
    web.run(f"ipvsadm -d -t {VIP}:80 -r 192.0.2.2 && ip address delete {VIP}/32 dev ens33")
    web.eventually(lambda: "missing" in faults.problems(web), 15, "the word for it")
    web.eventually(lambda: faults.state(web, "address", VIP) == "missing", 15, "the address to be missed")
    web.run(f"ipvsadm -e -t {VIP}:80 -r 192.0.2.3 -g -w 9")
    web.eventually(lambda: "changed" in faults.problems(web), 15, "a look after that one")
    assert "192.0.2.2:80" not in held(web) and faults.address(web, VIP) is None
    web.run("lvsctl reconcile")
    assert "192.0.2.2:80" in held(web) and faults.address(web, VIP) is not None
    web.run(f"ipvsadm -d -t {VIP}:80 -r 192.0.2.2 && ip address delete {VIP}/32 dev ens33 && rm {CONF} && systemctl reload lvsd")
    web.eventually(lambda: "192.0.2.2:80" in held(web) and faults.address(web, VIP) is not None, 5, "what a reload allows again")


@pytest.mark.kills_daemon
def test_a_mistake_is_told_with_its_line_and_changes_nothing(web):
    configure(web, "[policy]\nchanged=repair\n")
    configure(web, "[policy]\nextra=repair\n\nchanged=mend\n")
    web.eventually(lambda: "invalid" in faults.problems(web), 10, "the word for it")
    row = next(row for row in faults.status(web)["problems"] if row["problem"] == "invalid")
    assert row["object"] == CONF and f"{CONF}: line 4: changed: 'mend'" in row["description"]
    assert "line 4: changed: 'mend'" in web.journal()
    assert (policy(web)["changed"], policy(web)["extra"]) == ("repair", "report")
    faults.restart(web)
    faults.answers(web)
    assert (policy(web)["changed"], policy(web)["extra"]) == ("report", "report") and "invalid" in faults.problems(web)
    configure(web, "")
    web.eventually(lambda: "invalid" not in faults.problems(web), 10, "the end of it")


@pytest.mark.kills_daemon
def test_one_that_hangs_is_started_anew_and_writes_nothing(web):
    web.write("/run/systemd/system/lvsd.service.d/watchdog.conf", "[Service]\nWatchdogSec=2\n")
    web.run("systemctl daemon-reload")
    faults.restart(web)
    faults.answers(web)
    before, netlink = faults.pid(web), faults.Netlink(web)
    web.run(f"kill -STOP {before}")
    web.eventually(lambda: faults.pid(web) not in (0, before), 30, "another lvsd")
    faults.answers(web)
    assert netlink.writes() == []
    assert "watchdog" in web.run("journalctl -u lvsd --no-pager -n 50").stdout.lower()
    web.run("rm -f /var/crash/*; systemctl reset-failed lvsd")
