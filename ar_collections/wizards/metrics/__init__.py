from . import (  # isort: skip
    ar_aging,
)
