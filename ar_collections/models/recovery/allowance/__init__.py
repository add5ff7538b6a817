from . import (  # isort: skip
    res_company,
    res_config_settings,
    ar_allowance_reader,
    ar_allowance,
    ar_allowance_line,
    ar_allowance_entry,
)
