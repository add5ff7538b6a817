from . import (  # isort: skip
    ar_assignment_apply,
)
