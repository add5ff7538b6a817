from . import (
    ar_write_off_new,
    ar_write_off_reject,
from . import (  # isort: skip
    ar_placement_new,
    ar_placement_new_line,
    ar_placement_end,
)
