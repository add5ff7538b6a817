from . import (  # isort: skip
    ar_reminder_schedule,
    ar_reminder_step,
    ar_credit_policy,
    ar_customer_decide,
    ar_customer_run,
    account_move,
    account_move_line,
    ar_communication_presend,
    ar_communication,
    ar_channel_email,
    ar_outreach,
    ar_customer_manual,
)
