"""What a customer's reply may be about, and which of several things in one reply counts first."""

PAID = "paid"

#: The customer will pay, with or without a day.
PROMISE = "promise"

DISPUTE = "dispute"

WRONG_CONTACT = "wrong_contact"

#: A copy of an invoice is wanted.
COPY = "copy"

OUT_OF_OFFICE = "out_of_office"

#: No more e-mails are wanted.
STOP = "stop"

#: Bank details, ours or theirs, are said to have changed, or are asked about: never acted upon.
BANK_DETAILS = "bank_details"

PAYMENT_LINK = "payment_link"

#: Nothing of the above, or a question.
UNCLEAR = "unclear"

#: The first that a reply contains is what it is about: what is dangerous first, then what says most. Whoever mentions
#: an absence beside something else wants the other.
ORDER = (
    BANK_DETAILS, DISPUTE, PAID, PROMISE, STOP, PAYMENT_LINK, COPY, WRONG_CONTACT, OUT_OF_OFFICE, UNCLEAR,
)  # fmt: skip

#: After these, automatic contact waits for a person.
PAUSING = frozenset((PAID, PROMISE, DISPUTE, STOP, UNCLEAR))

#: They are statements: a question about them says nothing, as in "Has it been paid?".
STATEMENTS = frozenset((PAID, PROMISE, OUT_OF_OFFICE, STOP))

# --- What the words of a rule are for ---

#: They say that the reply is of the rule's kind.
MEANS = "means"

#: What they cover is not of the rule's kind, as "stop by" is no stop.
EXCEPTION = "exception"

#: They turn round what follows, as "not".
NEGATION = "negation"

#: They are frequent in the language and tell it from others.
LANGUAGE = "language"

#: A line with them begins what the customer did not write now: an earlier message.
QUOTE = "quote"

#: A line that consists of them begins the signature.
SIGNATURE = "signature"

#: A paragraph with them is no part of what the customer says.
DISCLAIMER = "disclaimer"

USES = (MEANS, EXCEPTION, NEGATION, LANGUAGE, QUOTE, SIGNATURE, DISCLAIMER)
