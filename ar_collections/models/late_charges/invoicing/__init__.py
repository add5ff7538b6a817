from . import (  # isort: skip
    ar_late_charge_billing,
    ar_late_charge_billing_credited,
    ar_late_charge_invoicing,
    ar_late_charge_taken_back,
    account_move,
    account_move_line,
    res_company,
    res_config_settings,
)
