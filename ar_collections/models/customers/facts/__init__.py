from . import (  # isort: skip
    ar_facts,
    ar_facts_ledger,
    ar_facts_addresses,
    ar_facts_exclusions,
    ar_facts_history,
    ar_facts_payments,
    ar_facts_credits,
    ar_facts_versions,
)
