from . import (  # isort: skip
    ar_customer_bulk,
)
