from . import (  # isort: skip
    ar_limitation_rule,
    ar_credit_policy,
    ar_limitation,
    ar_response_rule,
    ar_response_enclosure,
    ar_reminder_step,
    ar_customer,
    ar_customer_demand,
    ar_communication,
    ar_outreach,
    ar_channel_letter,
)
