from . import (
    account_move,
    account_move_line,
    ar_credit_exposure,
    ar_credit_policy,
    ar_credit_risk,
    ar_customer,
    ar_facts,
    ar_risk_reader,
    sale_order,
    stock_move,
    stock_picking,
    stock_picking_document,
)
