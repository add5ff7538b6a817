from . import (  # isort: skip
    ar_credit_policy,
    ar_credit_terms,
    ar_credit_terms_night,
    ar_credit_terms_notice,
    ar_communication,
    ar_customer,
)
