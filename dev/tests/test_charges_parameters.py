"""The parameters of `make charges` are read as they are written."""

import pytest

from dev.charges.parameters import CUSTOMERS, DAYS, KILLS, Parameters, read_parameters
from dev.setup.console import Problem


def test_the_defaults():
    assert read_parameters({"SEED": "5", "KILLS": ""}) == Parameters(5, DAYS, KILLS, CUSTOMERS)


def test_each_can_be_given():
    assert read_parameters({"SEED": "0", "DAYS": "4", "KILLS": "3"}) == Parameters(0, 4, 3, CUSTOMERS)


@pytest.mark.parametrize("given", [{"SEED": "x"}, {"DAYS": "3"}, {"KILLS": "-1"}])
def test_another_text_is_refused(given):
    (name,) = given
    with pytest.raises(Problem, match=name):
        read_parameters(given)
