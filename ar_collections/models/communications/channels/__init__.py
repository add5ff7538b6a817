from . import (  # isort: skip
    ar_channel,
    ar_channel_call,
    ar_channel_email,
    ar_channel_email_delivery,
    ar_channel_letter,
)
