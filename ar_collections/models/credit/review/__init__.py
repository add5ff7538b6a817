from . import (  # isort: skip
    res_company,
    res_config_settings,
    ar_review,
    ar_review_reached,
    ar_review_invoices,
    ar_review_duplicates,
    ar_data_finding,
    ar_data_finding_fix,
    ar_customer_confirmed,
    ar_customer_review,
)
