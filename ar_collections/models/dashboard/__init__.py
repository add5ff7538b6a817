from . import (  # isort: skip
    ar_dashboard,
    ar_dashboard_figures,
    ar_dashboard_work,
    ar_setup,
    onboarding_onboarding,
    onboarding_onboarding_step,
    ar_dashboard_setup,
)
