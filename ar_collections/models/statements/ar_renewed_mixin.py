from odoo import fields, models
from odoo.tools import split_every

from ...const import CANCEL_REASONS, STATEMENT_STATES
from ...core.facts import ITEMS_ONLY

#: Messages that are written together: their texts are most of what a run needs.
TEXTS = 125


class ArRenewedMixin(models.AbstractModel):
    """The subject of a notice whose contents are read again before it is sent, and written anew where they changed.

    A model that inherits it reads the contents, plain values that can be stored as JSON, for many records at once.
    """

    _name = "ar.renewed.mixin"
    _inherit = ["ar.notice.mixin"]
    _description = "Subject of a Notice That Is Renewed"

    #: The notice that the records are about, one of ``const.RENEWED_NOTICES``.
    _notice = None

    customer_id = fields.Many2one(
        "ar.customer", "Customer Account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="customer_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    policy_id = fields.Many2one("ar.credit.policy", "Credit Policy", readonly=True, ondelete="set null")
    day = fields.Date("As of", required=True, readonly=True)
    state = fields.Selection(STATEMENT_STATES, required=True, readonly=True, default="prepared", index=True)
    reason = fields.Selection(CANCEL_REASONS, readonly=True, help="Why no message was sent.")
    contents = fields.Json(readonly=True)
    communication_id = fields.Many2one("ar.communication", "Message", readonly=True, ondelete="set null")
    communication_state = fields.Selection(related="communication_id.state", string="Delivery")

    def action_open_message(self):
        """Open the message about this record."""
        self.ensure_one()
        return self.communication_id._get_records_action(name=self.display_name)

    # === CONTENTS === #

    def _read_contents(self, facts=None):
        """Return {record: its contents as of today} for records of one company; a model overrides it.

        :param dict facts: {customer id: AccountFacts}; default: they are read
        """
        raise NotImplementedError

    def _find_reason(self):
        """Return why the message is not sent any more, one of ``CANCEL_REASONS``; ``None``: it is."""
        self.ensure_one()
        return None

    def _gather_facts(self):
        """Return {customer id: AccountFacts} of these records of one company, as of today."""
        return self.env["ar.facts"]._gather(self.customer_id, self.company_id._ar_today(), ITEMS_ONLY)

    # === MESSAGES === #

    def _send(self, facts=None, *, is_manual=False):
        """Read the contents of these records of one company, and put their messages into the mail queue."""
        for ids in split_every(TEXTS, self.ids):
            part = self.browse(ids)
            contents = part._read_contents(facts)
            for record in part:
                record.contents = contents[record]
            part._fetch_lines()
            for communication in self.env["ar.outreach"]._notify(part, self._notice, is_manual=is_manual):
                part.browse(communication.agreement_id).communication_id = communication
            part.communication_id._forget_texts()
            part.flush_recordset()
            part.invalidate_recordset(["contents"], flush=False)

    def _renew(self, *, is_manual):
        """Write the message as of today, and put it into the mail queue."""
        self.ensure_one()
        self.write(self._get_renewed_vals(self.company_id._ar_today()))
        self._send(is_manual=is_manual)

    def _get_renewed_vals(self, today):
        """Return what changes where the message is written anew on another day."""
        return {"day": today, "communication_id": False}

    def _fetch_lines(self):
        """Read what the log needs of the items of these records at once."""
        ids = [line.id for record in self for line, _amount in record._get_notice_lines(self._notice)]
        lines = self.env["account.move.line"].sudo().browse(ids)  # the customers' own, whoever sends the messages
        lines.fetch(
            ["move_id", "date", "date_maturity", "invoice_date", "currency_id", "amount_currency",
             "amount_residual_currency"]
        )  # fmt: skip
        lines.move_id.fetch(["name"])
