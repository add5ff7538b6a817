from odoo import api, fields, models
from odoo.tools import format_list

from ...core.autopay import charge as rules
from ...core.autopay.amount import allocate_charge
from ...core.facts import ITEMS_ONLY
from ...core.money import ZERO, to_decimal
from ...core.portal.allocation import PartialRules, allocate
from ...formats import format_amount


class ArPaymentPlanInstallmentAutopay(models.Model):
    """The automatic payment of an installment: announced, then charged with one transaction per attempt.

    A failure is notified once to the customer and the collector.
    """

    _inherit = "ar.payment.plan.installment"

    name = fields.Char("Installment", compute="_compute_name")
    autopay_charge_ids = fields.One2many("ar.autopay.charge", "installment_id", readonly=True)
    autopay_notice_id = fields.Many2one(
        "ar.communication", "Notice of Payment", readonly=True, index="btree_not_null", copy=False, ondelete="set null"
    )
    autopay_notice_amount = fields.Monetary(
        "Announced Amount", readonly=True, copy=False, help="Maximum amount that is collected."
    )
    autopay_failed_on = fields.Date("Automatic Payment Failed on", readonly=True, copy=False)

    @api.depends("plan_id.name", "number", "plan_id.installment_ids")
    def _compute_name(self):
        for row in self:
            row.name = f"{row.plan_id.name} ({row.number}/{len(row.plan_id.installment_ids)})"

    # === CASES === #

    def _get_autopay_cases(self):
        """Return the cases of the automatic payments as of now, oldest first.

        :return: {installment: AutopayCase}; nothing is left to charge in plans that are not active
        """
        cases = {}
        for company, installments in self.grouped("company_id").items():
            facts = self.env["ar.facts"].with_company(company)
            account_facts = facts._gather(installments.customer_id, company._ar_today(), ITEMS_ONLY)
            left = facts._read_left(facts._read_plan_items(installments.customer_id, account_facts))
            found = facts._read_autopay_cases(installments.ids, company._ar_today())
            repeatable = installments.autopay_charge_ids._get_repeatable_installments()
            for installment in installments.sorted(lambda row: (row.plan_id.id, row.date, row.number)):
                case = found[installment.id]
                owed = left.get(installment.id, ZERO)
                cases[installment] = rules.refresh_case(case, owed, installment in repeatable)
        return cases

    def _get_autopay_rules(self):
        return self.customer_id.policy_id._get_autopay_rules()

    def _get_autopay_day(self, case):
        """Return the day on which it will be charged, as expected today, see `core.autopay.charge.expected_day`."""
        self.ensure_one()
        return rules.expected_day(case, self._get_autopay_rules(), self.company_id._ar_today())

    def _reset_autopay(self):
        """Clear announcement and failure, which belong to a consent that ended; cancel an announcement that waits."""
        waiting = self.autopay_notice_id.filtered(lambda notice: notice.state == "planned")
        waiting._cancel("outdated")
        self.filtered(lambda row: row.autopay_notice_id or row.autopay_failed_on).write(
            {"autopay_notice_id": False, "autopay_notice_amount": 0.0, "autopay_failed_on": False}
        )

    # === MOVES: one method for each code of `core.autopay.charge.next_move`; they return the charge to request === #

    def _autopay_move_nothing(self, case):
        return self.env["ar.autopay.charge"]

    def _autopay_move_announce(self, case):
        """Announce to the customer what will be charged, to which method, when, and how to stop it."""
        self.autopay_notice_amount = float(case.left)
        self.autopay_notice_id = self._notify_autopay("autopay_announced")[:1]
        return self.env["ar.autopay.charge"]

    def _autopay_move_charge(self, case):
        """Create a new attempt with its transaction; the request follows once that is committed.

        :return: the attempt; empty where nothing can be charged, because what is left is disputed
        """
        self.ensure_one()
        allocation = self._allocate_autopay(case)
        if not allocation:
            return self.env["ar.autopay.charge"]
        return self.env["ar.autopay.charge"].create(
            {
                "installment_id": self.id,
                "consent_id": self.plan_id.autopay_consent_id.id,
                "number": max(self.autopay_charge_ids.mapped("number"), default=0) + 1,
                "date": self.company_id._ar_today(),
                "announced_on": case.announced,
                "requested_at": fields.Datetime.now(),
                "transaction_id": self._create_autopay_transaction(allocation).id,
            }
        )

    def _autopay_move_repeat(self, case):
        """Return the attempt without an answer, to be requested again with the same transaction."""
        return self.autopay_charge_ids.filtered(lambda charge: charge.outcome == rules.UNKNOWN)[:1]

    def _autopay_move_ask(self, case):
        """Add a task to look up a charge without an answer at the provider."""
        charge = self.autopay_charge_ids.filtered(lambda charge: charge.outcome == rules.UNKNOWN)[:1]
        self.customer_id._add_task(
            "ar_collections.mail_activity_type_autopay_unknown",
            self.env._(
                "%(name)s: no answer from the provider for payment %(reference)s; check it with the provider and "
                "record the result",
                name=self.name,
                reference=charge.reference,
            ),
        )
        return self.env["ar.autopay.charge"]

    def _autopay_move_fail(self, case):
        """Mark the automatic payment as failed; notify customer and collector. The installment is paid manually now."""
        last = self.autopay_charge_ids[:1]
        self.autopay_failed_on = self.company_id._ar_today()
        text = self.env._(
            "%(name)s: the automatic payment of %(amount)s was declined",
            name=self.name,
            amount=format_amount(self.env, last.amount, self.currency_id),
        )
        reason = last.code or last.message
        self.plan_id._log_on_thread(f"{text} ({reason})" if reason else text)
        self.customer_id._add_task("ar_collections.mail_activity_type_autopay_failed", text)
        self._notify_autopay("autopay_failed")
        return self.env["ar.autopay.charge"]

    def _notify_autopay(self, notice):
        """Send the customer a notice about the automatic payment.

        It is part of the agreement, not a reminder, so customers who are excluded or paused get it, too.

        :param str notice: ``autopay_announced`` or ``autopay_failed``
        :return: the communications
        """
        customer, today = self.customer_id, self.company_id._ar_today()
        paused = customer.pause_until and customer.pause_until > today
        return self.env["ar.outreach"]._notify(self, notice, is_manual=bool(customer.excluded or paused))

    # === TRANSACTION === #

    def _allocate_autopay(self, case):
        """Return the allocation of the charge to the plan's items, oldest first; ``None`` where nothing can be charged.

        At most the announced amount. Partial payments of invoices are allowed, whatever the policy says about them,
        because the plan was agreed.

        :param case: AutopayCase
        :rtype: core.portal.allocation.Allocation | None
        """
        customer = self.customer_id
        facts = self.env["ar.facts"]
        account_facts = facts._gather(customer, self.company_id._ar_today(), ITEMS_ONLY)
        items = facts._read_plan_items(customer, account_facts)[self.plan_id.id]
        shares = allocate_charge(min(case.left, to_decimal(self.autopay_notice_amount)), items)
        return allocate(customer._get_payables(), shares, partial=PartialRules()) if shares else None

    def _create_autopay_transaction(self, allocation):
        """Create the transaction, with a reference of its own."""
        # sudo: the customer's consent is the permission to use the saved method; the user needs no right on it.
        token = self.plan_id.autopay_consent_id.token_id.sudo()
        transactions = self.env["payment.transaction"].sudo().with_company(self.company_id)
        values = self.customer_id._prepare_transaction_vals(allocation)
        prefix = f"{self.plan_id.name}-{self.number}".replace(" ", "")
        return transactions.create(
            {
                "provider_id": token.provider_id.id,
                "payment_method_id": token.payment_method_id.id,
                "reference": transactions._compute_reference(token.provider_id.code, prefix=prefix),
                "amount": float(allocation.total),
                "currency_id": self.currency_id.id,
                "partner_id": token.partner_id.id,
                "token_id": token.id,
                "operation": "offline",
                **values,
            }
        )

    # === NOTICES: the methods that notices call on their agreement === #

    def _is_notice_valid(self, notice):
        """Return whether a queued notice about the installment may still be sent."""
        self.ensure_one()
        case = self._get_autopay_cases()[self]
        if notice == "autopay_failed":
            return bool(self.autopay_failed_on and case.agreed and case.left > 0)
        return case.left > 0 and not case.is_over and not case.attempts

    def _get_notice_lines(self, notice):
        """Return no lines: the notice names amount and date in its text."""
        return []

    def _get_notice_html(self, communication):
        """Return amount, date, method and how to stop automatic payments, in the language of the communication."""
        self.ensure_one()
        lang, retries = communication.lang, self._get_autopay_rules().retry_days
        case = self._get_autopay_cases()[self]
        url = self.customer_id._get_page_address(f"/plan/{self.plan_id.id}/method")
        values = {
            "notice": communication.notice,
            "installment": self,
            "amount": communication._format_amount(float(case.left), self.currency_id),
            "date": communication._format_date(self._get_autopay_day(case)),
            "method": self.plan_id.autopay_method,
            "retry_days": format_list(self.env, [str(day) for day in retries], lang_code=lang) if retries else "",
            "method_url": url,
        }
        return (
            self.env["ir.qweb"]
            .with_context(lang=lang)
            ._render("ar_collections.communication_autopay", values, minimal_qcontext=True, lang=lang)
        )
