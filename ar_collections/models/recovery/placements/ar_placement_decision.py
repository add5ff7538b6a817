from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ....core.credit.limit import AMOUNT, Limit
from ....core.credit.request import find_authority
from ....core.money import to_decimal
from ....core.recovery import placement as rules
from ....messages import PLACEMENT_REFUSALS


class ArPlacementDecision(models.Model):
    """What people decide about placements, and what agencies report."""

    _inherit = "ar.placement"

    # === BUTTONS === #

    def action_approve(self):
        """Approve the proposals of others, and hand the cases over.

        :raise UserError: for one's own proposal, or where a case cannot be handed over; nothing is changed then
        """
        for placement in self._allowed("credit_manager"):
            placement._place()
        return True

    def action_withdraw(self):
        """Withdraw proposals that were not approved yet."""
        self._allowed("collector")._change(rules.WITHDRAWN, self.env._("Proposal withdrawn."))
        return True

    def action_accepted(self):
        """Note that the agency accepted the case."""
        return self._report(rules.ACCEPTED)

    def action_disputed(self):
        """Note that the customer disputes the debt towards the agency."""
        return self._report(rules.DISPUTED)

    def action_legal(self):
        """Note that the agency went to court."""
        return self._report(rules.LEGAL)

    def action_refused(self):
        """Open the dialog: the agency refuses the case."""
        return self._open_end(rules.REFUSED)

    def action_recall(self):
        """Open the dialog: the case is taken back."""
        return self._open_end(rules.RECALLED)

    def action_close(self):
        """Open the dialog: the agency closed the case."""
        return self._open_end(rules.UNCOLLECTIBLE)

    def _open_end(self, state):
        """Return the action of the dialog in which a placement ends.

        :param str state: the suggested state
        """
        self._allowed("collector")
        return {
            "name": self.env._("End the Placement"),
            "type": "ir.actions.act_window",
            "res_model": "ar.placement.end",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_placement_id": self[:1].id, "default_state": state},
        }

    # === CHANGES === #

    def _report(self, state):
        self._allowed("collector")._change(state)
        return True

    def _change(self, state, note=""):
        """Set the state under the lock of the account.

        :raise UserError: where it cannot follow the present one
        """
        for placement in self:
            placement._lock()
            if state not in rules.MOVES[placement.state]:
                placement._refuse_move()
            values = {"ended_on": placement.company_id._ar_today()} if state in rules.ENDED else {}
            placement._set_state(state, **values)
            placement._log_state(note)

    def _finish(self, state, reason, is_forced=False):
        """End the placement with a reason, in superuser mode.

        :param str state: one of `core.recovery.placement.ENDED`
        :param bool is_forced: also within the exclusive period
        :raise UserError: where it is not possible, with the way out
        """
        self._lock()
        if state not in rules.MOVES[self.state]:
            self._refuse_move()
        try:
            until = self.exclusive_until if state == rules.RECALLED else None
            rules.check_recall(reason or "", until or None, self.company_id._ar_today(), is_forced)
        except rules.PlacementRefused as refused:
            raise UserError(self._get_refusal(refused.code)) from refused
        self._end(state, reason.strip())
        if state == rules.RECALLED and self.agency_id.delivery == "email":
            self._tell_agency(self.env._("Case %s is recalled", self.name), reason.strip())

    def _place(self):
        """Hand a proposal over, in superuser mode: amounts are read anew, the pack is made and delivered.

        :raise UserError: for one's own proposal, or where nothing can be handed over any more
        """
        self._lock()
        if self.state != rules.READY:
            self._refuse_move()
        try:
            rules.check_approval(self.requested_by_id.id, self.env.uid)
        except rules.PlacementRefused as refused:
            raise UserError(self._get_refusal(refused.code)) from refused
        self._update_amounts()
        self._check_authority()
        today = self.company_id._ar_today()
        days = self.agency_id.exclusive_days
        until = fields.Date.add(today, days=days) if days else False
        self._set_state(
            rules.PLACED,
            placed_on=today,
            approved_by_id=self.env.uid,
            exclusive_until=until,
            age_points=float(self._get_age_points(today)),
        )
        self._log_state()
        self._hand_over()
        self._tell_customer()

    def _check_authority(self):
        """Check that the amount is within what the user, or who it stands in for, may write off.

        :raise UserError: above it; nothing is handed over then
        """
        company = self.company_id
        amount = self.currency_id._convert(self.amount_total, company.currency_id, company, company._ar_today())
        limit, barred = Limit(AMOUNT, to_decimal(amount)), {self.requested_by_id.id}
        if (
            self.env.uid != SUPERUSER_ID
            and find_authority(self.env.uid, *self._get_authorities(), limit, barred) is None
        ):
            raise UserError(self._get_refusal(rules.NO_AUTHORITY))

    @api.model
    def _get_user_authority(self, user, company, today):
        """Override: who may write off an amount may hand it over; what an agency gets is lost in part, too."""
        return user._ar_get_authority(company, today, "write_off")

    def _update_amounts(self):
        """Read what is free of the items today: some may be paid, disputed or promised since the proposal.

        :raise UserError: where nothing is left
        """
        customer = self.customer_id
        items = customer._get_placeable_items(self.currency_id, self)
        lost = self.line_ids.filtered(lambda line: line.move_line_id.id not in items)
        if lost == self.line_ids:
            raise UserError(
                self.env._(
                    "Nothing of %s can be handed over any more: its items are paid, disputed, promised, in a payment"
                    " plan or excluded. Withdraw the proposal.",
                    self.name,
                )
            )
        kept = [items[line.move_line_id.id] for line in self.line_ids - lost]
        self.line_ids.unlink()
        self.write({"line_ids": self._prepare_lines(customer, kept)})

    # === HELPERS === #

    def _lock(self):
        """Lock the account, so that of two persons the second one reads what the first did."""
        self.ensure_one()
        self.customer_id._lock_account()
        self.invalidate_recordset()

    def _refuse_move(self):
        raise UserError(
            self.env._(
                "%(number)s is “%(state)s” already: reload the page to see what can follow.",
                number=self.name,
                state=self._get_state_labels()[self.state],
            )
        )

    def _get_refusal(self, code):
        """Return why a change is refused, with the way out."""
        day = self._format_date(self.exclusive_until) if self.exclusive_until else ""
        template = self.env._(PLACEMENT_REFUSALS[code])
        return template % {"day": day}
