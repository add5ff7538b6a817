from . import (  # isort: skip
    ar_late_charge_claim,
    ar_payment_order,
)
