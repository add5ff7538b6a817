from odoo import fields, models
from odoo.exceptions import UserError

RELIEF_TASK = "ar_collections.mail_activity_type_tax_relief"


class ArWriteOffRelief(models.Model):
    """The clock of tax relief: a date and a task for each written-off invoice, and the entry once it can be claimed."""

    _inherit = "ar.write.off"

    can_claim = fields.Boolean(compute="_compute_can_claim")

    def _compute_can_claim(self):
        for write_off in self:
            write_off.can_claim = bool(write_off.line_ids._filter_claimable())

    def _add_relief_tasks(self):
        """Add a task on the first day for each invoice whose tax can be claimed later."""
        for write_off in self:
            waiting = write_off.line_ids.filtered(lambda line: line.relief_from and line._has_tax_left())
            for move, lines in waiting.grouped("move_id").items():
                write_off._add_relief_task(move, lines[:1])

    def _add_relief_task(self, move, line):
        owner = self._get_task_owner(None) or self.env.user
        until = line.relief_until
        text = self.env._("Claim the tax of %s", move.name)
        if until:
            day = self.env["ar.customer"]._format_date(until)
            text = self.env._("Claim the tax of %(invoice)s until %(day)s", invoice=move.name, day=day)
        self.activity_schedule(RELIEF_TASK, date_deadline=line.relief_from, summary=text, user_id=owner.id)

    def action_claim_relief(self):
        """Book the tax back of the items whose relief can be claimed today."""
        self.ensure_one()
        self._require("credit_manager")
        write_off = self.sudo()  # users may not write write-offs; checked above
        write_off.lock_for_update()
        lines = write_off.line_ids._filter_claimable()
        if not lines:
            raise UserError(self.env._("No tax can be claimed today: see the dates of the items."))
        write_off._check_lock_dates(write_off.company_id._ar_today())
        lines._claim_relief()
        write_off.activity_unlink([RELIEF_TASK])
        write_off._add_relief_tasks()
        return True
