from . import ar_activation, ar_customer_bulk, ar_payment_choice, ar_preview
