"""Traffic is not cut by surprise: what would do so says how many, and is done only when forced."""
import itertools

import pytest

from machines import views
from machines.faults import REFUSED, refused

# Connections outlive a destination, and are its own again when it returns to the same address.
fresh = itertools.count(150)


@pytest.fixture
def busy(node, neighbour):
    """A service with two destinations with weight and one without, and two clients that hold on to the first."""
    node.vip = f"192.0.2.{next(fresh)}"
    node.run(f"lvsctl address add {node.vip}/24 --interface ens33 && "
             f"lvsctl service add web tcp/{node.vip}:80 --scheduler rr && "
             "lvsctl destination add web 192.0.2.1 --method local && "
             "lvsctl destination add web 192.0.2.3 192.0.2.4 --weight 0")
    clients = [neighbour.start(f"exec curl -s http://{node.vip}/hold/120") for _ in range(2)]
    node.eventually(lambda: active(node) == 2, 20, "two active connections")
    node.run("lvsctl destination edit web 192.0.2.3 --weight 1")
    yield node
    for client in clients:
        client.stop()


def active(node) -> int:
    return sum(int(line.split()[4]) for line in node.run("ipvsadm -Ln").lines if "->" in line and ":80 " in line)


def test_a_destination_with_connections_goes_only_when_forced(busy):
    before = views.ipvsadm(busy)
    refused(busy, "lvsctl destination delete web 192.0.2.1", REFUSED, "web", "2 active connections", "force")
    assert views.ipvsadm(busy) == before == views.lvsctl_list(busy)
    busy.run("lvsctl --force destination delete web 192.0.2.1")
    assert set(views.ipvsadm(busy)[f"tcp/{busy.vip}:80"][1]) == {"192.0.2.3:80", "192.0.2.4:80"}


def test_a_service_with_connections_goes_only_when_forced(busy):
    refused(busy, "lvsctl service delete web", REFUSED, "web", "2 active connections", "1 destination")
    assert active(busy) == 2
    busy.run("lvsctl --force service delete web")
    assert views.ipvsadm(busy) == {}


def test_an_address_with_connections_goes_down_only_when_forced(busy):
    refused(busy, f"lvsctl address down {busy.vip}", REFUSED, "web", "2 active connections")
    assert busy.vip in busy.run("ip -oneline address").stdout
    busy.run(f"lvsctl --force address down {busy.vip}")
    assert busy.vip not in busy.run("ip -oneline address").stdout


def test_an_apply_needs_the_same_force(busy):
    text = busy.run("lvsctl export").stdout.replace("weight=1", "weight=0")
    result = busy.try_run("lvsctl apply -", stdin=text)
    assert result.status == REFUSED and "no destination with weight" in result.stderr, result
    busy.run("lvsctl --force apply -", stdin=text)
    assert {weight for _, weight in views.ipvsadm(busy)[f"tcp/{busy.vip}:80"][1].values()} == {0}


def test_the_last_destination_with_weight_stays_unless_forced(node):
    key = f"tcp/192.0.2.{next(fresh)}:80"
    node.run(f"lvsctl service add web {key} && lvsctl destination add web 192.0.2.3 && "
             "lvsctl destination add web 192.0.2.4 --weight 0")
    for command in ("delete web 192.0.2.3", "edit web 192.0.2.3 --weight 0", "edit web 192.0.2.3 --runtime 0"):
        refused(node, f"lvsctl destination {command}", REFUSED, "web", "weight", "of 1")
    node.run("lvsctl destination delete web 192.0.2.4 && lvsctl --force destination delete web 192.0.2.3")
    assert views.ipvsadm(node) == {key: ("wlc", {})}
