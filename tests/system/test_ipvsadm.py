"""lvsctl in the place of ipvsadm: the same command lines as the real one, each in a network namespace of its own."""
import json
import re
from difflib import unified_diff
from pathlib import Path

import pytest

from ipvsadm import lines as table
from ipvsadm.lines import Line
from machines import bus
from machines.project import SOURCE

VIP = "192.0.2.100:80"
KEY = f"tcp/{VIP}"
AS_NOBODY = "setpriv --reuid=nobody --regid=nogroup --clear-groups"
FOLDER = "/run/drop-in"
BUS = f"unix:path={FOLDER}/bus"
REAL = "ip netns exec real ipvsadm"
INSIDE = f"DBUS_SYSTEM_BUS_ADDRESS={BUS} ip netns exec ours"
OURS = f"{INSIDE} {FOLDER}/ipvsadm"
# All that the real one can say of a kernel; -Ln says nothing that is not in these.
STATE = "ipvsadm -Sn; ipvsadm -Ln --thresholds; ipvsadm -Ln --tun-info; ipvsadm -L --timeout; ipvsadm -L --daemon"
SCENE_SECONDS = 1200  # a machine's processes are slow, and there are some hundreds of them
WALK = Path(__file__).parent / "ipvsadm" / "walk.py"


class Pair:
    """Two namespaces with the same network: the real ipvsadm in one, lvsd and ours in the other."""

    def __init__(self, node):
        self.node = node

    def reset(self) -> None:
        self.node.run(f"{REAL} -C; {REAL} --set 900 120 300; {INSIDE} lvsctl --force --quiet clear; "
                      f"ip netns exec ours ipvsadm -C; ip netns exec ours ipvsadm --set 900 120 300; "
                      f"for name in real ours; do for state in master backup; do "
                      f"ip netns exec $name ipvsadm --stop-daemon $state 2>/dev/null || :; done; done")

    def walk(self, lines: list[Line]) -> list[str]:
        """Runs them all in both; what came out otherwise than it is meant to."""
        state = [f"ip netns exec {name} sh -c '{STATE}'" for name in ("real", "ours")]
        arguments = " ".join(f'"{word}"' for word in (REAL, OURS, *state))
        self.reset()
        printed = self.node.run(f"/usr/bin/python3 {FOLDER}/walk.py {arguments}", seconds=SCENE_SECONDS,
                                stdin=json.dumps([(line.words, line.stdin) for line in lines])).stdout
        outcomes = [json.loads(text) for text in printed.splitlines()]
        assert len(outcomes) == len(lines)
        return [problem for line, outcome in zip(lines, outcomes) for problem in compare(line, outcome)]


def compare(line: Line, outcome: dict) -> list[str]:
    """What is different and not meant to be, or the other way round."""
    real, ours = outcome["real"], outcome["ours"]
    if line.because == "--nosort":  # the kernel's order is another one in each namespace
        for one in (real, ours):
            one["stdout"] = "".join(sorted(one["stdout"]))
    meant = line.differs.split()
    problems = []
    for what, key in (("status", "status"), ("output", "stdout"), ("state", "state")):
        texts = [f"{one[key]}\n".splitlines() for one in (real, ours)]
        difference = "\n".join(unified_diff(*texts, "ipvsadm", "lvsctl", n=0, lineterm=""))
        if bool(difference) != (what in meant):
            problems.append(f"ipvsadm {line.words}: {'' if difference else 'no '}difference in {what}\n{difference}\n"
                            f"{real['stderr']}{ours['stderr']}")
    return problems


@pytest.fixture
def pair(node):
    node.write(f"{FOLDER}/bus.conf", bus.configuration(BUS))
    node.write(f"{FOLDER}/walk.py", WALK.read_text())
    node.run(f"ln -sf $(command -v lvsctl) {FOLDER}/ipvsadm; modprobe dummy; for name in real ours; do "
             "ip netns add $name && ip -n $name link set lo up && ip -n $name link add eth0 type dummy && "
             "ip -n $name link set eth0 up && ip -n $name address add 198.51.100.1/24 dev eth0; done")
    dbus = node.start(f"dbus-daemon --config-file={FOLDER}/bus.conf --nofork --nopidfile")
    daemon = None
    try:
        node.eventually(f"test -S {FOLDER}/bus")
        daemon = node.start(f"{INSIDE} lvsd --state-directory {FOLDER}/state")
        node.eventually(f"{INSIDE} lvsctl list", 30, "the daemon in the namespace")
        yield Pair(node)
    finally:
        print(daemon.stop() if daemon else "")
        dbus.stop()
        node.run(f"ip netns delete real; ip netns delete ours; rm -rf {FOLDER}")


def test_the_same_comes_of_a_sample(pair):
    found = pair.walk(table.QUICK)
    assert not found, "\n".join(found)


@pytest.mark.long
@pytest.mark.timeout(SCENE_SECONDS)
@pytest.mark.parametrize("scene", table.SCENES)
def test_the_same_comes_of(pair, scene):
    found = pair.walk(table.SCENES[scene])
    assert not found, "\n".join(found)


@pytest.mark.long
@pytest.mark.timeout(SCENE_SECONDS)
def test_what_differs_does_so_on_purpose(pair):
    found = [problem for scene in table.DIFFERENCES for problem in pair.walk(scene)]
    assert not found, "\n".join(found)


def test_the_table_is_whole():
    """Every option of ipvsadm's manual page is in it, and every difference in ours."""
    lines = [line for scene in (*table.SCENES.values(), *table.DIFFERENCES) for line in scene]
    manual = (SOURCE / "data" / "lvsctl-ipvsadm.1.scd").read_text()
    entries = re.findall(r"^(\*-.*)$", manual, re.MULTILINE)
    words = {re.split(r"[ =]", word)[0] for line in lines for word in line.words.split()}
    reasons = {line.because for line in lines if line.because}
    assert len(lines) >= 150
    assert reasons <= {entry.replace("*", "") for entry in entries}
    assert {f"--{name}" for name in OPTIONS} <= words, {f"--{name}" for name in OPTIONS} - words


OPTIONS = """add-service edit-service delete-service clear restore save add-server edit-server delete-server list zero
    set start-daemon stop-daemon help tcp-service udp-service sctp-service fwmark-service scheduler persistent netmask
    pe sched-flags real-server gatewaying ipip tun-type tun-port tun-nocsum tun-csum tun-remcsum masquerading weight
    u-threshold l-threshold connection timeout daemon stats rate thresholds persistent-conn tun-info sort nosort
    numeric exact ipv6 ops syncid sync-maxlen mcast-interface mcast-group mcast-port mcast-ttl""".split()


# on a machine as it is, with systemd and polkit

def destination(node, key: str = KEY) -> dict:
    return node.run(f"lvsctl destination list {key} --json").json["destinations"][0]


@pytest.fixture
def preferences(node):
    node.write("/etc/lvsd/lvsd.conf", "[ipvsadm]\nweights=runtime\n")
    node.run("systemctl reload lvsd")
    yield node
    node.run("rm -rf /etc/lvsd && systemctl reload lvsd")


def test_what_it_adds_is_kept(node):
    node.run(f"lvsctl ipvsadm -A -t {VIP} -s rr && lvsctl ipvsadm -a -t {VIP} -r 192.0.2.2 -w 3")
    node.run("systemctl stop lvsd && ipvsadm -C && systemctl start lvsd")
    assert "192.0.2.2:80                 Route   3" in node.run("ipvsadm -Ln").stdout


def test_nobody_may_not(node):
    refused = node.try_run(f"{AS_NOBODY} lvsctl --no-ask-password ipvsadm -A -t {VIP}")
    assert refused.status == 2, refused
    assert VIP not in node.run("ipvsadm -Ln").stdout
    assert node.run(f"{AS_NOBODY} lvsctl ipvsadm -Ln").stdout == node.run("ipvsadm -Ln").stdout


@pytest.mark.long
def test_a_weight_may_be_for_now(preferences):
    node = preferences
    node.run(f"lvsctl ipvsadm -A -t {VIP} && lvsctl ipvsadm -a -t {VIP} -r 192.0.2.2 -w 3")
    node.run(f"lvsctl ipvsadm -e -t {VIP} -r 192.0.2.2 -w 0 -x 9")
    found = destination(node)
    assert (found["weight"], found["effective_weight"], found["upper_threshold"]) == (3, 0, 9)
    assert found["runtime"]["reason"] == "ipvsadm"
    assert "192.0.2.2:80                 Route   0" in node.run("ipvsadm -Ln").stdout
    assert node.run("lvsctl ipvsadm -Ln").stdout == node.run("ipvsadm -Ln").stdout
    node.run(f"lvsctl ipvsadm -e -t {VIP} -r 192.0.2.2 -w 3 -x 9")
    assert destination(node)["runtime"] is None


@pytest.mark.long
def test_a_configured_weight_ends_one_for_now(node):
    node.run(f"lvsctl ipvsadm -A -t {VIP} && lvsctl ipvsadm -a -t {VIP} -r 192.0.2.2 && "
             f"lvsctl --force destination edit {KEY} 192.0.2.2 --runtime 0 && "
             f"lvsctl ipvsadm -e -t {VIP} -r 192.0.2.2 -w 5")
    found = destination(node)
    assert (found["weight"], found["effective_weight"], found["runtime"]) == (5, 5, None)


def test_connections_are_listed_alike(node):
    node.run("ip address add 198.51.100.1/32 dev lo")
    try:
        node.run("ipvsadm -A -u 198.51.100.1:5000 -p && ipvsadm -a -u 198.51.100.1:5000 -r 192.0.2.2 -m && "
                 "ipvsadm -A -t [2001:db8::99]:80 && ipvsadm -a -t [2001:db8::99]:80 -r [2001:db8::2]:80 -m && "
                 "bash -c 'echo hello >/dev/udp/198.51.100.1/5000'")
        for options in ("-Lcn", "-Lcn --persistent-conn"):
            real, ours = (re.sub(r" \d\d:\d\d ", " ", node.run(f"{command} {options}").stdout)
                          for command in ("ipvsadm", "lvsctl ipvsadm"))
            assert "198.51.100.1:5000" in real
            assert ours == real
        assert node.run("lvsctl ipvsadm -Ln").stdout == node.run("ipvsadm -Ln").stdout
    finally:
        node.run("ip address delete 198.51.100.1/32 dev lo")


def test_what_is_not_ours_is_adopted(node):
    node.run(f"ipvsadm -A -t {VIP} -s rr && ipvsadm -a -t {VIP} -r 192.0.2.2 -w 3")
    refused = node.try_run(f"{AS_NOBODY} lvsctl --no-ask-password ipvsadm -e -t {VIP} -r 192.0.2.2 -w 0")
    assert refused.status == 1 and "lvsctl adopt" in refused.stderr, refused
    assert "Route   3" in node.run("ipvsadm -Ln").stdout
    node.run(f"lvsctl ipvsadm -e -t {VIP} -r 192.0.2.2 -w 0")
    assert destination(node)["state"] == "applied"
    assert "Route   0" in node.run("ipvsadm -Ln").stdout


def test_what_was_changed_by_hand_is_shown_as_the_kernel_has_it(node):
    node.run(f"lvsctl ipvsadm -A -t {VIP} -s rr && lvsctl ipvsadm -a -t {VIP} -r 192.0.2.2 -w 3; "
             f"ipvsadm -E -t {VIP} -s sh -p 60 -b sh-port && ipvsadm -e -t {VIP} -r 192.0.2.2 -m -w 7 -x 9")
    for options in ("-Ln", "-Ln --thresholds"):
        assert node.run(f"lvsctl ipvsadm {options}").stdout == node.run(f"ipvsadm {options}").stdout
    assert "-m -w 7" in node.run("lvsctl ipvsadm -Sn").stdout


@pytest.mark.long
def test_clear_leaves_what_is_not_ours(node):
    node.run(f"lvsctl ipvsadm -A -t {VIP} && ipvsadm -A -u {VIP}")
    cleared = node.run("lvsctl ipvsadm -C")
    assert "1 service that is not lvsd's" in cleared.stderr
    assert node.run("ipvsadm -Sn").stdout == f"-A -u {VIP} -s wlc\n"
