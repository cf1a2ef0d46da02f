"""Apply as a transaction: what it would do, all of it or nothing, and the way back."""
import pytest

from machines import faults, views
from machines.faults import CONFLICT, FAILURE, KERNEL, NOT_FOUND, REFUSED, STORE

VIP = "192.0.2.100"
HEAD = "[lvsd]\nformat=1\n"
ATTENTION = 8


def service(number: int, *servers: str, scheduler: str = "rr") -> str:
    lines = "".join(f"destination {server} {number}=method=masquerade weight=1\n" for server in servers)
    return f"[service s{number}]\nkey=tcp/{VIP}:{number}\nscheduler={scheduler}\n{lines}"


BEFORE = HEAD + service(1, "192.0.2.2", "192.0.2.3") + service(2, "192.0.2.2")
AFTER = HEAD + service(1, "192.0.2.3", "192.0.2.4", scheduler="wlc") + service(3, "192.0.2.2")


def kernel(node) -> str:
    return node.run("ipvsadm -Sn | sort").stdout


def apply(node, text: str, options: str = "") -> None:
    node.run(f"lvsctl apply - {options}", stdin=text)


def generations(node) -> list[dict]:
    return node.run("lvsctl history --json").json["generations"]


def state(node) -> str:
    return node.try_run("lvsctl status --json").json["state"]


def agrees(node) -> bool:
    """lvsd knows what the kernel has, and says so."""
    return views.ipvsadm(node) == views.lvsctl_list(node) and node.run("lvsctl diff --json").json["differences"] == []


# replace and dry run

def test_replace_leaves_what_is_named_and_what_is_not_ours(node):
    apply(node, BEFORE)
    node.run(f"lvsctl destination edit s1 192.0.2.3:1 --runtime 7; ipvsadm -A -t {VIP}:9 -s rr")
    plan = node.run("lvsctl apply - --replace --dry-run --json", stdin=AFTER).json
    assert kernel(node).count("-A") == 3 and (plan["added"], plan["changed"], plan["removed"]) == (3, 1, 3)
    steps = [(step["verb"], step["object"]) for step in plan["plan"]]
    assert len(steps) == 7 and ("set", "s1") in steps and ("delete", "s1/192.0.2.2:1") in steps
    assert [verb for verb, _ in steps] == ["new"] * 3 + ["set"] + ["delete"] * 3
    edited = next(step for step in plan["plan"] if step["verb"] == "set")
    assert edited["details"] == {"scheduler": {"from": "rr", "to": "wlc"}}
    apply(node, AFTER, "--replace")
    assert f"-t {VIP}:9 " in kernel(node) and f"-t {VIP}:2 " not in kernel(node)
    assert "-r 192.0.2.3:1 -m -w 7" in kernel(node), "the weight that was set for now is gone"
    assert node.run("lvsctl diff -", stdin=AFTER).status == 0
    assert node.try_run("lvsctl diff -", stdin=BEFORE).status == ATTENTION


def test_what_would_empty_a_service_is_shown_and_has_to_be_forced(node):
    apply(node, BEFORE)
    emptied = HEAD + service(1) + service(2, "192.0.2.2")
    plan = node.run("lvsctl apply - --replace --dry-run --json", stdin=emptied).json
    assert "s1" in plan["in_use"]
    refused = node.try_run("lvsctl apply - --replace", stdin=emptied)
    assert refused.status == REFUSED and "s1" in refused.stderr, refused
    apply(node, emptied, "--replace --force")
    assert "192.0.2.3:1" not in kernel(node)


def test_diff_shows_what_somebody_changed_by_hand(node):
    apply(node, BEFORE)
    node.run(f"ipvsadm -e -t {VIP}:1 -r 192.0.2.2:1 -m -w 5; ipvsadm -a -t {VIP}:1 -r 192.0.2.9:1 -m")
    result = node.try_run("lvsctl diff --json")
    found = {(row["object"], row["difference"]): row["fields"] for row in result.json["differences"]}
    assert result.status == ATTENTION
    assert found == {("s1/192.0.2.2:1", "changed"): {"weight": {"desired": 1, "kernel": 5}},
                     ("s1/192.0.2.9:1", "extra"): {}}
    node.run(f"ipvsadm -d -t {VIP}:1 -r 192.0.2.9:1")


# all or nothing

def kernel_and_store(node) -> str:
    return node.run("ipvsadm -Sn | sort | md5sum; lvsctl export | md5sum").stdout


@pytest.mark.long
def test_a_replace_that_the_kernel_refuses_at_its_end_is_undone(node):
    """What was deleted is there again, and no generation tells of it."""
    def prepare():
        apply(node, BEFORE, "--replace --force")

    prepare()
    before = kernel_and_store(node)
    result = faults.struck(node, prepare, lambda: node.try_run("lvsctl apply - --replace", stdin=AFTER), "error=ENOBUFS", -1)
    assert result.status == KERNEL, result
    assert kernel_and_store(node) == before and agrees(node)
    kept = generations(node)
    apply(node, AFTER, "--replace")
    assert len(generations(node)) <= len(kept) + 1, "the state before was kept although it was there"


GREAT = """
import sys
print("[lvsd]\\nformat=1")
for s in range(int(sys.argv[1])):
    port = 1000 + s
    print(f"[service g{s}]\\nkey=tcp/192.0.2.100:{port}\\nscheduler={sys.argv[2]}")
    for d in range(10):
        print(f"destination 198.51.100.{int(sys.argv[3]) + d} {port}=method=masquerade weight={1 + d}")
"""


@pytest.mark.long
@pytest.mark.kills_daemon
@pytest.mark.parametrize("point", ["refusal", "full disk", "pwrite64", "fdatasync", 3, 9, -1])
def test_a_great_apply_is_there_wholly_or_not_at_all(node, point):
    """1,000 services of 10 destinations, each of which is edited or exchanged."""
    node.run("cat > /tmp/great.py", stdin=GREAT)
    node.run("python3 /tmp/great.py 1000 rr 1 > /tmp/before; python3 /tmp/great.py 1000 wlc 6 > /tmp/after")

    def prepare():
        node.run("lvsctl --force apply --replace /tmp/before")

    def act():
        return node.try_run("lvsctl --force apply --replace /tmp/after")

    prepare()
    before = kernel_and_store(node)
    assert act().status == 0
    after = kernel_and_store(node)
    prepare()
    node.run("sleep 2")
    may_be = [before, after]
    if point == "full disk":
        node.run(f"dd if=/dev/zero of={STORE}/fill bs=64k 2>/dev/null; :")
        assert act().status == FAILURE
        node.run(f"rm {STORE}/fill")
        may_be = [before]
    elif point == "refusal":
        assert faults.struck(node, prepare, act, "error=ENOBUFS", 9).status == KERNEL
        may_be = [before]
    elif isinstance(point, int):
        assert faults.struck(node, prepare, act, "signal=KILL", point).status != 0
    else:
        with faults.failing(node, point, "signal=KILL"):
            assert act().status != 0
    faults.answers(node)
    assert kernel_and_store(node) in may_be
    assert node.run("lvsctl diff --json").json["differences"] == [] and state(node) != "degraded"


# the way back

def test_rollback_goes_back_to_any_generation_and_is_one_itself(node):
    apply(node, BEFORE)
    first = kernel(node)
    apply(node, AFTER, "--replace")
    second = kernel(node)
    node.run("lvsctl service edit s3 --scheduler sh")
    node.run("lvsctl rollback")
    assert kernel(node) == second, "single edits are not taken back"
    node.run(f"lvsctl rollback {generations(node)[-4]['number']}")
    assert kernel(node) == first and agrees(node)
    causes = [generation["cause"] for generation in generations(node)]
    assert causes[-5:] == ["apply", "apply", "edits", "rollback", "rollback"]
    assert node.try_run("lvsctl rollback 999999").status == NOT_FOUND
    faults.restart(node)
    assert [generation["cause"] for generation in generations(node)] == causes and kernel(node) == first


@pytest.mark.long
def test_twenty_generations_are_kept(node):
    for number in range(22):
        apply(node, HEAD + service(100 + number))
    kept = generations(node)
    assert len(kept) == 20
    apply(node, HEAD + service(200))
    files = node.run(f"ls {STORE} | grep -c '^generation-[0-9]*$'").stdout
    assert int(files) <= 22, files


# confirm

@pytest.mark.kills_daemon
def test_what_is_confirmed_stays_and_what_is_not_goes(node):
    apply(node, BEFORE)
    node.run("lvsctl service edit s2 --scheduler sh")
    before = kernel(node)
    apply(node, AFTER, "--replace --confirm 600")
    after = kernel(node)
    assert after != before and state(node) == "confirm-pending"
    result = node.try_run(f"lvsctl service add tcp/{VIP}:80")
    assert result.status == CONFLICT and "confirm" in result.stderr and "rollback" in result.stderr, result
    assert node.try_run("lvsctl --force clear").status == CONFLICT
    node.run("lvsctl destination edit s1 192.0.2.4:1 --runtime 3 && lvsctl destination edit s1 192.0.2.4:1 --no-runtime")
    node.run("lvsctl confirm")
    assert kernel(node) == after and state(node) != "confirm-pending"
    assert node.try_run("lvsctl confirm").status == NOT_FOUND
    apply(node, BEFORE, "--replace --confirm 600")
    node.run("lvsctl rollback")
    assert kernel(node) == after and state(node) != "confirm-pending"
    apply(node, BEFORE, "--replace --confirm 3")
    assert kernel(node) != after
    node.eventually(lambda: kernel(node) == after, 30)
    assert agrees(node) and generations(node)[-1]["cause"] == "unconfirmed"


@pytest.mark.long
@pytest.mark.kills_daemon
@pytest.mark.parametrize("end", ["systemctl restart lvsd", "power"])
def test_the_time_to_confirm_outlives_the_daemon(node, workshop, end):
    apply(node, BEFORE)
    before = kernel(node)
    if end == "power":
        apply(node, AFTER, "--replace --confirm 600")
        node.power_cut()
        workshop.boot(node)
    else:
        apply(node, AFTER, "--replace --confirm 12")
        after = kernel(node)
        node.run(end)
        assert kernel(node) == after and state(node) == "confirm-pending", "taken back too early"
        node.eventually(lambda: kernel(node) == before, 60)
    assert kernel(node) == before and agrees(node)
    assert generations(node)[-1]["cause"] == "unconfirmed"


def uptime(node) -> float:
    return float(node.run("cat /proc/uptime").stdout.split()[0])


@pytest.mark.long
@pytest.mark.kills_daemon
@pytest.mark.parametrize("end", ["nobody", "confirm", "power"])
def test_twenty_seconds_are_given_to_confirm(node, workshop, end):
    apply(node, BEFORE)
    before, started = kernel(node), uptime(node)
    apply(node, AFTER, "--replace --confirm 20")
    after = kernel(node)
    assert after != before and state(node) == "confirm-pending"
    if end == "nobody":
        node.eventually(lambda: kernel(node) == before, 60, "what was before")
        assert uptime(node) >= started + 20
    elif end == "confirm":
        node.run("lvsctl confirm")
        node.eventually(lambda: uptime(node) > started + 25, 60, "the time to be over")
        assert kernel(node) == after and state(node) != "confirm-pending"
    else:
        node.power_cut()
        workshop.boot(node)
        assert kernel(node) == before
    assert agrees(node)
    assert generations(node)[-1]["cause"] == ("apply" if end == "confirm" else "unconfirmed")


# a damaged store

@pytest.mark.long
@pytest.mark.kills_daemon
def test_rollback_is_a_way_out_of_a_damaged_store(node):
    """The record of the last apply is damaged; its generation is not, and the kernel still has it."""
    apply(node, BEFORE)
    apply(node, AFTER, "--replace")
    after, newest = kernel(node), generations(node)[-1]["number"]
    faults.stop(node)
    node.run(f"python3 - {STORE}/journal-*", stdin="import sys\nfor path in sys.argv[1:]:\n"
             "    data = bytearray(open(path, 'rb').read())\n    at = data.rfind(b'wlc')\n"
             "    if at >= 0:\n        data[at] ^= 0xff\n        open(path, 'r+b').write(data)\n")
    faults.start(node)
    assert state(node) == "degraded" and kernel(node) == after
    node.run(f"ipvsadm -d -t {VIP}:1 -r 192.0.2.4:1")
    node.run(f"lvsctl --force rollback {newest}")
    assert kernel(node) == after and agrees(node) and state(node) != "degraded"
    faults.restart(node)
    assert kernel(node) == after and agrees(node) and state(node) != "degraded"


# edit

def test_edit_applies_what_the_editor_made(node):
    apply(node, BEFORE)
    before = kernel(node)
    assert "Nothing was changed" in node.run("EDITOR=true lvsctl --force edit").stdout
    node.run("VISUAL=\"sed -i s/scheduler=rr/scheduler=sh/\" EDITOR=false lvsctl --force edit")
    assert kernel(node) == before.replace("-s rr", "-s sh")
    broken = node.try_run("EDITOR=\"sed -i s/scheduler=sh/schedular=sh/\" lvsctl --force edit")
    assert broken.status == 2 and "schedular" in broken.stderr and "kept in" in broken.stderr, broken
    assert kernel(node) == before.replace("-s rr", "-s sh")
    refused = node.try_run("EDITOR=true lvsctl edit </dev/null")
    assert refused.status == REFUSED and "--force" in refused.stderr
