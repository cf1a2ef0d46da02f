"""What lvsd has acknowledged survives a power cut at that very moment."""
import time

import pytest

from machines import views
from machines.network import Network

ROUNDS = 3


@pytest.fixture
def cuttable(stage, memcheck):
    """A director of its own, on whose plug this file pulls."""
    with Network(stage, memcheck) as network:
        network.machine("cuttable", "192.0.2.1/24")
        network.boot()
        yield network["cuttable"]


def key(number: int) -> str:
    return f"tcp/192.0.2.100:{8000 + number}"


def keys_after_a_cut(node) -> set[str]:
    """Power off and on at once; the services lvsd then knows, which are those the kernel has."""
    node.power_cut()
    node.boot()
    known = set(views.lvsctl_list(node))
    assert known == set(views.ipvsadm(node))
    return known


def test_an_acknowledged_service_is_there_after_a_power_cut(cuttable):
    expected = set()
    for number in range(ROUNDS):
        cuttable.run(f"lvsctl service add {key(number)}")
        expected.add(key(number))
        assert keys_after_a_cut(cuttable) == expected


def test_the_same_is_lost_when_the_journal_is_not_synced(cuttable, unsynced_stage):
    """So that the test above is known to be able to fail."""
    cuttable.install(unsynced_stage)
    keys_after_a_cut(cuttable)
    cuttable.run(f"lvsctl service add {key(1)}")
    assert key(1) not in keys_after_a_cut(cuttable)


def test_every_acknowledged_service_of_a_busy_moment_is_there(cuttable):
    adding = cuttable.start(f"for i in $(seq 1 400); do lvsctl service add tcp/192.0.2.100:$((8000 + i)) >/dev/null "
                            "&& echo $i; done")
    cuttable.eventually(lambda: len(adding.output().split()) > 10)
    time.sleep(0.5)
    acknowledged = {key(int(number)) for number in adding.output().split()}
    assert acknowledged <= keys_after_a_cut(cuttable)
