from . import (  # isort: skip
    ar_channel_sms,
    ar_channel_sms_delivery,
    ar_sms_queue,
    sms_tracker,
)
