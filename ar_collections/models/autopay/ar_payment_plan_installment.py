from odoo import api, fields, models
from odoo.tools import format_list

from ...core.autopay import charge as rules
from ...core.autopay.amount import allocate_charge
from ...core.facts import ITEMS_ONLY
from ...core.money import ZERO, to_decimal
from ...core.portal.allocation import PartialRules, allocate


class ArPaymentPlanInstallmentAutopay(models.Model):
    """The automatic payment of an installment, see `ar.autopay.unit`."""

    _name = "ar.payment.plan.installment"
    _inherit = ["ar.payment.plan.installment", "ar.autopay.unit", "ar.notice.mixin"]

    _autopay_link = "installment_id"

    name = fields.Char("Installment", compute="_compute_name")
    autopay_charge_ids = fields.One2many("ar.autopay.charge", "installment_id", readonly=True)

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
            account_facts = facts._gather_for_charge(installments.customer_id, company._ar_today(), ITEMS_ONLY)
            left = facts._read_left(facts._read_plan_items(installments.customer_id, account_facts))
            found = facts._read_autopay_cases(installments.ids, company._ar_today())
            repeatable = installments.autopay_charge_ids._get_repeatable_units()
            for installment in installments.sorted(lambda row: (row.plan_id.id, row.date, row.number)):
                case = found[installment.id]
                owed = left.get(installment.id, ZERO)
                cases[installment] = rules.refresh_case(
                    case, owed, installment in repeatable, self._rests(case, company)
                )
        return cases

    def _reset_autopay(self):
        """Clear announcement and failure, which belong to a consent that ended; cancel an announcement that waits."""
        waiting = self.autopay_notice_id.filtered(lambda notice: notice.state == "planned")
        waiting._cancel("outdated")
        self.filtered(lambda row: row.autopay_notice_id or row.autopay_failed_on).write(
            {"autopay_notice_id": False, "autopay_notice_amount": 0.0, "autopay_failed_on": False}
        )

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
        account_facts = facts._gather_for_charge(customer, self.company_id._ar_today(), ITEMS_ONLY)
        items = facts._read_plan_items(customer, account_facts)[self.plan_id.id]
        shares = allocate_charge(min(case.left, to_decimal(self.autopay_notice_amount)), items)
        return allocate(customer._get_payables(), shares, partial=PartialRules()) if shares else None

    def _get_autopay_reference(self):
        """Override: the plan and the number."""
        return f"{self.plan_id.name}-{self.number}".replace(" ", "")

    def _get_autopay_consent(self):
        """Override: the consent of the plan."""
        return self.plan_id.autopay_consent_id

    def _log_autopay(self, text):
        """Override to log on the thread of the plan."""
        self.plan_id._log_on_thread(text)

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
            "confirm": self._needs_confirmation(),
        }
        return (
            self.env["ir.qweb"]
            .with_context(lang=lang)
            ._render("ar_collections.communication_autopay", values, minimal_qcontext=True, lang=lang)
        )
