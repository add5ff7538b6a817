from . import (  # isort: skip
    ar_dispute_new,
    ar_dispute_pass_on,
    ar_dispute_resolve,
)
