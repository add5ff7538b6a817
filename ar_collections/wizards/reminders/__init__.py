from . import (  # isort: skip
    ar_preview,
    ar_step_preview,
    ar_activation,
    ar_sent_entry,
    ar_no_chase,
    ar_remind,
    ar_message_edit,
    ar_message_edit_steps,
    ar_message_new,
)
