from . import (
    ar_list_export_mixin,
)
