from . import (  # isort: skip
    res_company,
    res_config_settings,
    ar_customer,
    ar_customer_list,
    ar_customer_next,
    ar_customer_aging,
    ar_customer_overview,
    account_move_line,
    ar_timeline_entry,
    ar_approval,
    ar_approval_recovery,
)
