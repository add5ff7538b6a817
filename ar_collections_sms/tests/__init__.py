from . import (
    test_core_sms,
    test_sms_access,
    test_sms_channel,
    test_sms_consent,
    test_sms_delivery,
    test_sms_routes,
    test_sms_stop,
    test_sms_timing,
)
