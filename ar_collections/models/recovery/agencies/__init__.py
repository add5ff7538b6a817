from . import (  # isort: skip
    ar_agency,
    ar_agency_merge,
    ar_agency_rate,
    ar_agency_field,
    ar_agency_map,
)
