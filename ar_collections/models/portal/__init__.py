from . import (  # isort: skip
    ir_http,
    limits,
    payments,
    ar_customer_group,
    links,
    ar_customer,
    ar_customer_copies,
    ar_customer_lists,
    ar_statement,
    ar_outreach,
    res_company,
    res_config_settings,
)
