from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ....core.recovery import insolvency as rules
from ....core.recovery.placement import WITH_AGENCY
from ....core.recovery.write_off import relief_window
from ...agreements.ar_agreement import OPEN_AGREEMENTS

TASK = "ar_collections.mail_activity_type_insolvency"

CLAIM_TASK = "ar_collections.mail_activity_type_insolvency_claim"

#: What ends with the opening; disputes go on, because they are about the amount of the claim.
ENDING = ("ar.promise", "ar.payment.plan", "ar.settlement")


class ArInsolvencyStop(models.Model):
    """What the opening stops besides reminders: agreements, proposals for agencies, deliveries on credit; and tasks."""

    _inherit = "ar.insolvency"

    def _stop(self):
        """End what was agreed on, tell the agencies, hold the customer and add the tasks, in superuser mode.

        It may be repeated after a correction of the dates.
        """
        for insolvency in self.filtered(lambda insolvency: insolvency.state == rules.OPEN):
            held = insolvency._find_held_ids()
            insolvency._end_agreements(held)
            insolvency._tell_agencies(held)
            insolvency._update_claim_tasks()
            insolvency._add_relief_task(insolvency._find_claimed_ids())
        self._refresh_customers()

    def _find_claimed_ids(self):
        """Return the ids of the customer's open journal items from before the opening."""
        self.ensure_one()
        facts = self.env["ar.facts"]
        lines = facts._read_open_lines(self.company_id, self.partner_id.ids)
        debts = [line.line_id for line in lines if line.residual_currency > 0 and not line.is_our_payment]
        days, proceedings = facts._read_days_of_debts(debts), self._get_proceedings()
        return [line_id for line_id in debts if proceedings.covers(days[line_id])]

    def _find_held_ids(self):
        """Return the ids of the items that are held: open ones in all branches, and those that are agreed on.

        While contacts are merged, items that are agreed on still belong to the contact that will be deleted.
        """
        self.ensure_one()
        facts, accounts = self.env["ar.facts"], self._find_accounts()
        lines = facts._read_open_lines(accounts.company_id, self.partner_id.ids)
        debts = [line.line_id for line in lines if line.residual_currency > 0 and not line.is_our_payment]
        of_accounts = Domain("customer_id", "in", accounts.ids)
        for name in (*ENDING, "ar.placement"):
            agreements = self.env[name].search(of_accounts & Domain(OPEN_AGREEMENTS[name]))
            debts += agreements.line_ids.move_line_id.filtered(lambda item: not item.reconciled).ids
        days, proceedings = facts._read_days_of_debts(debts), self._get_proceedings()
        return [line_id for line_id, day in days.items() if proceedings.covers(day)]

    def _find_accounts(self):
        """Return the accounts of the debtor in all branches of the root company."""
        domain = Domain("partner_id", "in", self.partner_id.ids)
        domain &= Domain("company_id", "child_of", self.company_id.root_id.ids)
        return self.customer_id | self.env["ar.customer"].search(domain)

    def _end_agreements(self, item_ids):
        """End promises, plans and settlements about these items, and withdraw proposals for agencies."""
        reason = self.env._("insolvency proceedings were opened")
        about = Domain("line_ids.move_line_id", "in", item_ids)
        for name in ENDING:
            for agreement in self.env[name].search(about & Domain(OPEN_AGREEMENTS[name])):
                agreement._end_unowed(reason)
        proposals = self.env["ar.placement"].search(about & Domain("state", "=", "ready"))
        proposals._end_unowed(reason)

    def _tell_agencies(self, item_ids):
        """Tell the agencies that have such items, once; what becomes of the cases, people agree on."""
        about = Domain("line_ids.move_line_id", "in", item_ids) & Domain("state", "in", WITH_AGENCY)
        for placement in self.env["ar.placement"].search(about):
            text = self.env._("%(case)s: agree with %(agency)s what becomes of the case",
                              case=placement.name, agency=placement.agency_id.partner_id.name)  # fmt: skip
            if text not in self.activity_ids.mapped("summary"):
                self._add_task(TASK, text)
                self._tell_agency(placement)

    def _tell_agency(self, placement):
        """Send the agency what is known, or note it where it gets no emails."""
        subject = self.env._("Insolvency of the debtor, case %s", placement.name)
        body = self.env._(
            "Insolvency proceedings were opened against the debtor on %(day)s. Court: %(court)s, case number "
            "%(reference)s. Please take no further steps before we have agreed on them.",
            day=placement._format_date(self.opened_on),
            court=self.court or "–",
            reference=self.reference or "–",
        )
        if placement.agency_id.delivery == "email" and placement.agency_id.partner_id.email:
            placement._tell_agency(subject, body)
        else:
            placement.message_post(subject=subject, body=body, subtype_xmlid="mail.mt_note")

    def _refresh_customers(self):
        """Let the account be decided anew, and evaluate the credit status of the root company's account."""
        for insolvency in self:
            customer = insolvency.customer_id
            root = insolvency.company_id.root_id
            holder = customer if root == insolvency.company_id else customer.search(
                [("partner_id", "=", insolvency.partner_id.id), ("company_id", "=", root.id)]
            )  # fmt: skip
            holder._lock_rows()
            holder._refresh_status()
            insolvency._find_accounts()._mark_changed()

    # === TASKS === #

    def _update_claim_tasks(self):
        """Add the tasks to file the claim, in place of those for another deadline; none once it is filed."""
        for insolvency in self:
            insolvency.activity_unlink([CLAIM_TASK])
            if insolvency.state == rules.OPEN and insolvency.filing_deadline and not insolvency.filed_on:
                deadline, today = insolvency.filing_deadline, insolvency.company_id._ar_today()
                for day in rules.get_task_days(deadline, today):
                    name = self.env["ar.customer"]._format_date(deadline)
                    insolvency._add_task(
                        CLAIM_TASK,
                        self.env._("File the claim by %s", name)
                        if day == deadline
                        else self.env._("Prepare the claim: it is to be filed by %s", name),
                        day,
                    )

    def _add_relief_task(self, item_ids):
        """Add the task to claim the tax back, where the country gives it from the opening on; once."""
        self.ensure_one()
        rule = self.env["ar.tax.relief"]._find_rule(self.company_id)
        taxed = self.env["account.move.line"].browse(item_ids).move_id.filtered("amount_tax")
        if not (rule.from_opening and taxed) or self.kind == rules.MORATORIUM:
            return
        until = relief_window(self.opened_on, self.opened_on, rule._get_rules(self.company_id), self.opened_on)[1]
        text = self.env._("Tax of %s unpaid invoices: see the rule under Tax Relief", len(taxed))
        if text not in self.activity_ids.mapped("summary"):
            self._add_task(TASK, text, until)

    def _add_task(self, kind, summary, deadline=None):
        """Add a task for the collector.

        :param date deadline: default: today
        """
        self.ensure_one()
        customer = self.customer_id
        owner = customer.collector_id or self.company_id._ar_get_responsible() or self.env.user
        deadline = deadline or self.company_id._ar_today()
        self.activity_schedule(kind, date_deadline=deadline, summary=summary, user_id=owner.id)

    def _refuse_missing_items(self, items):
        """Refuse where nothing is open from before the opening.

        :raise UserError: with what that means
        """
        if not items:
            raise UserError(self.env._("Nothing is open from before the opening."))
