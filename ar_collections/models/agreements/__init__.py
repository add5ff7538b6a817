from . import (  # isort: skip
    ar_agreement,
    res_partner,
    ar_credit_policy,
    ar_customer,
    ar_facts,
)
