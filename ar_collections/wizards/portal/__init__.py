from . import (  # isort: skip
    ar_payment_choice,
    ar_pay_link,
)
