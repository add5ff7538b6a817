from . import (  # isort: skip
    ar_reminder_schedule,
    ar_reminder_step,
    ar_reminder_step_preview,
    ar_credit_policy,
)
