from . import (  # isort: skip
    ar_late_charge_reference,
    ar_late_charge_rate,
    ar_late_charge_regime,
    ar_late_charge_lump_sum,
)
