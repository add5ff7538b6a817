from . import ar_credit_decide, ar_credit_release_new
