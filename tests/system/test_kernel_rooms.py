"""The rooms that speak to the kernel, each held against the real one by a program of its own."""
import pytest

from machines.network import Network
from machines.project import CHECKED


@pytest.fixture(scope="module")
def bare():
    """A kernel and a shell; the programs are those of the checked build, whatever build the others test."""
    CHECKED.make()
    with Network(None) as network:
        network.machine("bare", "192.0.2.1/24", lvsd=False, systemd=False)
        network.boot()
        yield network["bare"]


SLOW = [pytest.param(room, marks=pytest.mark.long) for room in ("links", "announcement")]


@pytest.mark.parametrize("room", ["ipvs", "settings", *SLOW])
def test_it_does_what_its_header_says(bare, room):
    program = CHECKED.folder / "tests" / "kernel" / f"test-{room}"
    bare.write(f"/run/test-{room}", program.read_bytes())
    bare.run(f"chmod +x /run/test-{room} && /run/test-{room}", seconds=200)
