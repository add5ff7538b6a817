"""What our own code reads for a charge. It is passed on in the context as ``ar_charging``."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Charging:
    """A charge is decided about. No remote caller can make such a value, so that none hides a payment that may arrive.

    :param repeated: ids of the transactions of charges that are asked about, which do not stand in their own way
    """

    repeated: tuple[int, ...] = ()


def get_charging(env):
    """Return the charge that the context is about; None without one."""
    charging = env.context.get("ar_charging")
    return charging if isinstance(charging, Charging) else None
