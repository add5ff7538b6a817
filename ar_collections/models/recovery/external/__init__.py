from . import (  # isort: skip
    external_role,
    base,
    ar_agency,
    ar_customer,
    ar_customer_shown,
    ar_placement,
    ar_promise,
    res_partner,
    ir_attachment,
)
