from . import (  # isort: skip
    ar_credit_policy,
    ar_statement_contents,
    ar_statement_movements,
    ar_renewed_mixin,
    ar_customer_statement,
    ar_customer_statement_run,
    ar_customer_statement_group,
    ar_statement,
    ar_communication,
    ar_facts,
    ar_outreach,
    ar_customer,
)
