"""The parameters of `make faults`, read from the environment."""

import os
import random
from dataclasses import dataclass

from dev.setup.parameters import read_number

#: Defaults of the long and of the short form.
DAYS, SHORT_DAYS = 10, 3
KILLS, SHORT_KILLS = 200, 25
CUSTOMERS, SHORT_CUSTOMERS = 60, 30


@dataclass(frozen=True)
class Parameters:
    """What one run does: its seed, how many days it simulates, how many processes it kills at least, its size."""

    seed: int
    days: int
    kills: int
    customers: int


def read_parameters(environ=os.environ):
    """Return the parameters; `SHORT` chooses other defaults for `DAYS` and `KILLS`.

    :raise Problem: if one of them is not a number that makes sense
    """
    short = bool(environ.get("SHORT"))
    return Parameters(
        seed=read_number(environ, "SEED", 0, random.SystemRandom().randrange(1_000_000)),
        days=read_number(environ, "DAYS", 1, SHORT_DAYS if short else DAYS),
        kills=read_number(environ, "KILLS", 0, SHORT_KILLS if short else KILLS),
        customers=SHORT_CUSTOMERS if short else CUSTOMERS,
    )
