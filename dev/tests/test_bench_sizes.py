"""The sizes of the benchmark are read as they are written."""

import pytest

from dev.bench.sizes import read_sizes
from dev.setup.console import Problem


def test_sizes_are_measured_ascending():
    assert read_sizes("20000 2000") == [2000, 20000]
    assert read_sizes("100,1000") == [100, 1000]


@pytest.mark.parametrize("text", ["many", "0", "-5", "1.5"])
def test_another_text_is_refused(text):
    with pytest.raises(Problem, match="SIZES"):
        read_sizes(text)
