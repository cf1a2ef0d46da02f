"""hold and release: what is held is left as the kernel has it, told all the same, and changed by whoever calls."""
import json

import pytest

from machines import faults, views

WEB, DNS = "tcp/192.0.2.100:80", "udp/192.0.2.100:53"


@pytest.fixture
def web(node):
    """Two services of two destinations each."""
    for name, key in (("web", WEB), ("dns", DNS)):
        node.run(f"lvsctl service add {name} {key} --scheduler wrr && lvsctl destination add {name} 192.0.2.2 192.0.2.3 --weight 3")
    yield node
    node.run("lvsctl release >/dev/null 2>&1 || :")


def destinations(node, key: str) -> list[str]:
    return sorted(address.partition(":")[0] for address in views.ipvsadm(node).get(key, ("", {}))[1])


def hurt(node) -> None:
    """A destination of each service goes; that of the one that is not held comes back."""
    node.run("ipvsadm -d -t 192.0.2.100:80 -r 192.0.2.2 && ipvsadm -d -u 192.0.2.100:53 -r 192.0.2.2")


def holds(node) -> list:
    got = node.run("busctl --json=short get-property org.lvsd1 /org/lvsd1 org.lvsd1.Manager Holds").stdout
    return json.loads(got)["data"]


def row(node) -> dict:
    return next(row for row in faults.status(node)["problems"] if row["problem"] == "held")


def test_a_service_that_is_held_is_left_and_told_and_the_others_are_repaired(web):
    web.run("lvsctl hold web")
    assert [(name, seconds, uid) for name, _, seconds, uid in holds(web)] == [("web", 0, 0)]
    assert (row(web)["kind"], row(web)["object"]) == ("service", "web")
    hurt(web)
    web.eventually(lambda: destinations(web, DNS) == ["192.0.2.2", "192.0.2.3"], 15, "the service that is not held")
    web.eventually(lambda: "missing" in faults.problems(web), 15, "the word for it")
    assert destinations(web, WEB) == ["192.0.2.3"]
    faults.refused(web, "lvsctl reconcile web", faults.CONFLICT, "service web", "lvsctl release")
    web.run("lvsctl reconcile")
    assert destinations(web, WEB) == ["192.0.2.3"], "reconcile has repaired what is held"
    web.run("lvsctl release web")
    web.eventually(lambda: destinations(web, WEB) == ["192.0.2.2", "192.0.2.3"], 5, "what was held")
    assert holds(web) == [] and not faults.problems(web) & {"held", "missing"}
    faults.refused(web, "lvsctl release web", faults.NOT_FOUND, "web")


def test_callers_change_what_is_held(web):
    web.run("lvsctl hold web && ipvsadm -d -t 192.0.2.100:80 -r 192.0.2.2")
    web.eventually(lambda: "missing" in faults.problems(web), 15, "the word for it")
    web.run("lvsctl destination add web 192.0.2.4 && lvsctl destination edit web 192.0.2.3 --weight 7 && lvsctl destination edit web 192.0.2.2 --weight 5")
    assert views.ipvsadm(web)[WEB][1] == {"192.0.2.2:80": ("direct", 5), "192.0.2.3:80": ("direct", 7), "192.0.2.4:80": ("direct", 1)}
    web.run("lvsctl --force service delete web && lvsctl service add web tcp/192.0.2.100:81")
    assert holds(web) == [], "a hold outlived its service"


@pytest.mark.kills_daemon
def test_a_hold_of_everything_survives_restarts_and_kills(web):
    web.run("lvsctl address add 192.0.2.100 --interface ens33 && lvsctl hold")
    hurt(web)
    web.run("ip address delete 192.0.2.100/32 dev ens33")
    faults.restart(web)
    faults.answers(web)
    faults.kill(web)
    web.eventually(lambda: "missing" in faults.problems(web), 15, "the word for it")
    assert (row(web)["kind"], row(web)["object"]) == ("node", "")
    assert destinations(web, WEB) == destinations(web, DNS) == ["192.0.2.3"] and faults.address(web, "192.0.2.100") is None
    faults.refused(web, "lvsctl reconcile", faults.CONFLICT, "everything is held")
    faults.refused(web, "lvsctl release web", faults.NOT_FOUND, "lvsctl release all")
    web.run("lvsctl release all")
    web.eventually(lambda: destinations(web, WEB) == destinations(web, DNS) == ["192.0.2.2", "192.0.2.3"], 5, "the services")
    web.eventually(lambda: faults.address(web, "192.0.2.100"), 5, "the address")


@pytest.mark.kills_daemon
def test_a_hold_for_a_time_ends_by_itself_also_over_a_restart(web):
    faults.refused(web, "lvsctl hold web --for never", faults.USAGE, "--for")
    web.run("lvsctl hold web --for 1h && lvsctl hold web --for 12s && ipvsadm -d -t 192.0.2.100:80 -r 192.0.2.2")
    assert [seconds for _, _, seconds, _ in holds(web)] == [12]
    faults.restart(web)
    faults.answers(web)
    assert destinations(web, WEB) == ["192.0.2.3"] and "held" in faults.problems(web)
    web.eventually(lambda: destinations(web, WEB) == ["192.0.2.2", "192.0.2.3"], 20, "the end of it")
    web.eventually(lambda: holds(web) == [] and "held" not in faults.problems(web), 5, "nothing to be held")


@pytest.mark.long
@pytest.mark.kills_daemon
def test_a_boot_restores_what_is_held_and_then_holds_it(web):
    web.run("lvsctl hold web && lvsctl hold dns --for 1h && ipvsadm -d -t 192.0.2.100:80 -r 192.0.2.2")
    web.reboot()
    faults.answers(web)
    assert destinations(web, WEB) == destinations(web, DNS) == ["192.0.2.2", "192.0.2.3"]
    web.eventually(lambda: [name for name, *_ in holds(web)] == ["web"], 5)
    hurt(web)
    web.eventually(lambda: destinations(web, DNS) == ["192.0.2.2", "192.0.2.3"], 15, "what was held for a time")
    web.eventually(lambda: "missing" in faults.problems(web), 15, "the word for it")
    faults.kill(web)
    assert destinations(web, WEB) == ["192.0.2.3"]


def test_some_services_are_reconciled_by_name(web):
    web.run("ipvsadm -e -t 192.0.2.100:80 -r 192.0.2.2 -g -w 9 && ipvsadm -e -u 192.0.2.100:53 -r 192.0.2.2 -g -w 9")
    assert {each["object"] for each in web.run(f"lvsctl reconcile {DNS} --dry-run --json").json["differences"]} == {"dns/192.0.2.2:53"}
    assert web.run(f"lvsctl reconcile {DNS} --json").json["writes"] == 1
    assert views.ipvsadm(web)[DNS][1]["192.0.2.2:53"][1] == 3
    assert views.ipvsadm(web)[WEB][1]["192.0.2.2:80"][1] == 9
    faults.refused(web, "lvsctl reconcile mail", faults.NOT_FOUND, "mail")
