"""A store that cannot be written, is torn, damaged, or of another time: loud, and never at the cost of traffic."""
import re

import pytest

from machines import faults, views
from machines.faults import FAILURE, STORE, refused

pytestmark = pytest.mark.kills_daemon

NAMES = ("alpha", "beta", "gamma")


def key(number: int) -> str:
    return f"tcp/192.0.2.100:{8000 + number}"


def document(count: int, start: int = 1000) -> str:
    """For `lvsctl apply -`."""
    return "[lvsd]\nformat=1\n" + "".join(f"[service s{number}]\nkey={key(number)}\nscheduler=rr\n" for number in range(start, start + count))


@pytest.fixture
def store(node):
    """The node, with nothing in its store and nothing in its kernel, before and after."""
    def begin_anew():
        node.run(f"mount -o remount,rw {STORE}; systemctl stop lvsd; "
                 f"rm -rf {STORE}/*; modprobe ip_vs; ipvsadm -C")
        faults.start(node)
    begin_anew()
    yield node
    begin_anew()


@pytest.fixture
def three(store):
    """Three services, each a record of the journal, and lvsd stopped."""
    for number, name in enumerate(NAMES):
        store.run(f"lvsctl service add {name} {key(number)} && lvsctl destination add {name} 192.0.2.2")
    faults.stop(store)
    return store


def kernel(node) -> str:
    return node.run("ipvsadm -Sn").stdout


def names(node) -> set[str]:
    """Of the services that lvsd knows."""
    services = node.run("lvsctl service list --json").json["services"]
    return {service["name"] for service in services if service["state"] != "foreign"}


def files(node) -> list[str]:
    return node.run(f"ls {STORE}").stdout.split()


def change(node, pattern: str, program: str) -> None:
    """Run Python over a file of the store as `data`, a bytearray."""
    node.run(f"python3 - {STORE}/{pattern}", stdin="import sys\npath = sys.argv[1]\n"
             f"data = bytearray(open(path, 'rb').read())\n{program}\nopen(path, 'r+b').write(data)\n"
             "open(path, 'r+b').truncate(len(data))\n")


def assert_works(node) -> None:
    """A change goes through, is in the kernel, and is there after a restart."""
    node.run(f"lvsctl service add works {key(99)}")
    faults.restart(node)
    assert "works" in names(node) and views.ipvsadm(node) == views.lvsctl_list(node)


# what cannot be written

def test_a_full_disk_refuses_and_changes_nothing_until_there_is_room(store):
    store.run(f"lvsctl service add alpha {key(0)}")
    before, daemon = kernel(store), faults.pid(store)
    store.run(f"dd if=/dev/zero of={STORE}/fill bs=64k 2>/dev/null; :")
    result = store.try_run("lvsctl apply -", stdin=document(300))
    assert result.status == FAILURE and "No space left" in result.stderr, result
    assert kernel(store) == before and names(store) == {"alpha"} and faults.pid(store) == daemon
    store.run(f"rm {STORE}/fill")
    store.run("lvsctl apply -", stdin=document(20))
    assert_works(store)
    assert len(names(store)) == 22 and faults.status(store)["state"] != "degraded"


@pytest.mark.parametrize("call, fault, words", [("pwrite64", "EROFS", "Read-only"), ("fdatasync", "EIO", "Input/output")])
def test_a_disk_that_fails_refuses_and_changes_nothing(store, call, fault, words):
    store.run(f"lvsctl service add alpha {key(0)}")
    store.run("sleep 1.5")  # the settled mark is written
    before, daemon = kernel(store), faults.pid(store)
    with faults.failing(store, call, f"error={fault}"):
        refused(store, f"lvsctl service add beta {key(1)}", FAILURE, words)
        refused(store, "lvsctl service delete alpha", FAILURE, words)
        assert kernel(store) == before and names(store) == {"alpha"} and faults.pid(store) == daemon
    assert_works(store)
    assert names(store) == {"alpha", "works"}


def test_a_store_that_is_read_only_from_the_start_is_served_as_it_is(three):
    three.run(f"mount -o remount,ro {STORE}; ipvsadm -C")
    faults.start(three)
    assert names(three) == set(NAMES) and views.ipvsadm(three) == views.lvsctl_list(three)
    assert faults.problems(three) & {"read-only", "degraded"}
    refused(three, "lvsctl service delete alpha", FAILURE, "ead-only")
    assert names(three) == set(NAMES) and "alpha" in names(three)


# what is found at the start

def test_a_torn_end_is_cut_off(three):
    change(three, "journal-*", "data += data[32:60]")
    faults.start(three)
    assert names(three) == set(NAMES) and faults.status(three)["state"] != "degraded"
    assert_works(three)
    faults.stop(three)
    change(three, "journal-*", "del data[-5:]")
    faults.start(three)
    assert names(three) == {*NAMES, "works"} and faults.status(three)["state"] != "degraded"


def test_damage_on_a_running_director_is_kept_aside_and_nothing_is_written(three, workshop):
    change(three, "journal-*", "data[data.find(b'beta')] ^= 0xff")
    three.run(f"ipvsadm -e -t {key(0)[4:]} -r 192.0.2.2:8000 -g -w 9")  # what a repair would write
    before = kernel(three)
    faults.start(three)
    assert kernel(three) == before and len(before.splitlines()) == 6
    status = faults.status(three)
    assert status["state"] == "degraded" and "kept aside" in status["problems"][0]["description"]
    assert any(".damaged-" in file for file in files(three))
    assert names(three) == {"alpha"}
    three.run(f"ipvsadm -D -t {key(0)[4:]}")
    three.run("sleep 7")
    assert key(0)[4:] not in kernel(three), "repaired although degraded"
    faults.restart(three)
    assert faults.status(three)["state"] == "degraded", "forgot the damage"
    three.power_cut()
    workshop.boot(three)
    assert set(views.ipvsadm(three)) == {key(0)} and names(three) == {"alpha"}
    assert faults.status(three)["state"] == "degraded"


@pytest.mark.long
def test_damage_cuts_no_connection_and_is_loud(store, neighbour):
    """What a repair would take away, since it came after the damage, goes on balancing."""
    store.run(f"lvsctl service add alpha {key(0)} && lvsctl address add 192.0.2.100/24 --interface ens33 && "
              "lvsctl service add beta tcp/192.0.2.100:80 && lvsctl destination add beta 192.0.2.1 --method local")
    held = neighbour.start("exec curl -s --max-time 300 http://192.0.2.100/hold/300")
    store.eventually("ipvsadm -Lcn | grep -q ESTABLISHED", 10, "the connection")
    faults.stop(store)
    change(store, "journal-*", "data[data.find(b'beta')] ^= 0xff")
    before, netlink = store.run("ipvsadm -Sn; ip -oneline address").stdout, faults.Netlink(store)
    faults.start(store)
    assert names(store) == {"alpha"} and faults.status(store)["state"] == "degraded"
    store.run("sleep 7")  # more than a round
    assert netlink.writes() == [] and store.run("ipvsadm -Sn; ip -oneline address").stdout == before
    assert held.running() and neighbour.run("curl -s --max-time 10 http://192.0.2.100/").stdout.strip() == "node"
    held.stop()
    said = store.run("journalctl -u lvsd --since=-1min --priority=warning --output=cat").stdout
    assert "degraded" in said and "was kept aside" in said, said
    assert any(name.endswith(".damaged-1") for name in files(store))
    store.run("ip address delete 192.0.2.100/24 dev ens33")


def test_reconcile_ends_what_damage_began(three):
    change(three, "journal-*", "data[data.find(b'beta')] ^= 0xff")
    three.run(f"ipvsadm -e -t {key(0)[4:]} -r 192.0.2.2:8000 -g -w 9")
    faults.start(three)
    lost = three.run(f"lvsctl --quiet adopt services {key(1)} && lvsctl --json list").json["services"]
    assert {service["name"] for service in lost if service["state"] == "foreign"} == {""}
    assert three.run("lvsctl --json reconcile").json["writes"] == 1
    assert faults.status(three)["state"] != "degraded"
    faults.restart(three)
    assert faults.status(three)["state"] != "degraded" and names(three) == {"alpha", key(1).replace("/", "-").replace(":", "-")}
    rules = views.ipvsadm(three)
    assert set(rules) == {key(0), key(1), key(2)} and rules[key(0)][1] == {"192.0.2.2:8000": ("direct", 1)}


def test_a_damaged_checkpoint_gives_way_to_what_is_older(store):
    fill(store)
    store.run(f"lvsctl service add alpha {key(0)} && lvsctl destination add alpha 192.0.2.2")
    checkpoint = next(file for file in files(store) if re.fullmatch("checkpoint-[0-9]+", file))
    faults.stop(store)
    before = kernel(store)
    change(store, checkpoint, "data[len(data) // 2] ^= 0xff")
    faults.start(store)
    assert kernel(store) == before and faults.status(store)["state"] == "degraded"
    assert f"{checkpoint}.damaged-1" in files(store) and checkpoint not in files(store)


def fill(node) -> None:
    """Until the journal is long enough for a checkpoint."""
    for _ in range(20):
        node.run("lvsctl apply - && lvsctl --force clear", stdin=document(800))
        if any(re.fullmatch("checkpoint-[0-9]+", file) for file in files(node)):
            return
    raise AssertionError(f"no checkpoint: {files(node)}")


# what is of another time

HEAD_OF_A_NEWER_VERSION = "import hashlib; data[8] += 1; data[24:32] = hashlib.sha256(data[:24]).digest()[:8]"


def test_a_store_of_a_newer_version_is_only_looked_at(three):
    change(three, "journal-*", HEAD_OF_A_NEWER_VERSION)
    before, found = kernel(three), three.run(f"cd {STORE}; md5sum *").stdout
    faults.start(three)
    assert kernel(three) == before and names(three) == set()
    assert faults.status(three)["state"] == "degraded"
    refused(three, f"lvsctl service add delta {key(4)}", FAILURE, "newer")
    refused(three, "lvsctl reconcile", FAILURE, "newer")
    faults.stop(three)
    assert kernel(three) == before and three.run(f"cd {STORE}; md5sum *").stdout == found
