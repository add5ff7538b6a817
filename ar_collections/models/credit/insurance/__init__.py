from . import account_move, account_move_line, ar_credit_insurance, ar_customer_clock
