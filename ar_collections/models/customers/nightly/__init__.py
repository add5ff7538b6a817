from . import (  # isort: skip
    ar_problem,
    ar_nightly,
    ar_handover,
)
