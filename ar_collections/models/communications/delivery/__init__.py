from . import (  # isort: skip
    ar_communication_delivery,
    ar_communication_prepared,
    ar_communication_letter,
)
