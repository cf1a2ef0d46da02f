"""Nothing that was acknowledged is lost, whatever happens meanwhile, and nothing grows."""
import os
import random
import time

import pytest

from machines import faults
from machines.soak import Soak

SEED = int(os.environ.get("LVSD_SEED", random.randrange(1 << 32)))
# Seconds; of these one third without trouble, in which nothing may grow.
SHORT, LONG = 180, 1800
SETTINGS = "sysctl --all 2>/dev/null | grep -e arp_ignore -e arp_announce -e ipv4.vs; ip -oneline address | sed 's/valid.*//'"


# Beside the other tests of these machines, on machines of its own where a process has none to do.
@pytest.mark.xdist_group("soak")
@pytest.mark.kills_daemon
@pytest.mark.timeout(LONG + 900)
@pytest.mark.parametrize("seconds", [SHORT, pytest.param(LONG, marks=pytest.mark.long)])
def test_nothing_is_lost_in_times_of_trouble(node, seconds, record_property):
    print(f"seed {SEED}")
    before = node.run(SETTINGS).stdout
    soaked = Soak(node, SEED)
    soaked.disturb(seconds * 2 / 3)
    time.sleep(seconds / 6)
    early, daemon = soaked.use(), faults.pid(node)
    time.sleep(seconds / 6)
    late = soaked.use()
    assert faults.pid(node) == daemon, "ended although nothing troubled it"
    problems = list(soaked.finish())
    figures = f"soak of {seconds} s, seed {SEED}: {soaked}; {early} became {late}"
    record_property("figures", figures)
    print(figures)
    assert not problems, "\n\n".join(problems)
    assert late["descriptors"] <= early["descriptors"] + 2 and late["kB"] <= early["kB"] * 1.1 + 1024
    node.run("lvsctl --force clear")
    assert node.run(SETTINGS).stdout == before and not node.run("ipvsadm -Sn").stdout
