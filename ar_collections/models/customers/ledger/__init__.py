from . import (  # isort: skip
    account_journal,
    account_move,
    account_move_line,
    account_payment,
    ar_small_difference,
    ar_as_of,
    ar_as_of_lines,
)
