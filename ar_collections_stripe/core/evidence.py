"""What Stripe takes as evidence in a dispute, and what fits which reason. Pure rules, no Odoo.

Stripe takes one value for each of its fields, a text or a file, and evidence can normally be submitted once.
"""

#: Limits of Stripe: characters of all texts, bytes of all files, pages of all files.
TEXT_MAX, FILES_MAX, PAGES_MAX = 150_000, 4_500_000, 50

#: How files that Stripe takes begin: {kind: first bytes}.
FILE_KINDS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}

#: Statuses of a dispute in which Stripe takes evidence.
ANSWERABLE = ("needs_response", "warning_needs_response", "appeal_needs_response")

#: Fields whose value is a file.
FILE_FIELDS = frozenset(
    (
        "receipt", "customer_communication", "customer_signature", "service_documentation", "shipping_documentation",
        "refund_policy", "cancellation_policy", "duplicate_charge_documentation", "uncategorized_file",
    )
)  # fmt: skip

#: Fields that come from our records alone, and are not written by hand.
FIXED = frozenset(
    (
        "customer_name", "customer_email_address", "billing_address", "customer_purchase_ip", "duplicate_charge_id",
    )
)  # fmt: skip

#: Who paid, and for what: fits every reason.
ALWAYS = (
    "customer_name", "customer_email_address", "billing_address", "product_description", "receipt",
    "customer_communication",
)  # fmt: skip

_DELIVERY = (
    "service_date", "shipping_documentation", "shipping_date", "shipping_address", "shipping_carrier",
    "shipping_tracking_number", "access_activity_log",
)  # fmt: skip
_IDENTITY = ("customer_purchase_ip", "customer_signature", "access_activity_log", "uncategorized_text")
_REFUND = ("refund_policy_disclosure", "refund_refusal_explanation", "uncategorized_text")

#: What fits beside that, by reason; other reasons get `OTHER`.
BY_REASON = {
    "product_not_received": _DELIVERY,
    "product_unacceptable": ("service_date", "shipping_documentation", "shipping_date", *_REFUND),
    "fraudulent": _IDENTITY,
    "unrecognized": _IDENTITY,
    "debit_not_authorized": _IDENTITY,
    "credit_not_processed": _REFUND,
    "duplicate": ("duplicate_charge_id", "duplicate_charge_explanation", "duplicate_charge_documentation"),
    "subscription_canceled": (
        "cancellation_policy_disclosure", "cancellation_rebuttal", "customer_signature", "service_date",
        "access_activity_log",
    ),
}  # fmt: skip
OTHER = ("service_date", "shipping_documentation", "uncategorized_text")


def wanted(reason):
    """Return the fields that fit a reason, in the order in which they are shown.

    :param str reason: Stripe's word, also one that is not known here

    >>> wanted("duplicate")[-3:]
    ('duplicate_charge_id', 'duplicate_charge_explanation', 'duplicate_charge_documentation')
    >>> wanted("a_new_reason") == ALWAYS + OTHER
    True
    """
    return ALWAYS + BY_REASON.get(reason, OTHER)


def kind_of(content):
    """Return the kind of a file by its content, ``pdf``, ``jpg`` or ``png``; ``None`` for any other.

    >>> kind_of(b"%PDF-1.7 ..."), kind_of(b"GIF89a"), kind_of(b"")
    ('pdf', None, None)
    """
    return next((kind for kind, begin in FILE_KINDS.items() if content.startswith(begin)), None)


def is_charge(number):
    """Return whether a number of Stripe's is a charge, which is what evidence names, and no payment intent.

    >>> is_charge("ch_1"), is_charge("py_1"), is_charge("pi_1"), is_charge(None)
    (True, True, False, False)
    """
    return (number or "").startswith(("ch_", "py_"))


def excess(texts, sizes, pages):
    """Return what exceeds Stripe's limits: {limit: (what there is, the limit)}, {} where all is well.

    :param texts: the texts of all fields
    :param sizes: bytes of each file
    :param pages: pages of each file; an image is one

    >>> excess(["a" * 150_000], [4_500_000], [20, 30])
    {}
    >>> excess(["a" * 150_001], [4_000_000, 500_001], [51])
    {'texts': (150001, 150000), 'files': (4500001, 4500000), 'pages': (51, 50)}
    """
    found = {
        "texts": (sum(map(len, texts)), TEXT_MAX),
        "files": (sum(sizes), FILES_MAX),
        "pages": (sum(pages), PAGES_MAX),
    }
    return {limit: (number, most) for limit, (number, most) in found.items() if number > most}


def refusal(status, due_by, submissions, now):
    """Return why Stripe takes no evidence any more, or ``None``: a code.

    The status decides: an inquiry that becomes a dispute, or an appeal, is answered again.

    - ``submitted``: it was submitted already, here or at Stripe
    - ``impossible``: there is no procedure, as for bank debits
    - ``closed``: the dispute is decided or under review
    - ``late``: the deadline is over

    :param due_by: Stripe's timestamp in seconds; 0 or ``None``: no answer is possible
    :param submissions: how often evidence was submitted
    :param now: timestamp

    >>> refusal("needs_response", 2000, 0, 1000)
    >>> refusal("appeal_needs_response", 2000, 1, 1000)
    >>> refusal("under_review", 2000, 1, 1000), refusal("lost", 0, 0, 1000)
    ('submitted', 'impossible')
    >>> refusal("won", 2000, 0, 1000), refusal("needs_response", 900, 0, 1000)
    ('closed', 'late')
    """
    if submissions and status not in ANSWERABLE:
        return "submitted"
    if not due_by:
        return "impossible"
    if status not in ANSWERABLE:
        return "closed"
    return "late" if due_by < now else None
