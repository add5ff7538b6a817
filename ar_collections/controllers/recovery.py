from odoo import http
from odoo.exceptions import LockError, ValidationError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.account_payment.controllers.payment import PaymentPortal

from ..core.portal.allocation import RequestRefused
from ..models.portal.limits.ar_customer_limits import LimitReached
from .payment import ReceivablesPayment

#: Maximum length of each text of a customer who cannot pay, in characters.
ABILITY_LENGTH_MAX = 2000

ABILITY_TEXTS = ("reason", "means", "proposal")


class ReceivablesRecovery(ReceivablesPayment):
    """Settlements on the customer's page: what was agreed, its payment by one click, and who cannot pay says why.

    A request names the settlement only; the amount is computed by the server, here and when it is paid.
    """

    # === SETTLEMENT === #

    @http.route(
        "/my/receivables/<int:customer_id>/settlement/<int:settlement_id>",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_settlement(self, customer_id, settlement_id, access_token=None, **_kwargs):
        """Show what is owed, what settles it until which day, and what happens otherwise."""
        customer = self._find_account(customer_id, access_token)
        settlement = customer and customer._get_portal_settlement(settlement_id)
        if not settlement:
            return self._ask_for_new_link()
        amount = settlement._get_amount_to_pay()
        values = {
            **self._get_layout_values(customer),
            "settlement": settlement,
            "amount": amount,
            "status": settlement._get_page_status(amount) if settlement._is_payable() or settlement._is_paid() else "",
            "transfers": settlement._get_transfers(request.env.lang) if amount else [],
        }
        return request.render("ar_collections.portal_receivables_settlement", values)

    @http.route(
        "/my/receivables/<int:customer_id>/settlement/<int:settlement_id>/pay",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False, csrf=False,
    )  # fmt: skip
    def receivables_settlement_pay(self, customer_id, settlement_id, access_token=None, **_kwargs):
        """Redirect to the payment form with what is left of the agreed amount.

        Without CSRF protection, as `receivables_choose`: a selection changes nothing.
        """
        customer = self._find_account(customer_id, access_token)
        settlement = customer and customer._get_portal_settlement(settlement_id)
        if not settlement:
            return self._ask_for_new_link()
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "choice")
                # The visitor's access to the account was checked.
                choice = request.env["ar.payment.choice"].sudo()._make_for(settlement)
                choice._allocate()
        except LimitReached as refused:
            return self._render_page(customer, {}, refusal=str(refused))
        except RequestRefused as refused:
            return request.redirect(customer.get_portal_url(query_string=f"&refused={refused.code}"))
        return request.redirect(customer.get_portal_url(suffix=f"/pay/{choice.token}"))

    # === ABILITY TO PAY === #

    @http.route(
        "/my/receivables/<int:customer_id>/ability",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_ability_form(self, customer_id, access_token=None, **_kwargs):
        """Show the form of a customer who cannot pay."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        if not customer._may_explain():
            return request.redirect(customer.get_portal_url())
        return self._render_ability_form(customer, {})

    @http.route(
        "/my/receivables/<int:customer_id>/ability",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_ability(self, customer_id, access_token=None, **kwargs):
        """Store what the customer says; where it is refused, nothing is stored and the form shows the entries."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        if not customer._may_explain():
            return request.redirect(customer.get_portal_url())
        texts = {name: str(kwargs.get(name) or "").strip()[:ABILITY_LENGTH_MAX] for name in ABILITY_TEXTS}
        if not texts["reason"]:
            refusal = request.env._("Please tell us in a sentence why you cannot pay.")
            return self._render_ability_form(customer, texts, refusal)
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "ability")
                until = customer._explain_ability(**texts)
        except LimitReached as refused:
            return self._render_ability_form(customer, texts, str(refused))
        except LockError:
            refusal = request.env._("Your account is being used in another window. Please try again in a moment.")
            return self._render_ability_form(customer, texts, refusal)
        self._confirm(self._get_ability_text(customer, until))
        return request.redirect(customer.get_portal_url(query_string="&thanks=1"))

    # === ODOO'S OWN PAGES === #

    def _get_overdue_invoices_domain(self, partner_id=None):
        """Override of `account` to ask for nothing that is claimed in insolvency proceedings.

        Odoo's number of overdue invoices, its list, and the page and payment of all of them at once read this domain.
        """
        domain = super()._get_overdue_invoices_domain(partner_id)
        moves = request.env["account.move"]
        # sudo: whether there are any proceedings is no secret, and a visitor may read none.
        if request.env["ar.insolvency"].sudo()._is_used() and moves.has_access("read"):
            domain = Domain(domain) & Domain("id", "not in", moves.search(domain)._ar_find_claimed().ids)
        return domain

    # === HELPERS === #

    def _get_ability_text(self, customer, until):
        """Return what the page says after the customer explained that it cannot pay.

        :param date until: the day on which reminders may go on, or None
        """
        text = request.env._("Thank you for telling us. We will contact you to find a solution.")
        if not until:
            return text
        pause = request.env._("Until %(day)s you get no reminders.", day=customer._format_date(until))
        return f"{text} {pause}"

    def _render_ability_form(self, customer, entries, refusal=None):
        """Return the form.

        :param dict entries: the previous entries
        :param str refusal: text why they were not accepted
        """
        values = {
            **self._get_layout_values(customer),
            "entries": entries,
            "text_length": ABILITY_LENGTH_MAX,
            "refusal": refusal,
        }
        return request.render("ar_collections.portal_receivables_ability", values)


class OverdueInvoicesPayment(PaymentPortal):
    """Odoo's payment of all overdue invoices at once."""

    @http.route()
    def overdue_invoices_transaction(self, payment_reference, **kwargs):
        """Override of `account_payment` to refuse where nothing is left to pay since the page was opened.

        :raise ValidationError: with the way out
        """
        # Of visitors without a login Odoo refuses it, with its own words.
        if not request.env.user._is_public():
            invoices = request.env["account.move"]
            if not invoices.search_count(self._get_overdue_invoices_domain(), limit=1):
                raise ValidationError(request.env._("No overdue invoice can be paid here now: please reload the page."))
        return super().overdue_invoices_transaction(payment_reference, **kwargs)
