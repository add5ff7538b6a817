from . import (
    account_move,
    account_move_line,
    ar_credit_policy,
    ar_credit_risk,
    ar_customer,
    ar_facts,
    sale_order,
    ar_risk_reader,
    stock_move,
    stock_picking,
    stock_picking_document,
)
