from . import (  # isort: skip
    ar_call_log,
)
