"""The machines themselves: if they did not do this, the other tests would prove nothing."""
import fcntl
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from machines.network import Network
from machines.project import CLAIM, SOURCE
from machines.result import CommandFailed, MachineDied


@pytest.fixture(scope="module")
def bare():
    """Two machines without systemd, up in two seconds, on one switch."""
    with Network() as network:
        network.machine("one", "192.0.2.1/24", systemd=False)
        network.machine("two", "192.0.2.2/24", systemd=False)
        network.boot()
        yield network


@pytest.fixture
def one(bare):
    if not bare["one"].running:
        bare["one"].boot()
    return bare["one"]


def test_a_command_gives_status_and_both_streams(one):
    result = one.try_run("echo out; echo err >&2; exit 3")
    assert (result.status, result.stdout, result.stderr) == (3, "out\n", "err\n")
    with pytest.raises(CommandFailed, match="err"):
        one.run("echo err >&2; false")


def test_long_and_binary_data_come_through(one):
    data = bytes(range(256)) * 4096
    assert one.run("cat", stdin=data).stdout_bytes == data


def test_nothing_is_left_behind_of_what_commands_read_and_print(one):
    """A machine's memory is small, and some tests print much."""
    before = one.run("ls /run /usr/lib/lab/exchange").stdout
    running = one.start("seq 100000; exec sleep infinity")
    running.wait_for("\n100000\n")
    assert running.stop() == running.output() == "".join(f"{number}\n" for number in range(1, 100001))
    one.run("cat", stdin="read")
    assert one.run("ls /run /usr/lib/lab/exchange").stdout == before


def test_a_command_that_takes_too_long_is_ended(one):
    started = time.monotonic()
    assert one.try_run("sleep 1000", seconds=1).timed_out
    assert time.monotonic() - started < 30


def test_a_watcher_runs_beside_other_commands(one):
    watcher = one.start("ip monitor address")
    one.eventually(lambda: _address_event(one, watcher))
    assert watcher.running()
    watcher.stop()
    assert not watcher.running()


def _address_event(machine, watcher) -> bool:
    """Something to see for the watcher, which may not be listening yet."""
    machine.run("ip address replace 192.0.2.77/32 dev lo; ip address delete 192.0.2.77/32 dev lo")
    return "192.0.2.77" in watcher.output()


def test_machines_reach_each_other_and_know_their_names(bare, one):
    assert one.run("ping -c 1 -W 10 two").status == 0
    assert bare["two"].mac in one.run("ip neigh show 192.0.2.2").stdout


def test_the_kernel_has_ipvs(one):
    one.run("modprobe ip_vs && ipvsadm -A -t 192.0.2.100:80 -s rr && ipvsadm -C")


def test_a_power_cut_loses_what_was_not_synced(one):
    boot = one.read("/proc/sys/kernel/random/boot_id")
    one.run("cd /var/lib/lvsd && echo kept > kept && sync kept . && echo lost > lost")
    one.power_cut()
    with pytest.raises(MachineDied):
        one.run("true")
    one.boot()
    assert one.run("ls /var/lib/lvsd").stdout.split() == ["kept"]
    assert one.read("/proc/sys/kernel/random/boot_id") != boot


def test_an_orderly_reboot_keeps_everything(one):
    one.run("echo kept > /var/lib/lvsd/orderly")
    one.reboot()
    assert one.read("/var/lib/lvsd/orderly") == "kept\n"


def test_a_crash_of_the_kernel_is_noticed(one):
    one.start("sleep 1; echo c > /proc/sysrq-trigger")
    with pytest.raises(MachineDied):
        one.run("sleep 60", seconds=90)


def test_the_host_is_out_of_reach(one):
    """The machine's root is the host's, but nothing it writes there gets through."""
    one.run("touch /var/tmp/from-a-lab-machine /tmp/from-a-lab-machine")
    assert not Path("/var/tmp/from-a-lab-machine").exists()
    assert not Path("/tmp/from-a-lab-machine").exists()


def test_a_second_lab_in_one_clone_keeps_its_hands_off():
    with CLAIM.open("a") as claim:
        with suppress(BlockingIOError):  # the lab that runs this test has it already
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        second = subprocess.run([SOURCE / "tests" / "lab", "shell"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                timeout=60, check=False)
    assert second.returncode == 1 and "another tests/lab is at work in this clone" in second.stderr, second
