from . import (
    ar_write_off_new,
    ar_write_off_reject,
)
