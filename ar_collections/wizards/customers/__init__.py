from . import (
    ar_file_mixin,
    ar_list_export,
    base_partner_merge_automatic_wizard,
)
