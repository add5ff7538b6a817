from . import (  # isort: skip
    ar_limitation_rule,
    ar_credit_policy,
    ar_limitation,
)
