from . import ar_agreement_new, ar_call_log, ar_dispute_new, ar_email_stop_new, ar_message_new, ar_reply_account
