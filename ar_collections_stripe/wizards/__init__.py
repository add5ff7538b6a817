from . import ar_stripe_difference_handle
