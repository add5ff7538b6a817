from . import (  # isort: skip
    write_off,
    allowance,
    legal,
    placements,
    costs,
    settlements,
    external,
)
