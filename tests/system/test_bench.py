"""That the benchmark still measures; what it finds is for a quiet machine."""
import pytest

from machines.bench import Bench


@pytest.mark.long
def test_a_quick_benchmark_of_one_row_says_what_it_found():
    said = []
    bench = Bench({"programming"}, quick=True, say=said.append)

    assert bench.run() == 0
    assert "the daemon's kernel programming" in said[-1]
    assert bench.samples["limit", 1000, "program"][0] > 0
