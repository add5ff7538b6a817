from . import ar_late_charge_claim, ar_late_charge_waive
