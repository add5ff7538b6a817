from . import ar_late_charge_waive
