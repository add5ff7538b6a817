from . import (  # isort: skip
    ar_write_off_new,
    ar_placement_new,
    ar_placement_new_line,
    ar_placement_end,
    ar_insolvency_end,
    ar_settlement_new,
    ar_recovery_reject,
    ar_settlement_offer,
    ar_external_log,
    ar_payment_choice,
    ar_late_charge_claim,
    ar_payment_order,
)
