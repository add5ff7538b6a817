from . import (  # isort: skip
    ar_customer,
    ar_customer_identity,
    ar_customer_page,
)
