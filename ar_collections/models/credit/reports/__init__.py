from . import ar_credit_usage
