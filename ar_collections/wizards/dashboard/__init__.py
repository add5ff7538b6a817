from . import (
    ar_dashboard_export,
)
