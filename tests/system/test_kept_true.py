"""Kernel and desired state drift apart: what is missing comes back, what a person did is told and left."""
import pytest

from machines import faults, views

KEY = "tcp/192.0.2.100:80"


@pytest.fixture
def web(node):
    node.run(f"lvsctl service add web {KEY} --scheduler wrr && lvsctl destination add web 192.0.2.2 192.0.2.3 --weight 3")
    return node


def destinations(node) -> dict[str, str]:
    """Address and state of each in the service."""
    rows = node.run("lvsctl list --json").json["services"][0]["destinations"]
    return {row["address"]: row["state"] for row in rows}


def test_what_was_flushed_is_back_within_ten_seconds(web):
    web.run("lvsctl address add 192.0.2.100/24 --interface ens33 && lvsctl service add dns udp/192.0.2.100:53")
    before = views.ipvsadm(web)
    web.run("ipvsadm -C")
    web.eventually(lambda: views.ipvsadm(web) == before, 10, "all of it")
    web.eventually(lambda: views.lvsctl_list(web) == before and "missing" not in faults.problems(web), 10)


def test_a_weight_changed_by_hand_is_told_and_left(web):
    web.run("ipvsadm -e -t 192.0.2.100:80 -r 192.0.2.2 -g -w 9")
    web.eventually(lambda: destinations(web)["192.0.2.2"] == "changed", 15, "the word for it")
    web.eventually(lambda: "changed" in faults.problems(web), 15, "the word for it in status")
    assert views.ipvsadm(web)[KEY][1]["192.0.2.2:80"][1] == 9
    web.run("lvsctl destination edit web 192.0.2.2 --weight 4")
    assert views.ipvsadm(web)[KEY][1]["192.0.2.2:80"][1] == 4
    assert destinations(web)["192.0.2.2"] == "applied" and "changed" not in faults.problems(web)


def test_one_that_is_changed_back_by_hand_is_as_before(web):
    web.run("ipvsadm -E -t 192.0.2.100:80 -s sh")
    web.eventually(lambda: "changed" in faults.problems(web), 15, "the word for it")
    web.run("ipvsadm -E -t 192.0.2.100:80 -s wrr")
    web.eventually(lambda: "changed" not in faults.problems(web), 15, "the end of it")


def test_a_destination_added_by_hand_is_foreign_and_left(web):
    web.run("ipvsadm -a -t 192.0.2.100:80 -r 192.0.2.4 -g -w 2 && ipvsadm -d -t 192.0.2.100:80 -r 192.0.2.3")
    web.eventually(lambda: "192.0.2.3:80" in views.ipvsadm(web)[KEY][1], 10, "the missing one")
    assert destinations(web) == {"192.0.2.2": "applied", "192.0.2.3": "applied", "192.0.2.4": "foreign"}
    assert "192.0.2.4:80" in views.ipvsadm(web)[KEY][1]
    web.run("ipvsadm -d -t 192.0.2.100:80 -r 192.0.2.4")
