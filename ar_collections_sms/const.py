"""Selections and limits of text messages."""

#: How a person agreed to text messages.
CONSENT_WAYS = [
    ("contract", "In a contract or order"),
    ("form", "By a form"),
    ("mail", "By email or letter"),
    ("call", "In a call"),
    ("person", "In person"),
    ("sms", "By a text message"),
]

#: How a consent ended.
WITHDRAWN_WAYS = [
    ("staff", "By staff"),
    ("sms", "By a text message"),
    ("reply", "By a reply"),
    ("again", "Recorded again"),
]

#: Who gets the step's message where no text message can be sent.
FALLBACKS = [
    ("none", "Nobody: the collector gets a task"),
    ("email", "The same customer, by email"),
]

#: Why a contact gets no text message.
NO_NUMBER, WRONG_NUMBER, LANDLINE, NO_CONSENT, OTHER_NUMBER, STOPPED, FAILED_BEFORE = (
    "no_number", "wrong_number", "landline", "no_consent", "other_number", "stopped", "failed_before",
)  # fmt: skip

#: Stands in stored texts where the message itself holds the key of its link; it has the same length.
KEY_LENGTH = 22
MASK = "*" * KEY_LENGTH

#: The short address of the customer page, followed by the key.
SHORT_PATH = "/due/"

#: A message from the gateway is not read beyond this number of bytes, nor its text beyond this number of characters.
BODY_MAX = 64 * 1024
TEXT_MAX = 1600

#: Of the words of a request to stop, so many characters are kept.
TEXT_KEPT = 200
