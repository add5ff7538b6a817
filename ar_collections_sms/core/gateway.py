"""What the gateway says about a message, in our states: sent, failed, unknown, or to be tried again."""

SENT, FAILED, UNKNOWN, PLANNED = "sent", "failed", "unknown", "planned"
ADDRESS, TECHNICAL = "address", "technical"

#: Refused for a reason that has no name here: of the number, of the text, or of our account.
UNNAMED = "unnamed"

#: States of an SMS that the gateway took.
TAKEN = ("process", "pending", "sent")

#: The number is wrong, or the number refuses.
OF_NUMBER = frozenset(
    ("sms_number_missing", "sms_number_format", "sms_country_not_supported", "sms_invalid_destination",
     "sms_not_allowed", "sms_rejected", "sms_blacklist", "sms_optout")
)  # fmt: skip

#: Our account with the gateway is the cause: nothing was sent, and nothing can be until it is mended.
OF_ACCOUNT = frozenset(
    ("sms_credit", "sms_acc", "sms_registration_needed", "twilio_authentication", "twilio_from_missing",
     "twilio_from_to", "twilio_callback")
)  # fmt: skip

#: The gateway's answer was lost, or its server failed: whether it sent the message is not known.
WITHOUT_ANSWER = frozenset(("sms_server",))

#: What the gateway calls an account's lack where Odoo has no name for it.
ACCOUNT_REASONS = frozenset(("registration_needed", "unregistered", "insufficient_credit"))

#: What it says about a message alone.
MESSAGE_REASONS = frozenset(("incompatible_content", "duplicate_message"))


def read_answer(state: str, failure: str | None, reason: str | None = None) -> tuple[str, str | None]:
    """Return (our state, our failure) of a message after the gateway answered; `UNNAMED` is judged by others.

    :param state: that of Odoo's `sms.sms`
    :param failure: its type of failure
    :param reason: the gateway's own word, if Odoo keeps it

    >>> read_answer("pending", None), read_answer("error", "sms_number_format"), read_answer("error", "sms_credit")
    (('sent', None), ('failed', 'address'), ('planned', None))
    >>> read_answer("error", "sms_server"), read_answer("outgoing", None), read_answer("error", "sms_expired")
    (('unknown', None), ('unknown', None), ('failed', 'technical'))
    >>> read_answer("error", "unknown", "registration_needed"), read_answer("error", "unknown", "incompatible_content")
    (('planned', None), ('failed', 'technical'))
    >>> read_answer("error", "unknown", "Authenticate")
    ('planned', 'unnamed')
    """
    if state in TAKEN:
        return SENT, None
    if state != "error" or failure in WITHOUT_ANSWER:
        return UNKNOWN, None
    if failure in OF_ACCOUNT or reason in ACCOUNT_REASONS:
        return PLANNED, None
    if failure in (None, "unknown") and reason not in MESSAGE_REASONS:
        return PLANNED, UNNAMED
    return FAILED, ADDRESS if failure in OF_NUMBER else TECHNICAL


def read_report(status: str, failure: str | None) -> tuple[str, str | None] | None:
    """Return (our state, our failure) by a delivery report, None where it says nothing new.

    :param status: that of Odoo's notification

    >>> read_report("sent", None), read_report("bounce", "sms_rejected"), read_report("exception", "sms_expired")
    (('sent', None), ('failed', 'address'), ('failed', 'technical'))
    >>> read_report("ready", None), read_report("exception", "sms_server") is None
    (None, True)
    """
    if status in ("process", "pending", "sent"):
        return SENT, None
    if status == "bounce" or (status == "exception" and failure in OF_NUMBER):
        return FAILED, ADDRESS
    if status == "exception" and failure not in OF_ACCOUNT | WITHOUT_ANSWER:
        return FAILED, TECHNICAL
    return None
