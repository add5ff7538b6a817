from . import (
    ar_problem,
    ar_returned_payment,
    ar_stripe_booking,
    ar_stripe_booking_aside,
    ar_stripe_booking_entry,
    ar_stripe_booking_line,
    ar_stripe_booking_payment,
    ar_stripe_booking_plan,
    ar_stripe_booking_return,
    ar_stripe_dispute,
    ar_stripe_event,
    payment_provider,
)
