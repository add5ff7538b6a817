import datetime
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools.misc import format_date

from ..core.trend import last_quarters


class ArCustomerProfile(models.Model):
    """The customer as a whole: what comes next and why, whom to talk to, how punctual it became, what was said."""

    _inherit = "ar.customer"

    next_words = fields.Char("What Comes Next", compute="_compute_next_words")
    contact_ids = fields.Many2many("res.partner", "Contacts", compute="_compute_contact_ids")
    trend_html = fields.Html("Days Late by Quarter", compute="_compute_trend_html", sanitize=False)
    timeline_ids = fields.One2many("ar.timeline.entry", "customer_id", "Timeline Entry")
    internal_note = fields.Text(
        "Notes",
        tracking=True,
        copy=False,
        groups="ar_collections.ar_collections_group_auditor",
        help="For colleagues only.",
    )

    @api.depends(
        "decision_code", "decision_date", "next_step_id", "next_date", "pause_until", "excluded", "snooze_until"
    )
    @api.depends_context("lang")
    def _compute_next_words(self):
        """One sentence on what the last run decided, one on what is next."""
        for customer in self:
            customer.next_words = " ".join(filter(None, (customer._get_decision_words(), customer._get_ahead_words())))

    def _get_decision_words(self):
        """Return what was decided last, in words; nothing before the first run."""
        if not self.decision_code:
            return self.env._("The next run looks at this customer for the first time.")
        if self.pause_until and self._is_paused():
            day = self._format_portal_date(self.pause_until)
            return self.env._("Paused until %(day)s: %(reason)s.", day=day, reason=self.pause_reason or "")
        day = format_date(self.env, self.decision_date) if self.decision_date else ""
        return self.env._("%(day)s: %(reason)s.", day=day, reason=self._get_code_label(self.decision_code))

    def _get_ahead_words(self):
        """Return which step comes when, if nobody pays."""
        if self.excluded or not self.next_step_id:
            return self.env._("No further step lies ahead.") if self.overdue else ""
        return self.env._(
            "Next: %(step)s on %(day)s, if nothing is paid until then.",
            step=self.next_step_id.name,
            day=format_date(self.env, self.next_date),
        )

    @api.depends("partner_id")
    def _compute_contact_ids(self):
        """The people and addresses of the customer, the company itself first."""
        partners = self.env["res.partner"].search([("commercial_partner_id", "in", self.partner_id.ids)])
        by_company = partners.grouped("commercial_partner_id")
        for customer in self:
            people = by_company.get(customer.partner_id, partners.browse())
            customer.contact_ids = people.sorted(lambda person, own=customer.partner_id: (person != own, person.id))

    # === HOW PUNCTUAL === #

    def _compute_trend_html(self):
        """A bar a quarter: how late the invoices were, weighted by amount, that were paid in full in it."""
        qweb = self.env["ir.qweb"]
        for company, customers in self.grouped("company_id").items():
            today = company._ar_today()
            quarters = list(last_quarters(today))
            late = self._read_days_late_by_quarter(company, customers.partner_id.ids, quarters[0], today)
            for customer in customers:
                found = [(quarter, late.get((customer.partner_id.id, quarter))) for quarter in quarters]
                bars = customer._get_bars(found)
                customer.trend_html = qweb._render("ar_collections.desk_trend", {"bars": bars}) if bars else False

    @api.model
    def _get_bars(self, found):
        """Return the bars of the quarters, oldest first; nothing where nothing was paid in any.

        :param found: [(first day of the quarter, days late or None)]
        :return: [{name, days (text), title, height (percent), is_late}]
        """
        longest = max((abs(days) for _quarter, days in found if days is not None), default=None)
        if longest is None:
            return []
        return [
            {
                "name": self.env._("Q%(number)s %(year)s", number=(day.month + 2) // 3, year=f"{day.year % 100:02}"),
                "days": "" if days is None else str(int(days.quantize(Decimal(1)))),
                "title": self.env._("Nothing was paid") if days is None else self._get_days_words(days),
                "height": 0 if days is None else max(4, int(abs(days) / longest * 100)) if longest else 4,
                "is_late": days is not None and days > 0,
            }
            for day, days in found
        ]

    @api.model
    def _read_days_late_by_quarter(self, company, partner_ids, since, today):
        """Return {(partner id, first day of the quarter): days late, weighted by amount} of what was paid in full."""
        rows = self._read_settled(company, partner_ids, since - datetime.timedelta(days=1), today, by="quarter")
        return {(partner_id, quarter): Decimal(days) for partner_id, quarter, _number, days in rows}
