from . import ar_message_new
