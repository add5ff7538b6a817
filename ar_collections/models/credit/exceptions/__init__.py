from . import (  # isort: skip
    res_company,
    ar_customer_exception,
    ar_customer_policy_end,
    ar_customer_exceptions,
    ar_customer_exceptions_earlier,
    ar_credit_request,
    ar_credit_document_mixin,
    ar_credit_exception,
    ar_credit_exception_end,
)
