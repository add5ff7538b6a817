"""What customers' replies are about, how they were read, what is suspicious, and the states of inquiries."""

from ..core.replies import domains, kinds

REPLY_KINDS = [
    (kinds.BANK_DETAILS, "Bank details"),
    (kinds.DISPUTE, "Disputes an invoice"),
    (kinds.PAID, "Says it is paid"),
    (kinds.PROMISE, "Will pay"),
    (kinds.STOP, "No more emails"),
    (kinds.OUT_OF_OFFICE, "Out of office"),
    (kinds.PAYMENT_LINK, "Payment link wanted"),
    (kinds.COPY, "Copy of an invoice wanted"),
    (kinds.WRONG_CONTACT, "Wrong contact"),
    (kinds.UNCLEAR, "Question, or unclear"),
]

REPLY_RULE_USES = [
    (kinds.MEANS, "Words for this kind"),
    (kinds.EXCEPTION, "Not of this kind"),
    (kinds.NEGATION, "Negation"),
    (kinds.LANGUAGE, "Frequent words of the language"),
    (kinds.QUOTE, "Begins an earlier message"),
    (kinds.SIGNATURE, "Begins the signature"),
    (kinds.DISCLAIMER, "Disclaimer"),
]

#: How a reply was read.
REPLY_READINGS = [
    ("read", "Read"),
    ("unknown_language", "Unknown language"),
    ("shortened", "Only the beginning was read"),
    ("failed", "Could not be read"),
]

REPLY_SOURCES = [("email", "Email"), ("page", "Customer page")]

INQUIRY_SOURCES = [*REPLY_SOURCES, ("call", "Call")]

INQUIRY_STATES = [("open", "Open"), ("answered", "Answered"), ("closed", "Closed")]

# --- What is suspicious about a reply ---
FLAG_BANK_DETAILS = "bank_details"

#: A payment link is wanted by an address that is none of the customer's.
FLAG_LINK_NEW_ADDRESS = "link_new_address"

#: The address of a new contact is none of the customer's domains, or an unknown sender names it.
FLAG_NEW_CONTACT = "new_contact"

#: How a sender's domain looks like a known one: each is a flag.
FLAGS_OF_DOMAINS = (domains.ONE_OFF, domains.SAME_LOOK, domains.OTHER_ENDING, domains.ADDED)

#: They are about the sender: what such a reply says does not even pause reminders.
FLAGS_OF_SENDERS = (*FLAGS_OF_DOMAINS, FLAG_LINK_NEW_ADDRESS)
