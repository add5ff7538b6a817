from . import (  # isort: skip
    ar_payment_plan_new,
    ar_payment_plan_decide,
)
