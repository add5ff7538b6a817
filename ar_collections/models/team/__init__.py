from . import (  # isort: skip
    ar_assignment_rule,
    ar_customer,
    res_partner_category,
    ar_team_board,
)
