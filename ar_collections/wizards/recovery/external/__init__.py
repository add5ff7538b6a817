from . import ar_external_log
