"""The tutorial, chapter by chapter: each goes on where the one before it ended."""
import pytest

from machines import daemon
from machines.tutorial import Tutorial

pytestmark = pytest.mark.keeps_state


@pytest.fixture(scope="module")
def tutorial(network):
    for node in ("node1", "node2", "node3"):
        daemon.clear(network[node])
    return Tutorial(network)


@pytest.mark.parametrize("chapter", Tutorial.CHAPTERS.values())
def test_tutorial(tutorial, lan, chapter):
    getattr(tutorial, chapter)()
