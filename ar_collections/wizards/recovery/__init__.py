from . import (  # isort: skip
    ar_write_off_new,
    ar_write_off_reject,
    ar_placement_new,
    ar_placement_new_line,
    ar_placement_end,
    ar_external_log,
)
