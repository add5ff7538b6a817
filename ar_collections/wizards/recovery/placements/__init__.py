from . import (  # isort: skip
    ar_placement_new,
    ar_placement_new_line,
    ar_placement_end,
)
