from . import ar_activation, ar_payment_choice, ar_payment_plan_decide, ar_payment_plan_new, ar_preview
