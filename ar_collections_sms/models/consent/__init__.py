from . import (  # isort: skip
    ar_sms_stop_word,
    ar_sms_stop,
    ar_sms_consent,
    ar_email_stop,
    res_partner,
    phone_blacklist,
)
