from . import (
    test_order_access,
    test_order_check,
    test_order_exposure,
    test_order_invoice,
    test_order_others,
    test_order_payment,
    test_order_release,
    test_order_signature,
    test_order_terms,
    test_order_text,
    test_order_till,
    test_order_workers,
)
