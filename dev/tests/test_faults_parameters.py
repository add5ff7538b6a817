"""The parameters of `make faults` are read as they are written."""

import pytest

from dev.faults.parameters import (
    CUSTOMERS,
    DAYS,
    KILLS,
    SHORT_CUSTOMERS,
    SHORT_DAYS,
    SHORT_KILLS,
    Parameters,
    read_parameters,
)
from dev.setup.console import Problem


def test_the_defaults_depend_on_the_form():
    assert read_parameters({"SEED": "5"}) == Parameters(5, DAYS, KILLS, CUSTOMERS)
    assert read_parameters({"SEED": "5", "SHORT": "1"}) == Parameters(5, SHORT_DAYS, SHORT_KILLS, SHORT_CUSTOMERS)
    assert read_parameters({"SEED": "", "DAYS": ""}).days == DAYS  # `make` passes what is not given as empty


def test_each_can_be_given():
    assert read_parameters({"SEED": "0", "SHORT": "1", "DAYS": "4", "KILLS": "0"}) == Parameters(
        0, 4, 0, SHORT_CUSTOMERS
    )


def test_the_seed_is_random_by_default():
    assert len({read_parameters({}).seed for _number in range(20)}) > 1


@pytest.mark.parametrize("given", [{"SEED": "x"}, {"DAYS": "0"}, {"KILLS": "-1"}, {"DAYS": "1.5"}])
def test_another_text_is_refused(given):
    (name,) = given
    with pytest.raises(Problem, match=name):
        read_parameters(given)
