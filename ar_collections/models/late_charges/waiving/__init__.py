from . import (  # isort: skip
    ar_late_charge_waiver,
    ar_late_charge_waiving,
)
