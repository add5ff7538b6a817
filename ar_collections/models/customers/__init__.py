from . import (  # isort: skip
    ar_access_mixin,
    res_company,
    res_config_settings,
    res_partner,
    ar_credit_policy,
    ar_absence,
    ar_customer,
    ar_customer_collector,
    ar_facts,
    ar_facts_addresses,
    ar_facts_exclusions,
    ar_as_of,
)
