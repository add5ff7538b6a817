from . import (  # isort: skip
    ar_sheet_mixin,
    ar_late_charge_claim_facts,
)
