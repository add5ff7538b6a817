from . import (  # isort: skip
    ar_problem,
    ar_credit_policy,
    ar_communication,
    ar_channel_letter,
    ar_post_queue,
    res_partner,
    snailmail_letter,
)
