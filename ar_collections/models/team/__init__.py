from . import (  # isort: skip
    ar_assignment_rule,
    ar_customer,
    ar_team_board,
)
