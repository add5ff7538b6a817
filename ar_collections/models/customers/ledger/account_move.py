from odoo import api, fields, models
from odoo.tools import SQL

from ..core_flow import ignore_failure


class AccountMove(models.Model):
    """The day from which the customer can know of an invoice, whatever date it bears."""

    _inherit = "account.move"

    ar_known_on = fields.Date(
        "Known to the Customer since",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Date on which the invoice was first posted, or first sent if that was later.",
    )
    ar_known_as = fields.Char(
        "Known as",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Debtor and amount it was posted with: posted again with others, it is a new invoice to the customer.",
    )

    def _post(self, soft=True):
        """Override of `account` to store when invoices are entered; posted again unchanged, they keep their day."""
        before = set(self.filtered("posted_before").ids)
        posted = super()._post(soft)
        invoices = posted.filtered(lambda move: move.is_sale_document(include_receipts=True))
        if invoices:
            with ignore_failure(self.env, "the days on which invoices were entered", writes=False):
                invoices.sudo()._store_entry(before)  # fields that portal users and integrations may not read
        return posted

    def _store_entry(self, before):
        """Store the day of invoices that are new to the customer.

        One that was posted before, and not by a version that stores it, was known since a day that is not known.

        :param set before: ids of those that were posted before
        """
        rows = []
        for move in self:
            debtor = move.commercial_partner_id.commercial_partner_id  # the stored one may have got a company since
            amount = str(move.currency_id.round(move.amount_total))
            known_as = f"{debtor.id}:{amount}"
            if move.ar_known_as != known_as:
                is_new = move.id not in before or (move.ar_known_as and not move._is_known_to(debtor, amount))
                rows.append((move.id, move.company_id._ar_today() if is_new else None, known_as))
        self._write_known(rows)

    def _is_known_to(self, debtor, amount):
        """Return whether the invoice was known with this amount to who is this debtor now."""
        self.ensure_one()
        known_id, _colon, known_amount = self.ar_known_as.partition(":")
        known = self.env["res.partner"].browse(known_id.isdigit() and int(known_id)).exists()
        return known_amount == amount and known.commercial_partner_id == debtor

    @api.model
    def _merge_known(self, sources, target):
        """Let invoices that were known to contacts that are about to be deleted be known to the one that remains."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move SET ar_known_as = %(target)s || ':' || split_part(ar_known_as, ':', 2)
                 WHERE (partner_id = ANY(%(sources)s) OR commercial_partner_id = ANY(%(sources)s))
                   AND split_part(ar_known_as, ':', 1) = ANY(%(known)s)
                """,
                target=str(target.id),
                sources=sources.ids,
                known=[str(source_id) for source_id in sources.ids],
            )
        )
        self.invalidate_model(["ar_known_as"], flush=False)

    def write(self, vals):
        """Override of `account` to store when an invoice is sent for the first time after it was posted."""
        if not vals.get("is_move_sent"):
            return super().write(vals)
        unsent = self.filtered(lambda move: not move.is_move_sent and move.state == "posted")
        result = super().write(vals)
        invoices = unsent.filtered(lambda move: move.is_sale_document(include_receipts=True))
        if invoices:
            with ignore_failure(self.env, "the days on which invoices were sent"):
                invoices = invoices.sudo()._without_reminded()  # as in `_post`
                invoices._write_known([(m.id, m.company_id._ar_today(), m.ar_known_as or None) for m in invoices])
        return result

    def _without_reminded(self):
        """Return the invoices that no reminder named yet: who was reminded of an invoice knows of it."""
        lines = self.env["ar.communication.line"].search(
            [("move_id", "in", self.ids), ("step_id", "!=", False), ("uses_step", "=", True)]
        )
        return self - lines.move_id

    @api.model
    def _write_known(self, rows):
        """Store days past `write`: writing a posted invoice by it takes as long as posting it.

        They reach the database together with what the flow itself has changed on the invoices.

        :param rows: [(invoice id, day or None to keep it, debtor and amount)]
        """
        known_on, known_as = self._fields["ar_known_on"], self._fields["ar_known_as"]
        for move_id, day, name in rows:
            if day:
                known_on.write(self.browse(move_id), day)
            known_as.write(self.browse(move_id), name)
