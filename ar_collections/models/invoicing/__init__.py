from . import sending
