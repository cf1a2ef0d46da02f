"""What lvsd has acknowledged survives a power cut at that very moment."""
import os
import random
import time

import pytest

from machines import churn, soak, views
from machines.churn import Client
from machines.network import Network

# The fifty are cut in parts, which two machines share.
ROUNDS, CUTS, PARTS, CLIENTS = 3, 50, 5, 3
SEED = int(os.environ.get("LVSD_SEED", random.randrange(1 << 32)))
# How many changes a client may be ahead of what was read of it last.
AHEAD = 1000


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


def state_after(client: Client, seed: str, least: int, found: churn.Model) -> churn.Model:
    """What the client has after so many of its changes or more, which is what was found; without failures its seed tells."""
    ahead = Client(client.number, seed, client.model)
    for count in range(least + AHEAD):
        if count >= least and ahead.model == found:
            return ahead.model
        ahead.model = ahead.next()[2]
    raise AssertionError(f"client {client.number}, seed {seed}: after {least} changes from {client.model} there is {found}")


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(PARTS))
def test_fifty_cuts_at_random_moments_lose_nothing_that_was_acknowledged(cuttable, part, record_property):
    print(f"seed {SEED}")
    chance, total = random.Random(f"{SEED} {part}"), 0
    clients = [Client(number, "", {}) for number in range(CLIENTS)]
    for cut in range(CUTS // PARTS):
        seed = f"{SEED} {part} {cut}"
        notes = [cuttable.exchange / f"acknowledged-{cut}-{client.number}" for client in clients]
        soak.install(cuttable)
        running = [soak.start(cuttable, client, seed, failing=False, note=f"/usr/lib/lab/exchange/{note.name}")
                   for client, note in zip(clients, notes, strict=True)]
        cuttable.eventually(lambda notes=notes: all(note.exists() for note in notes), 60, "each client to have changed something")
        time.sleep(chance.uniform(0, 3))
        assert not any("refused" in one.output() for one in running)
        cuttable.power_cut()
        least = [len(note.read_text().splitlines()) for note in notes]
        cuttable.boot()
        export = cuttable.run("lvsctl export").stdout
        for client, count in zip(clients, least, strict=True):
            client.model = state_after(client, seed, count, churn.read(export, client.number))
        assert not list(soak.differences(cuttable, clients))
        total += sum(least)
    figures = f"{CUTS // PARTS} power cuts, part {part}, seed {SEED}: {total} acknowledged changes, none lost"
    record_property("figures", figures)
    print(figures)
