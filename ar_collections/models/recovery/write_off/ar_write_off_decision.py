from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ....core.credit.limit import AMOUNT, Limit
from ....core.credit.request import ALONE_DAYS, find_authority
from ....core.money import to_decimal
from ....core.recovery.write_off import (
    BAD_DEBT,
    FUTURE_DATE,
    NO_AUTHORITY,
    NO_REASON,
    NOTHING_SELECTED,
    OWN_WRITE_OFF,
    check_amount,
)
from ...credit.requests.ar_decision_mixin import ROLE

TASK = "ar_collections.mail_activity_type_write_off"


class ArWriteOffDecision(models.Model):
    """Who may write off: a credit manager within its authority alone up to the company's amount, else two persons."""

    _inherit = "ar.write.off"

    can_decide = fields.Boolean(compute="_compute_can_decide")
    can_withdraw = fields.Boolean(compute="_compute_can_decide")

    @api.depends("state", "requested_by_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        """Compute what the buttons offer; the methods check it again."""
        decides, collects = self._has_role(ROLE), self._has_role("collector")
        for write_off in self:
            is_own = write_off.requested_by_id == self.env.user
            write_off.can_decide = write_off.state == "open" and decides and not is_own
            write_off.can_withdraw = write_off.state == "open" and collects

    # === REQUEST === #

    @api.model
    def _request(self, company, amounts, kind, reason_code, reason="", date=None, claims_relief=False):
        """Request a write-off in the name of the user; it is booked at once where the user may decide alone.

        :param amounts: {`account.move.line`: Decimal in its currency}
        :param date: the accounting date; default: today
        :return: the `ar.write.off`, in superuser mode
        :raise UserError: where it is not possible, with the way out; nothing is stored then
        """
        self._require("collector")
        items = self.env["account.move.line"].union(*amounts)
        items.check_access("read")
        today = company._ar_today()
        write_off, reason = self.sudo(), (reason or "").strip()  # who may request one is checked here, not by rights
        if not amounts:
            write_off._refuse(NOTHING_SELECTED)
        if kind == BAD_DEBT and not reason:
            write_off._refuse(NO_REASON)
        if date and date > today:
            write_off._refuse(FUTURE_DATE)
        write_off._check_items(company, amounts, kind)
        lines = self.env["ar.write.off.line"]
        made = write_off.create(
            {
                "company_id": company.id,
                "kind": kind,
                "reason_code": reason_code,
                "reason": reason,
                "date": date or today,
                "claims_relief": claims_relief,
                "requested_by_id": self.env.uid,
                "date_requested": today,
                "line_ids": [
                    fields.Command.create(lines._prepare_vals(item, amount)) for item, amount in amounts.items()
                ],
            }
        )
        made._check_bookable()
        for_user_id = made._find_authority(is_alone=True) if self._has_role(ROLE) else None
        if for_user_id is not None:
            made._book(for_user_id)
        else:
            made._add_decision_task()
        return made

    @api.model
    def _check_items(self, company, amounts, kind):
        """Check that the items are open debts of the company's customers, of which that much can be written off."""
        receivable = set(self.env["ar.facts"]._get_receivable_account_ids(company))
        for item, amount in amounts.items():
            is_debt = item.account_id.id in receivable and item.parent_state == "posted" and item.partner_id
            if not is_debt or item.company_id != company or item.reconciled or item.amount_residual_currency <= 0:
                raise UserError(
                    self.env._(
                        "%(item)s is no open debt of a customer of %(company)s: select open invoices.",
                        item=item.move_id.display_name, company=company.name,
                    )
                )  # fmt: skip
            with self._explain_refusal(item.move_id.name):
                check_amount(amount, to_decimal(item.amount_residual_currency))
        if kind != BAD_DEBT:
            self.env["ar.small.difference"]._check_small(company, amounts)

    # === DECISIONS === #

    def action_approve(self):
        """Approve write-offs in the name of the user, and book them."""
        for write_off in self:
            decided = write_off._start_decision()
            for_user_id = decided._find_authority()
            if for_user_id is None:
                decided._refuse(OWN_WRITE_OFF if decided._is_own() else NO_AUTHORITY, decided.name)
            decided._leave_locked_period()
            decided._book(for_user_id)
        return True

    def action_reject(self):
        """Open the dialog to reject the write-off with a reason."""
        self.ensure_one()
        self._start_decision()
        return self.env["ar.recovery.reject"]._open("write_off_id", self)

    def _reject(self, reason):
        """Reject the write-off in the name of the user."""
        decided = self._start_decision()
        if not (reason or "").strip():
            decided._refuse(NO_REASON)
        if decided._is_own():
            decided._refuse(OWN_WRITE_OFF, decided.name)
        decided._close("rejected", decision_note=reason.strip(), decided_for_id=self.env.uid)
        decided._tell(decided.env._("Rejected by %(user)s: %(reason)s", user=self.env.user.name, reason=reason.strip()))

    def action_withdraw(self):
        """Withdraw write-offs that are not decided."""
        self._require("collector")
        for write_off in self.sudo():  # users may not write write-offs, as checked above
            write_off._check_open()
            write_off._close("withdrawn")
        return True

    def _start_decision(self):
        """Check role and state under a lock; return the write-off in superuser mode."""
        self.ensure_one()
        self._require(ROLE)
        # sudo: which company decides is no secret, also where the user works for another one.
        if not self.env.user._ar_works_for(self.sudo().company_id, ROLE):
            raise UserError(self.env._("A credit manager of %s decides.", self.sudo().company_id.name))
        decided = self.sudo()  # users may not write write-offs; who may decide is checked here
        decided.lock_for_update()
        decided.invalidate_recordset()
        decided._check_open()
        return decided

    def _check_open(self):
        if self.state != "open":
            raise UserError(self.env._("%s is decided or withdrawn already: make a new write-off.", self.name))

    def _is_own(self):
        return self.requested_by_id == self.env.user

    def _find_authority(self, is_alone=False):
        """Return the id of the user with whose authority the present one decides; ``None``: with nobody's.

        :param bool is_alone: the requester decides itself
        """
        self.ensure_one()
        if is_alone and self._get_amount_alone() > self.company_id.ar_write_off_alone:
            return None
        barred = () if is_alone else {self.requested_by_id.id}
        if not is_alone and self._is_own():
            return None
        limit = Limit(AMOUNT, to_decimal(self.amount_total))
        return find_authority(self.env.uid, *self._get_authorities(), limit, barred)

    @api.model
    def _get_user_authority(self, user, company, today):
        """Override: the write-offs that a user may decide about."""
        return user._ar_get_authority(company, today, "write_off")

    def _get_amount_alone(self):
        """Return the highest amount of one customer that the requester wrote off alone lately, this one included.

        Several small write-offs of one customer would otherwise go past the second person.
        """
        since = self.date_requested - timedelta(days=ALONE_DAYS)
        debtors = self.line_ids.partner_id.commercial_partner_id
        lines = self.env["ar.write.off.line"].search(
            [
                ("partner_id.commercial_partner_id", "in", debtors.ids),
                ("company_id", "=", self.company_id.id),
                ("write_off_id.requested_by_id", "=", self.requested_by_id.id),
                ("write_off_id.date_requested", ">", since),
                "|", ("write_off_id", "=", self.id),
                "&", ("write_off_id.state", "in", ("posted", "reversed")),
                ("write_off_id.decided_by_id", "=", self.requested_by_id.id),
            ]
        )  # fmt: skip
        by_debtor = lines.grouped(lambda line: line.partner_id.commercial_partner_id)
        return max(sum(group.mapped("amount_company")) for group in by_debtor.values())

    # === RESULTS === #

    def _close(self, state, **values):
        """End an open write-off."""
        today = self.company_id._ar_today()
        self.write({"state": state, "date_decided": today, "decided_by_id": self.env.uid, **values})
        self.activity_unlink([TASK])

    def _add_decision_task(self):
        """Give a credit manager other than the requester the task to decide."""
        self.ensure_one()
        managers = self._get_deciders() - self.requested_by_id
        limit = Limit(AMOUNT, to_decimal(self.amount_total))
        authorities = self._get_authorities()
        able = managers.filtered(lambda user: find_authority(user.id, *authorities, limit) is not None)
        user = (able or managers)[:1] or self.company_id._ar_get_responsible() or self.env.user
        self.activity_schedule(TASK, summary=self.env._("Decide about the write-off"), user_id=user.id)

    def _get_task_owner(self, task):
        """Override: write-offs may be of several customers; a credit manager takes the task."""
        managers = self._get_deciders() - self.requested_by_id
        return managers[:1] or self.company_id._ar_get_responsible()

    def _tell(self, sentence):
        """Log on the write-off; the requester follows it."""
        for write_off in self:
            write_off.message_post(
                body=sentence,
                partner_ids=(write_off.requested_by_id - self.env.user).partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )
