from . import (  # isort: skip
    ar_portal_link,
    ar_customer_access,
    ar_channel_letter,
    ar_communication,
    mail_mail,
    mail_message,
)
