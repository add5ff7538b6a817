from . import (
    ar_communication,
    ar_dispute,
    ar_stripe_dispute,
    ar_stripe_evidence,
    ar_stripe_evidence_duplicates,
    ar_stripe_evidence_gather,
    ar_stripe_evidence_line,
    ar_stripe_evidence_papers,
    ar_stripe_evidence_send,
    payment_provider,
)
