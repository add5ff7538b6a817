from . import (  # isort: skip
    ar_promise_new,
    ar_promise_withdraw,
)
