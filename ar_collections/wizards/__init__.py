from . import ar_activation, ar_aging, ar_payment_choice, ar_preview
