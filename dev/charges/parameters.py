"""The parameters of `make charges`, read from the environment."""

import os
import random
from dataclasses import dataclass

from dev.setup.parameters import read_number

DAYS, KILLS, CUSTOMERS = 8, 50, 18


@dataclass(frozen=True)
class Parameters:
    """What one run does: its seed, how many days it simulates, how many processes it kills, how many customers pay."""

    seed: int
    days: int
    kills: int
    customers: int


def read_parameters(environ=os.environ):
    """Return the parameters.

    :raise Problem: if one of them is not a number that makes sense
    """
    return Parameters(
        seed=read_number(environ, "SEED", 0, random.SystemRandom().randrange(1_000_000)),
        days=read_number(environ, "DAYS", 4, DAYS),
        kills=read_number(environ, "KILLS", 0, KILLS),
        customers=CUSTOMERS,
    )
