from odoo import fields, models

from ....core.portal.limits import DEFAULTS


class ArCreditPolicy(models.Model):
    """How much visitors of the customer page may start on a day, so that a link in wrong hands does no harm."""

    _inherit = "ar.credit.policy"

    _writable = {
        "manager": (
            "portal_agreements_per_day", "portal_messages_per_day", "portal_payments_per_day",
            "portal_documents_per_day", "portal_upload_mb_per_day", "portal_confirmations_per_day",
            "portal_visitor_per_day",
        ),
    }  # fmt: skip

    portal_agreements_per_day = fields.Integer(
        "Agreements per Day",
        default=DEFAULTS["agreements"],
        tracking=True,
        help=(
            "Maximum number of promises, of reported payments, of disputes, of payment plans, of withdrawals "
            "and of changes of automatic payment that a customer can make on the portal in a day; each is "
            "counted on its own. Staff are not limited. 0: no limit. Example: with 10, the eleventh promise "
            "of a day is recorded by a colleague."
        ),
    )
    portal_messages_per_day = fields.Integer(
        "Messages per Day",
        default=DEFAULTS["messages"],
        tracking=True,
        help=(
            "Maximum number of messages, and of requests for a call, an address or a language, that a "
            "customer can send on the portal in a day. 0: no limit. Example: with 10, the eleventh message of "
            "a day is refused with a hint to call."
        ),
    )
    portal_payments_per_day = fields.Integer(
        "Payments per Day",
        default=DEFAULTS["payments"],
        tracking=True,
        help=(
            "Maximum number of selections to pay, of online payments and of uses of credits that a customer "
            "can start on the portal in a day. Payments by bank transfer are not affected. 0: no limit. "
            "Example: with 30, a thirty-first payment is started on the next day."
        ),
    )
    portal_documents_per_day = fields.Integer(
        "Documents per Day",
        default=DEFAULTS["documents"],
        tracking=True,
        help=(
            "Maximum number of statements and agreements that a customer can download in a day. 0: no limit. "
            "Example: with 50, the fifty-first statement is downloaded on the next day."
        ),
    )
    portal_upload_mb_per_day = fields.Integer(
        "Uploads per Day (MB)",
        default=DEFAULTS["upload_mb"],
        tracking=True,
        help=(
            "Maximum size of all files that a customer can send on the portal in a day, in megabytes. 0: no "
            "limit. Example: with 25, five photos of 5 MB."
        ),
    )
    portal_confirmations_per_day = fields.Integer(
        "Confirmations per Day",
        default=DEFAULTS["confirmations"],
        tracking=True,
        help=(
            "Maximum number of emails in a day that confirm what a customer did on the portal. What was done "
            "is shown on the portal in any case. 0: no limit. Example: with 5, a sixth promise is shown on "
            "the page, but not confirmed by email."
        ),
    )
    portal_visitor_per_day = fields.Integer(
        "All per Network Address and Day",
        default=DEFAULTS["visitor"],
        tracking=True,
        help=(
            "Maximum number of all of these that can be started from one public network address in a day, in "
            "all accounts of the company. The address is stored as a hash, for two days. 0: no limit. "
            "Example: with 200, an office with fifty accounts behind one address is served."
        ),
    )

    _portal_limits = models.Constraint(
        "CHECK (portal_agreements_per_day >= 0 AND portal_messages_per_day >= 0 AND portal_payments_per_day >= 0"
        " AND portal_documents_per_day >= 0 AND portal_upload_mb_per_day >= 0 AND portal_confirmations_per_day >= 0"
        " AND portal_visitor_per_day >= 0)",
        "The limits of the customer portal cannot be negative.",
    )
