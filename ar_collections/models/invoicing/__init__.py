from . import arrival, sending
