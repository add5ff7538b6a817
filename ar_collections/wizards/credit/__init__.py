from . import ar_credit_decide, ar_credit_release_new, ar_credit_request_decide, ar_credit_request_new
from . import ar_credit_release_new
from . import ar_class_override
from . import (  # isort: skip
    ar_credit_release_new,
    ar_class_override,
)
