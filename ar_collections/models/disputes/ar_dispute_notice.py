from datetime import date

from odoo import models

from ...core.disputes.dispute import ACCEPTED, NEW, OPEN_STATES, PARTLY, REJECTED, REVIEW
from ...core.facts import ITEMS_ONLY
from ...core.money import ZERO, to_decimal
from ...formats import format_date, get_colon
from ...messages import DISPUTE_STATES_FOR_CUSTOMERS

#: The states of the dispute in which a notice may be sent.
VALID_STATES = {
    "dispute_received": (NEW, REVIEW),
    "dispute_review": (REVIEW,),
    "dispute_resolved": (ACCEPTED, PARTLY, REJECTED, "withdrawn"),
}


class ArDisputeNotice(models.Model):
    """A dispute's notices to the customer, and its row on the portal page."""

    _inherit = "ar.dispute"

    def _is_notice_valid(self, notice):
        """Override to drop a notice when the dispute has left the states it applies to."""
        self.ensure_one()
        return self.state in VALID_STATES[notice]

    def _get_notice_lines(self, notice):
        """Override to list what was not granted and is to be paid, so that the link preselects it."""
        self.ensure_one()
        if notice != "dispute_resolved" or self.state not in (PARTLY, REJECTED):
            return []
        left = [
            (line.move_line_id, min(line.amount - line.amount_accepted, line._get_residual())) for line in self.line_ids
        ]
        return [(item, amount) for item, amount in left if item and amount > 0]

    def _get_others_open(self):
        """Return {journal item id: what is to be paid of it besides the refused part}, in the dispute's currency.

        What is disputed elsewhere, agreed on or being paid is no part of it; empty where nothing was refused.

        :rtype: dict[int, Decimal]
        """
        refused = {item.id: to_decimal(amount) for item, amount in self._get_notice_lines("dispute_resolved")}
        if not refused:
            return {}
        today = self.company_id._ar_today()
        if self.grace_until and self.grace_until > today:
            refused = dict.fromkeys(refused, ZERO)  # the grace period excludes it already
        # sudo: for the customer, whatever the user may read.
        facts = self.env["ar.facts"].sudo()._gather(self.customer_id, today, ITEMS_ONLY)
        asked = {item.item_id: item.chaseable_currency for item in facts[self.customer_id.id].items}
        return {item_id: max(asked.get(item_id, ZERO) - amount, ZERO) for item_id, amount in refused.items()}

    def _get_notice_html(self, communication):
        """Override to render the disputed items, with the granted amounts once there are any."""
        self.ensure_one()
        others = self._get_others_open() if communication.notice == "dispute_resolved" else {}
        dispute, company = self.with_context(lang=communication.lang), self.company_id
        values = {
            "dispute": dispute,
            "colon": get_colon(dispute.env),
            "raised": format_date(dispute.env, self.date_raised, lang_code=communication.lang, date_format="long"),
            "lines": [
                {
                    "name": line.name,
                    "amount": dispute._format_amount(line.amount),
                    "granted": dispute._format_amount(line.amount_accepted),
                    "other": dispute._format_amount(other) if (other := others.get(line.move_line_id.id)) else "",
                    "due": format_date(dispute.env, line.date_due, lang_code=communication.lang, date_format="long"),
                }
                for line in self.line_ids
            ],
            "show_granted": self.state in (ACCEPTED, PARTLY),
            "url": self.customer_id._get_page_address(f"/dispute/{self.id}"),
            "signature": company._ar_get_signature(self.user_id),
        }
        return (
            self.env["ir.qweb"]
            .with_context(lang=communication.lang)
            ._render("ar_collections.communication_dispute", values, minimal_qcontext=True, lang=communication.lang)
        )

    def _get_confirmation(self):
        """Return what the customer's page says after the dispute was raised."""
        self.ensure_one()
        return self.env._(
            "Thank you. We have recorded your dispute %(number)s over %(amount)s for %(invoices)s.",
            number=self.name,
            amount=self._format_amount(self.amount_total),
            invoices=", ".join(self.line_ids.mapped("name")),
        )

    def _get_status(self):
        """Return the label of the state for the customer."""
        self.ensure_one()
        return str(DISPUTE_STATES_FOR_CUSTOMERS[self.state])

    def _get_portal_row(self):
        """Return the dispute as the customer's page lists it, see `ar.customer._get_agreement_rows`."""
        self.ensure_one()
        text = self.env._(
            "%(amount)s of %(invoices)s: %(reason)s",
            amount=self._format_amount(self.amount_total),
            invoices=", ".join(self.line_ids.mapped("name")),
            reason=self.reason_id.name,
        )
        # A day that is over says nothing about what comes next.
        is_awaited = self.state in OPEN_STATES and (self.date_deadline or date.min) >= self.company_id._ar_today()
        return {
            "name": self.name,
            "title": self.env._("Problem reported"),
            "status": self._get_status(),
            "date": self.date_deadline if is_awaited else False,
            "text": text,
            "url": self.customer_id.get_portal_url(suffix=f"/dispute/{self.id}"),
        }
