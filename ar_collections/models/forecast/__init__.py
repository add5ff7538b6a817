from . import (  # isort: skip
    ar_payment_behavior,
    ar_customer,
    ar_cash_forecast,
    ar_cash_forecast_parts,
    ar_cash_forecast_agreements,
    ar_cash_forecast_recovery,
    ar_cash_forecast_item,
    ar_cash_forecast_check,
)
