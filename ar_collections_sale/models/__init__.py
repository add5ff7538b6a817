from . import (
    account_move,
    ar_credit_exposure,
    ar_credit_policy,
    payment_transaction,
    sale_order,
    sale_order_check,
    sale_order_confirm,
    sale_order_document,
    sale_order_line,
    sale_order_paid,
    sale_order_portal,
    sale_order_room,
)
