from . import (  # isort: skip
    ir_qweb,
    mail_message,
    mail_render_mixin,
    mail_mail,
    mail_mail_turn,
    mail_thread,
    mail_activity,
)
