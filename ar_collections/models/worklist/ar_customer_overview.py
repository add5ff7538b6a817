import datetime
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...core import decision as codes
from ...core.change import last_quarters
from ...formats import format_date
from ..customers.sql import DUE_DATE, JOIN_DEBTOR, bounded_days, of_customers
from .ar_customer_list import WAITING

YEAR = datetime.timedelta(days=365)


class ArCustomerOverview(models.Model):
    """The overview on the customer account: payment behavior and its trend, next step, contacts, timeline."""

    _inherit = "ar.customer"

    _writable = {
        "collector": (
            "internal_note",
        ),
    }  # fmt: skip

    partner_phone = fields.Char(related="partner_id.phone")
    partner_email = fields.Char(related="partner_id.email")
    behavior_text = fields.Char(
        "Payment Behavior",
        compute="_compute_behavior_text",
        help="Average number of days from the due date to the payment, weighted by amount, of the items paid in full.",
    )

    next_text = fields.Char("Next Step Details", compute="_compute_next_text")
    contact_ids = fields.Many2many("res.partner", "Contacts", compute="_compute_contact_ids")
    trend_html = fields.Html("Days Late by Quarter", compute="_compute_trend_html", sanitize=False)
    timeline_ids = fields.One2many("ar.timeline.entry", "customer_id", "Timeline Entry")
    internal_note = fields.Text(
        "Notes",
        tracking=True,
        copy=False,
        groups="ar_collections.ar_collections_group_auditor",
        help="Internal note, not visible to the customer.",
    )

    # === PAYMENT BEHAVIOR === #

    def _compute_behavior_text(self):
        for company, customers in self.grouped("company_id").items():
            paid = self._read_days_late(company, customers.partner_id.ids, company._ar_today())
            for customer in customers:
                customer.behavior_text = self._get_behavior_text(paid, customer.partner_id.id)

    def _get_behavior_text(self, paid, partner_id):
        """Return a sentence on the average delay of the last 12 months, and of the 12 months before where known.

        :param paid: see `_read_days_late`
        """
        number, days = paid.get((partner_id, True), (0, None))
        before = paid.get((partner_id, False))
        if not number:
            return self.env._("No invoice was fully paid in the last 12 months")
        text = self.env._(
            "%(days)s on average (paid in 12 months: %(number)s)", days=self._get_days_text(days), number=number
        )
        if before:
            text = self.env._("%(now)s; previous year: %(before)s", now=text, before=self._get_days_text(before[1]))
        return text

    @api.model
    def _get_days_text(self, days):
        """Return a text for days after the due date (Decimal, negative: before the due date), in whole days."""
        whole = int(days.quantize(Decimal(1)))
        if not whole:
            return self.env._("on the due date")
        if whole == 1:
            return self.env._("1 day late")
        if whole > 0:
            return self.env._("%(days)s days late", days=whole)
        return self.env._("%(days)s days early", days=-whole)

    @api.model
    def _read_days_late(self, company, partner_ids, today):
        """Return how late invoices were paid that were settled in full, other than by credit notes and write-offs only.

        :return: {(partner id, in the last 12 months): (number of items, days late weighted by amount)}, for the
            last 12 months and the 12 months before
        """
        recent = SQL("settled.day > %s", today - YEAR)
        rows = self._read_settled(company, partner_ids, today - 2 * YEAR, today, recent)
        return {(partner_id, recent): (number, Decimal(days)) for partner_id, recent, number, days in rows}

    @api.model
    def _read_settled(self, company, partner_ids, after, today, key):
        """Return how late the items of invoices were paid that were settled in full after a day.

        Days are those from the due date to the last settlement, within bounds, weighted by amount in company currency.

        :param date after, today: settled after the first and not after the second
        :param SQL key: what the items are grouped by besides, an expression of ``settled.day``
        :return: [(partner id, key, number of items, days late weighted by amount, as text)]
        """
        account_ids = self.env["ar.facts"]._get_receivable_account_ids(company)
        if not account_ids or not partner_ids:
            return []
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT debtor.commercial_partner_id, %(key)s, COUNT(*),
                       (SUM(line.balance * %(days_late)s) / SUM(line.balance))::text
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id AND move.move_type = 'out_invoice'
                  %(join_debtor)s
                  JOIN LATERAL (
                       SELECT MAX(partial.max_date) AS day, BOOL_OR(other.move_type <> 'out_refund'
                                                            AND other.journal_id <> ALL(%(losses)s)) AS paid
                         FROM account_partial_reconcile partial
                         JOIN account_move_line credit ON credit.id = partial.credit_move_id
                         JOIN account_move other ON other.id = credit.move_id
                        WHERE partial.debit_move_id = line.id) settled ON settled.paid
                 WHERE line.account_id IN %(accounts)s
                   AND %(of_customers)s
                   AND line.company_id = %(company)s
                   AND line.parent_state = 'posted'
                   AND line.reconciled
                   AND line.balance > 0
                   AND settled.day > %(after)s AND settled.day <= %(today)s
              GROUP BY 1, 2
                """,
                key=key,
                days_late=bounded_days(SQL("settled.day - %s", DUE_DATE)),
                after=after,
                today=today,
                accounts=tuple(account_ids),
                join_debtor=JOIN_DEBTOR,
                of_customers=of_customers(partner_ids),
                company=company.id,
                losses=self.env["account.journal"]._ar_get_loss_ids(),
            )
        )

    # === PROFILE === #

    @api.depends(
        "decision_code",
        "decision_date",
        "next_step_id",
        "next_date",
        "pause_until",
        "excluded",
        "snooze_until",
        "held_until",
    )
    @api.depends_context("lang")
    def _compute_next_text(self):
        """Compute a sentence on the decision of the last run and one on the next step."""
        calls = self._read_due_calls()
        for customer in self:
            decision = customer._get_decision_text(customer.id in calls)
            customer.next_text = " ".join(filter(None, (decision, customer._get_next_step_text())))

    def _get_decision_text(self, has_call):
        """Return a sentence on the status and its reason.

        :param bool has_call: see `_get_list_status`
        """
        if not self.decision_code:
            return self.env._("The next run evaluates this customer for the first time.")
        if self.excluded and self.decision_code == codes.EXCLUDED:
            return self.env._("Excluded from reminders: %(reason)s.", reason=self.exclusion_reason or "")
        if self.pause_until and self._is_paused():
            day = self._format_date(self.pause_until)
            return self.env._("Paused until %(day)s: %(reason)s.", day=day, reason=self.pause_reason or "")
        waits = self.decision_code in WAITING and self.next_date and not has_call
        status = self._get_code_label(self.decision_code) if waits else self._get_list_status(has_call)
        return self.env._("%(status)s.", status=status)

    def _get_next_step_text(self):
        """Return a sentence on the next step and its day, if nothing is paid until then."""
        if not self.company_id.ar_active:
            return self.env._("Collections are not active: nothing is sent.")
        if self.excluded or not self.next_step_id:
            return self.env._("No further step is scheduled.") if self.overdue else ""
        return self.env._(
            "Next: %(step)s on %(day)s, if nothing is paid by then.",
            step=self.next_step_id.name,
            day=format_date(self.env, self.next_date),
        )

    @api.depends("partner_id")
    def _compute_contact_ids(self):
        """Compute the contacts and addresses of the customer, the commercial partner first."""
        partners = self.env["res.partner"].search([("commercial_partner_id", "in", self.partner_id.ids)])
        by_company = partners.grouped("commercial_partner_id")
        for customer in self:
            people = by_company.get(customer.partner_id, partners.browse())
            customer.contact_ids = people.sorted(lambda person, own=customer.partner_id: (person != own, person.id))

    # === TREND === #

    def _compute_trend_html(self):
        """Compute a bar per quarter: days late of the invoices paid in full in it, weighted by amount."""
        qweb = self.env["ir.qweb"]
        for company, customers in self.grouped("company_id").items():
            today = company._ar_today()
            quarters = list(last_quarters(today))
            late = self._read_days_late_by_quarter(company, customers.partner_id.ids, quarters[0], today)
            for customer in customers:
                found = [(quarter, late.get((customer.partner_id.id, quarter))) for quarter in quarters]
                bars = customer._get_bars(found)
                customer.trend_html = qweb._render("ar_collections.customer_trend", {"bars": bars}) if bars else False

    @api.model
    def _get_bars(self, found):
        """Return the bars of the quarters, oldest first; an empty list where nothing was paid in any of them.

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
                "title": self.env._("Nothing was paid") if days is None else self._get_days_text(days),
                "height": 0 if days is None else max(4, int(abs(days) / longest * 100)) if longest else 4,
                "is_late": days is not None and days > 0,
            }
            for day, days in found
        ]

    @api.model
    def _read_days_late_by_quarter(self, company, partner_ids, since, today):
        """Return {(partner id, first day of the quarter): days late}, see `_read_settled`."""
        quarter, after = SQL("date_trunc('quarter', settled.day)::date"), since - datetime.timedelta(days=1)
        rows = self._read_settled(company, partner_ids, after, today, quarter)
        return {(partner_id, quarter): Decimal(days) for partner_id, quarter, _number, days in rows}
