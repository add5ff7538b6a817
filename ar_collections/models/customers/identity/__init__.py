from . import (  # isort: skip
    ar_customer_followers,
    ar_customer_merge,
    ar_customer_identity,
)
