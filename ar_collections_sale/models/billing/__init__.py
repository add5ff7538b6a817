from . import (  # isort: skip
    ar_credit_policy_billing,
    ar_customer,
    ar_invoice_sending,
    ar_nightly,
    ar_order_left_out,
    ar_problem,
    res_company,
    sale_order_billing,
    sale_order_left_out,
)
