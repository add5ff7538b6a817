from . import (  # isort: skip
    write_off,
    placements,
    insolvency,
    settlements,
    ar_recovery_reject,
    external,
    costs,
)
