from . import (  # isort: skip
    res_partner,
    ar_credit_policy,
    ar_salesperson_note,
    ar_customer,
    ar_communication,
    ar_promise,
    ar_dispute,
    ir_attachment,
)
