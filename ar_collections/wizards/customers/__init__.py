from . import (
    ar_list_export,
    base_partner_merge_automatic_wizard,
)
