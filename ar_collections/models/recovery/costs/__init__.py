from . import (  # isort: skip
    res_company,
    res_config_settings,
    ar_late_charge_regime,
    ar_late_charge,
    account_move_line,
    account_move,
    ar_legal_cost,
    ar_legal_cost_invoicing,
    ar_customer,
    ar_placement,
    ar_placement_pack_files,
    ar_communication,
)
