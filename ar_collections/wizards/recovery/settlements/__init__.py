from . import (  # isort: skip
    ar_settlement_new,
    ar_settlement_offer,
    ar_payment_choice,
)
