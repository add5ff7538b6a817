from . import ar_activation, ar_call_log, ar_customer_bulk, ar_payment_choice, ar_preview
