from . import (  # isort: skip
    res_company,
    ar_credit_exposure,
    ar_credit_release,
    ar_credit_document_mixin,
    ar_credit_document_texts,
    ar_credit_document_passed,
    ar_customer_night,
    account_move_document,
    account_move_paid,
    account_move,
    account_move_autopost,
    account_move_status,
)
