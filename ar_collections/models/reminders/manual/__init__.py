from . import (  # isort: skip
    account_move_line,
    ar_communication,
    ar_channel_email,
    ar_outreach,
    ar_customer_manual,
    ar_customer_written,
)
