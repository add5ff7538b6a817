from . import (  # isort: skip
    res_company,
    res_config_settings,
    ar_risk_reader,
    ar_risk_reader_cover,
    ar_risk_reader_company,
    ar_credit_risk,
    ar_credit_risk_open,
)
