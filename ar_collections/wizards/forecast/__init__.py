from . import (  # isort: skip
    ar_cash_forecast_page,
)
