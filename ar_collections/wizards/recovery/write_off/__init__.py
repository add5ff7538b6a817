from . import ar_write_off_new
