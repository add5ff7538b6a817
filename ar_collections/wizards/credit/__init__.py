from . import (
    ar_class_override,
    ar_credit_decide,
    ar_credit_limit_entry,
    ar_credit_release_new,
    ar_credit_request_decide,
    ar_credit_request_new,
    ar_data_ignore,
    ar_terms_announce,
)
