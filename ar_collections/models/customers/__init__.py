from . import (  # isort: skip
    res_company,
    res_config_settings,
    res_partner,
    ar_credit_policy,
    ar_customer,
    ar_facts,
    ar_facts_addresses,
    ar_facts_exclusions,
    ar_as_of,
)
