from . import (  # isort: skip
    ar_autopay_consent_notice,
    ar_autopay_consent_expiry,
    ar_autopay_consent_end,
    ar_customer_notice,
    ar_customer_invite,
    ar_customer_portal,
)
