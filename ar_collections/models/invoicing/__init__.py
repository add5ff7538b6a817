from . import sending
from . import arrival
