from . import (  # isort: skip
    ar_reminder_schedule,
    ar_reminder_step,
    ar_customer_decide,
    ar_customer_run,
    account_move,
    ar_facts,
    ar_communication,
    ar_outreach,
    ar_customer_manual,
)
