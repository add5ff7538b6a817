"""Which of Odoo's own tests are compared: those of the flows that our add-ons take part in."""

from dev.setup.scratch import TEMPLATE_MODULES

#: Modules of both databases. `test_mail` has the tests of mail's threads and aliases.
MODULES = [
    *TEMPLATE_MODULES,
    "sale_management",
    "sale_stock",
    "queue_job",
    "sms",
    "snailmail",
    "test_mail",
]

#: Per module the test files without `test_` and `.py`; empty: all of its tests.
SUITES = {
    "account_payment": [],
    "payment": [],
    "payment_stripe": [],
    "portal": [],
    "sale": [],
    "sale_management": [],
    "mail": [
        "mail_activity",
        "mail_composer",
        "mail_mail",
        "mail_message",
        "mail_template",
        "res_partner",
        "res_users",
    ],
    "test_mail": [
        "mail_activity",
        "mail_activity_mixin",
        "mail_alias",
        "mail_flow",
        "mail_gateway",
        "mail_mail",
        "mail_thread_internals",
        "mail_thread_mixins",
        "message_post",
    ],
    "account": [
        "account_move_date_algorithm",
        "account_move_duplicate",
        "account_move_entry",
        "account_move_in_invoice",
        "account_move_in_refund",
        "account_move_out_invoice",
        "account_move_out_refund",
        "account_move_payments_widget",
        "account_move_reconcile",
        "account_move_send",
        "account_partner",
        "account_payment",
        "account_payment_duplicate",
        "account_payment_items",
        "account_payment_register",
        "company_branch",
        "digest",
        "early_payment_discount",
        "payment_term",
        "portal_invoice",
        "res_partner_merge",
    ],
}

#: Tests that send unsigned events and replace the check of the signature on Odoo's own class: `ar_collections_stripe`
#: has its own check, which is meant to refuse them. What they are about is tested there, with signed events.
LEFT_OUT = (
    "test_canceled_refund_webhook_notification_triggers_processing",
    "test_webhook_notification_confirms_transaction",
    "test_webhook_notification_tokenizes_payment_method",
    "test_webhook_notification_triggers_signature_check",
)

#: The reduced form of CI: whole suites.
SHORT_SUITES = ["account_payment", "payment_stripe", "portal"]

#: And the classes that failed with our add-ons once, but for those of tax computation, which take minutes.
SHORT_CLASSES = [
    "sale/tests/test_accrued_sale_orders.py::TestAccruedSaleOrders",
    "sale/tests/test_credit_limit.py::TestSaleOrderCreditLimit",
    "sale/tests/test_payment_flow.py::TestSalePayment",
    "sale/tests/test_sale_flow.py::TestSaleFlow",
    "sale/tests/test_sale_order.py::TestSaleOrderInvoicing",
    "sale/tests/test_sale_refund.py::TestSaleRefund",
    "sale/tests/test_sale_to_invoice.py::TestSaleToInvoice",
    "test_mail/tests/test_mail_alias.py::TestAliasCompany",
]


def files(addons, names):
    """Return the test files of the suites.

    :param Path addons: Odoo's own add-ons
    :param names: of the suites
    :rtype: list[Path]
    """
    found = []
    for name in names:
        folder = addons / name / "tests"
        found += [folder / f"test_{file}.py" for file in SUITES[name]] or sorted(folder.glob("test_*.py"))
    return found
