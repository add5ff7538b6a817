from . import (  # isort: skip
    ar_customer,
    ar_customer_identity,
    ar_customer_page,
    ar_autopay_collection,
    ar_autopay_collection_line,
    ar_autopay_collection_plan,
    ar_facts,
    ar_facts_in_flight,
    payment_provider,
)
