from odoo import api, models
from odoo.tools.urls import urljoin


class ArAutopayConsentNotice(models.Model):
    """The messages about the automatic payment of an account: agreed, ended, a method that expires.

    They are part of what was agreed, no reminders: customers who are excluded or paused get them, too.
    """

    _name = "ar.autopay.consent"
    _inherit = ["ar.autopay.consent", "ar.notice.mixin"]

    @api.depends("method", "token_id.display_name")
    def _compute_display_name(self):
        """Override of `base`: a consent is called by its method; its field `name` is the person who gave it."""
        for consent in self:
            consent.display_name = consent.method or consent.token_id.display_name

    def _notify(self, notice):
        """Send the customer a message about these consents.

        :param str notice: one of ``const.NOTICES``
        :return: the communications
        """
        # sudo: visitors of the customer page write no messages; their access to the account was checked.
        return self.env["ar.outreach"].sudo()._notify(self.sudo(), notice, is_manual=True)

    def _confirm(self, notice):
        """Send what confirms an action of the customer, up to the policy's number of confirmations a day."""
        for consent in self.filtered(lambda consent: consent.customer_id._may_start("confirmation")):
            consent._notify(notice)

    def _is_notice_valid(self, notice):
        """Override: what was agreed must still hold; an end is told unless something was agreed again."""
        self.ensure_one()
        if notice == "autopay_ended":
            return not (self.plan_id.autopay_consent_id if self.plan_id else self.customer_id._get_live_autopay())
        # sudo: staff who do not invoice may not read tokens of customers; only whether the date has changed is used.
        if notice == "autopay_expiring" and self.expiry_told != self.token_id.sudo().ar_expires_on:
            return False  # the card was renewed
        return not self.ended_on

    def _get_notice_html(self, communication):
        """Override to return what is agreed, or what ended and why, in the language of the communication."""
        self.ensure_one()
        return self._render_notice("communication_autopay_consent", communication)

    def _render_charge(self, communication, day, parts, total=None, **values):
        """Return the HTML about a charge: announced, failed, skipped or returned, in the language of the communication.

        :param date day: of the charge; may be None
        :param parts: [(name of the invoice, amount, `res.currency`)]; all in one currency
        :param float total: of the charge, where credits reduce it; default: the sum of the parts
        :param values: for the template: ``confirm``, whether the customer's bank wants it to be confirmed; ``fee``
        """
        currency = parts[0][2]
        total = sum(amount for _name, amount, _currency in parts) if total is None else total
        values = {
            "day": communication._format_date(day),
            "rows": [(name, communication._format_amount(amount, currency)) for name, amount, currency in parts],
            "total": communication._format_amount(total, currency),
            "confirm": False,
            "fee": None,
            **values,
        }
        return self._render_notice("communication_autopay_charge", communication, **values)

    def _render_notice(self, template, communication, **values):
        """Return the HTML of a template for a message about this consent."""
        lang = communication.lang
        customer = self.customer_id.with_context(lang=lang)
        base_url = customer.get_base_url()
        # On the page of a plan its method is changed and automatic payments are stopped, too.
        page = f"/plan/{self.plan_id.id}/method" if self.plan_id else "/autopay"
        change = page if self.plan_id else "/autopay/change"
        values = {
            "notice": communication.notice,
            "consent": self,
            "company": self.company_id,
            "summary": [] if self.plan_id else customer._get_autopay_summary(self._get_options()),
            "agreed_on": communication._format_date(self._get_day()),
            "expires_on": communication._format_date(self.expiry_told),
            "autopay_url": urljoin(base_url, customer._get_page_address(page)),
            "change_url": urljoin(base_url, customer._get_page_address(change)),
            "page_url": urljoin(base_url, customer._get_page_address()),
            **values,
        }
        qweb = self.env["ir.qweb"].with_context(lang=lang)
        return qweb._render(f"ar_collections.{template}", values, minimal_qcontext=True, lang=lang)
