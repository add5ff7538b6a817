from odoo import api, fields, models

from ....core.credit.insurance import HAND_OVER, NOTIFY, STOP_DELIVERIES, Insurance, beyond_cover, due_tasks
from ....core.money import to_decimal
from ....formats import format_date
from ....messages import INSURANCE_GAPS, INSURANCE_STEPS
from ..ar_customer_limit import GROUP_AUDITOR

#: Days before the last day on which a task is created.
LEAD_DAYS = 10

ACTIVITY_TYPES = {
    STOP_DELIVERIES: "ar_collections.mail_activity_type_insurance_stop",
    NOTIFY: "ar_collections.mail_activity_type_insurance_notify",
    HAND_OVER: "ar_collections.mail_activity_type_insurance_hand_over",
}


class ArCustomerClock(models.Model):
    """The insurer's dates: until when further deliveries are covered, what has to be done by which day.

    They count from the oldest original due date. Source: terms of credit insurers, for instance the maximum extension
    period of Atradius' policies.
    """

    _inherit = "ar.customer"

    _writable = {
        "credit_manager": (
            "extension_days", "notify_days", "hand_over_days", "insured_terms_days", "is_discretionary",
            "has_bad_experience", "insurer_notified_on", "insurer_handed_over_on", "insurer_consent_until",
        ),
    }  # fmt: skip

    _manager_tasks = tuple(ACTIVITY_TYPES.values())

    extension_days = fields.Integer(
        "Maximum Extension Period", default=60, copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Days after the original due date from which further deliveries are not covered.",
    )  # fmt: skip
    notify_days = fields.Integer(
        "Notify within", default=30, copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Days after the maximum extension period within which the insurer has to be notified.",
    )  # fmt: skip
    hand_over_days = fields.Integer(
        "Hand Over within", default=30, copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Days after the maximum extension period within which the debt has to be handed over to the insurer.",
    )  # fmt: skip
    insured_terms_days = fields.Integer(
        "Longest Insured Terms", copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Longest payment terms in days that the insurer covers; 0: any.",
    )  # fmt: skip
    is_discretionary = fields.Boolean(
        "Discretionary Limit", copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="The insurer did not decide about this customer; the limit ends with negative information.",
    )  # fmt: skip
    has_bad_experience = fields.Boolean(
        "Negative Information", copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Negative information about the customer is known, with which a discretionary limit ends.",
    )  # fmt: skip
    insurer_notified_on = fields.Date(
        "Insurer Notified on", copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Day on which the insurer was notified that the customer has not paid.",
    )  # fmt: skip
    insurer_handed_over_on = fields.Date(
        "Handed Over on", copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Day on which the debt was handed over to the insurer's collection.",
    )  # fmt: skip
    insurer_consent_until = fields.Date(
        "Insurer Agreed until", copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Last day up to which the insurer agreed to promises and payment plans beyond the extension period.",
    )  # fmt: skip
    insurance_text = fields.Text("Dates of the Insurer", compute="_compute_insurance_text", groups=GROUP_AUDITOR)

    _insurance_days_positive = models.Constraint(
        "CHECK (extension_days >= 0 AND notify_days >= 0 AND hand_over_days >= 0 AND insured_terms_days >= 0)",
        "Numbers of days of a credit insurance cannot be negative.",
    )

    def _get_insurance(self):
        """Return the insurer's decision, ``None`` where the customer is not insured.

        :rtype: core.credit.insurance.Insurance | None
        """
        self.ensure_one()
        if not self.insured_amount or not self.insured_until:
            return None
        return Insurance(
            to_decimal(self.insured_amount),
            self.insured_until,
            to_decimal(self.insured_percent),
            self.extension_days,
            self.notify_days,
            self.hand_over_days,
            self.insured_terms_days,
            self.is_discretionary,
            self.has_bad_experience,
        )

    def _get_insurer_steps(self, items):
        """Return (whether the insurer was notified, whether the debt was handed over), for what is open now.

        What was done before the oldest open invoice fell due was about another one.

        :param items: [InsuredItem, …], the oldest first
        """
        self.ensure_one()
        oldest = items[0].original_due_date if items else None
        days = (self.insurer_notified_on, self.insurer_handed_over_on)
        return tuple(bool(day and oldest and day >= oldest) for day in days)

    def _get_insured_terms(self, today):
        """Return the days that the customer's payment terms give, 0 without terms."""
        self.ensure_one()
        # sudo: who works for a branch alone, or has no right to read payment terms, may see whether they are covered.
        term = self.sudo().partner_id.with_company(self.company_id).property_payment_term_id
        return term._ar_get_days(today) or 0

    # === WHAT PEOPLE SEE === #

    def _compute_insurance_text(self):
        self.insurance_text = False
        insured = self.filtered(lambda customer: customer.holds_credit and customer._get_insurance())
        for company, customers in insured.grouped("company_id").items():
            clocks = self.env["ar.credit.insurance"]._read_clocks(customers.sudo())  # figures of branches count
            gaps = self.env["ar.credit.insurance"]._read_gaps(customers.sudo(), company._ar_today())  # as above
            for customer in customers:
                clock, _owed = clocks[customer]
                customer.insurance_text = "\n".join(customer._describe_clock(clock, gaps[customer])) or False

    def _describe_clock(self, clock, gaps):
        """Return sentences about the insurer's dates, and about what is not covered; [str, …]."""
        lines = [
            self.env._("Not covered: %s.", self.env._(INSURANCE_GAPS[gap])) for gap in gaps if gap in INSURANCE_GAPS
        ]
        if clock is None:
            return lines
        day = format_date(self.env, clock.original_due_date)
        lines.append(self.env._("The oldest open invoice was first due on %s.", day))
        return [*lines, *(self._describe_step(code, last) for code, last in clock.deadlines)]

    @api.model
    def _describe_step(self, code, last_day):
        """Return a sentence about what has to be done by a day."""
        sentence = self.env._(INSURANCE_STEPS[code])
        return sentence % {"day": format_date(self.env, last_day)}

    # === VETO === #

    def _find_veto(self, item_ids, last_day):
        """Override: an agreement beyond the insurer's extension period needs the insurer's consent."""
        account = self._get_credit_account()
        insurance = account._get_insurance() if account else None
        consent = account.insurer_consent_until if account else None
        if insurance is None or (consent and last_day <= consent):
            return super()._find_veto(item_ids, last_day)
        items = self.env["ar.credit.insurance"]._read_items(account)[account]
        end = beyond_cover(items, item_ids, last_day, insurance)
        if end is None:
            return super()._find_veto(item_ids, last_day)
        return self.env._(
            "The credit insurance covers payments up to %(end)s. A later one needs the consent of %(insurer)s: once it "
            "is there, a credit manager enters it as “Insurer Agreed until” on the account.",
            end=format_date(self.env, end),
            insurer=account.insurer_id.display_name or self.env._("the insurer"),
        )

    # === TASKS === #

    def _add_insurance_tasks(self):
        """Create a task for each date of the insurer that is near; it ends when it is done, or the debt is paid."""
        for company, customers in self.filtered("insured_amount").grouped("company_id").items():
            today = company._ar_today()
            clocks = self.env["ar.credit.insurance"]._read_clocks(customers)
            for customer, (clock, _owed) in clocks.items():
                customer._set_insurance_tasks(dict(due_tasks(clock, today, LEAD_DAYS)), clock)

    def _set_insurance_tasks(self, due, clock):
        """Create the tasks that are due and close those that are not needed any more.

        What somebody has marked as done for a date is not asked for again.

        :param dict due: {code: last day}
        :param clock: core.credit.insurance.Clock, or ``None``
        """
        self.ensure_one()
        wanted = dict(clock.deadlines) if clock else {}
        by_kind = self.with_context(active_test=False).activity_ids.grouped("activity_type_id")
        for code, activity_type in ACTIVITY_TYPES.items():
            tasks = by_kind.get(self.env.ref(activity_type), self.env["mail.activity"])
            there = set(tasks.mapped("date_deadline"))
            tasks.filtered(lambda task, code=code: task.active and task.date_deadline != wanted.get(code)).unlink()
            if code in due and due[code] not in there:
                manager = self.company_id._ar_get_manager()
                summary = self.with_context(lang=manager.lang or self.env.lang)._describe_step(code, due[code])
                self._add_task(activity_type, summary, user=manager, deadline=due[code])
