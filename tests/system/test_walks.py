"""Whatever system call a change dies or fails at: store and kernel hold all of it or nothing, and nothing else."""
import os
import random
import shlex

import pytest

from machines import walk
from machines.network import Network
from machines.walk import Kind, Walk

VIP, ROLE = "192.0.2.100", "192.0.2.110"
HEAD = "[lvsd]\nformat=1\n"
ADDRESS = f"[address {VIP}]\nprefix-length=24\ninterface=ens33\n"
FAULTS = ("EIO", "ENOSPC", "ENOBUFS", "ENOMEM", "EINTR")
SEED = int(os.environ.get("LVSD_SEED", random.randrange(1 << 32)))
SAMPLE = 8


def service(number: int, scheduler: str = "rr") -> str:
    return f"[service s{number}]\nkey=tcp/{VIP}:{number}\nscheduler={scheduler}\n"


def destinations(number: int, count: int) -> str:
    return "".join(f"destination 192.0.2.{200 + last} {number}=method=masquerade weight=1\n" for last in range(count))


def apply(document: str, options: str = "") -> str:
    return f"printf %s {shlex.quote(HEAD + document)} | lvsctl apply - {options}"


SMALL = apply(ADDRESS + service(1) + destinations(1, 2) + service(2) + "[settings]\nnet.ipv4.vs.conn_reuse_mode=0\n")
TWENTY = ADDRESS + "".join(service(number) + destinations(number, 2) for number in range(2, 22)) \
    + f"[role {ROLE}]\nmethod=direct\n" + service(1, "wlc") + "[settings]\nnet.ipv4.vs.drop_packet=1\ntimeout.udp=60\n"

# Two checkpoints, and a journal that the next apply makes so long that another one is due.
FILL = r"""
set -e
newest() { ls /var/lib/lvsd | grep '^journal-' | tail -n 1; }
size() { stat -c %s "/var/lib/lvsd/$(newest)"; }
step() { lvsctl --quiet apply "$1" && lvsctl --quiet --force clear; }
document() {
    printf '[lvsd]\nformat=1\n'
    for i in $(seq $1); do printf '[service f%s]\nkey=tcp/192.0.2.100:%s\nscheduler=rr\n' $i $i; done
}
document 1000 >/run/walk/large
document 40 >/run/walk/small
for _ in 1 2; do
    before=$(newest)
    until [ "$before" ] && [ "$before" != "$(newest)" ]; do step /run/walk/large; before=${before:-$(newest)}; done
done
until [ $(size) -gt 780000 ]; do step /run/walk/large; done
until [ $(size) -gt 1036000 ]; do step /run/walk/small; done
"""
KINDS = [
    Kind("add-service", (SMALL,), f"lvsctl service add web udp/{VIP}:80"),
    Kind("edit-service", (SMALL,), "lvsctl service edit s1 --scheduler sh --flags sh-port"),
    Kind("delete-service", (SMALL,), "lvsctl service delete s1"),
    Kind("add-destinations", (SMALL,), "lvsctl destination add s1 192.0.2.210 192.0.2.211 --method direct"),
    Kind("edit-destination", (SMALL,), "lvsctl destination edit s1 192.0.2.200 --weight 7 --upper-threshold 9"),
    Kind("delete-destination", (SMALL,), "lvsctl destination delete s1 192.0.2.200"),
    Kind("add-address", (SMALL,), "lvsctl address add 2001:db8::100 --interface ens33"),
    Kind("take-address-down", (SMALL,), f"lvsctl --force address down {VIP}"),
    Kind("delete-address", (apply(ADDRESS),), f"lvsctl address delete {VIP}"),
    Kind("add-role", (SMALL,), f"lvsctl role add {ROLE}"),
    Kind("delete-role", (SMALL, f"lvsctl role add {ROLE}"), f"lvsctl role delete {ROLE}"),
    Kind("set-setting", (SMALL,), "lvsctl sysctl set net.ipv4.vs.drop_packet 1"),
    Kind("unset-setting", (SMALL,), "lvsctl sysctl unset net.ipv4.vs.conn_reuse_mode"),
    Kind("set-timeouts", (SMALL,), "lvsctl timeouts set --tcp 100 --udp 70"),
    Kind("apply", (SMALL,), apply(TWENTY)),
    Kind("apply-replace", (SMALL, f"lvsctl role add {ROLE}"), apply(service(1, "wlc") + destinations(1, 1), "--replace --force")),
    Kind("apply-to-confirm", (SMALL,), apply(service(3), "--confirm 3600")),
    Kind("confirm", (SMALL, apply(service(3), "--confirm 3600")), "lvsctl confirm"),
    Kind("expiry", (SMALL,), apply(service(3), "--confirm 1") + "; sleep 3", passes=True),
    Kind("rollback", (SMALL, apply(TWENTY)), "lvsctl --force rollback"),
    Kind("clear", (SMALL, apply(TWENTY)), "lvsctl --force clear"),
    Kind("compaction", (FILL,), apply("".join(service(number) for number in range(1000, 1400)))),
]
APPLY = next(kind for kind in KINDS if kind.name == "apply")


@pytest.fixture(scope="module")
def alone(stage):
    """A machine without lvsd.service, and what it is like without lvsd."""
    with Network(stage) as network:
        network.machine("victim", "192.0.2.1/24")
        network.boot()
        yield network["victim"], walk.begin(network["victim"])


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.name)
def walked(alone, request) -> Walk:
    machine, pristine = alone
    return Walk(machine, request.param, pristine)


def check(figures: list[walk.Figures], name: str, record_property) -> None:
    """No violation, and no point that could not be reached."""
    total = walk.total(figures)
    record_property("figures", f"{name}: {total}")
    print(f"{name}: {total}")
    assert not total.violations, "\n\n".join(total.violations)
    assert not total.missed, "\n".join(total.missed)


@pytest.mark.kills_daemon
def test_a_sample_of_deaths_and_faults_leaves_the_whole_of_an_apply_or_nothing(node, record_property):
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    walked = Walk(node, APPLY, walk.begin(node))
    try:
        deaths = walked.go(chance.sample(walked.points, SAMPLE // 2), "signal=KILL")
        faults = walked.go(chance.sample(walked.silent, SAMPLE // 2), f"error={chance.choice(FAULTS)}")
    finally:
        walk.end(node)
    check([deaths, faults], f"{APPLY.name}, seed {SEED}", record_property)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_death_at_any_call_leaves_the_whole_or_nothing(walked, record_property):
    check([walked.go(walked.points, "signal=KILL")], f"deaths, {walked.kind.name}", record_property)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_call_changes_nothing_or_is_none(walked, fault, record_property):
    if not walked.kind.passes:  # what is tried again later comes later than it is waited for
        check([walked.go(walked.silent, f"error={fault}")], f"{fault}, {walked.kind.name}", record_property)
