from . import (  # isort: skip
    ar_dashboard,
    ar_dashboard_figures,
    ar_dashboard_work,
)
