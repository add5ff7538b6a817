from . import (  # isort: skip
    ar_credit_policy,
    ar_reply_rule,
    ar_reply,
    ar_reply_flags,
    ar_reply_proposal,
    ar_inquiry,
    ar_customer,
    ar_customer_inquiries,
    ar_facts,
    ar_handover,
    mail_activity,
)
