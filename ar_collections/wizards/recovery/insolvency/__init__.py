from . import ar_insolvency_end
