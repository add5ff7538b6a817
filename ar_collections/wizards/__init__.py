from . import ar_activation, ar_payment_choice, ar_preview
