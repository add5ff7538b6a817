from . import (
    test_stripe_access,
    test_stripe_booking,
    test_stripe_booking_cases,
    test_stripe_dispute,
    test_stripe_endpoint,
    test_stripe_event,
    test_stripe_odoo_webhook,
    test_stripe_setup,
    test_stripe_unanswered,
)
