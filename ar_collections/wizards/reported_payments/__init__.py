from . import ar_reported_payment_new
