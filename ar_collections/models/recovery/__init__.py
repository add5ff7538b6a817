from . import (  # isort: skip
    ar_country_rule_mixin,
    write_off,
    allowance,
    legal,
    agencies,
    placements,
    costs,
    settlements,
    insolvency,
    external,
)
