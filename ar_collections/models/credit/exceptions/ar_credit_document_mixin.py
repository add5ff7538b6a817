from odoo import api, models
from odoo.tools import SQL

#: The states of the kinds of documents that are not confirmed yet, see `_ar_select_waiting`.
WAITING = {"account.move": ("draft",), "sale.order": ("draft", "sent")}

#: The states of others that are over.
OVER = ("done", "cancel")


class ArCreditDocumentMixin(models.AbstractModel):
    """Which released documents are not confirmed yet: their release is an open exception."""

    _inherit = "ar.credit.document.mixin"

    @api.model
    def _ar_select_waiting(self):
        """Return the query of the documents of this kind that a release may still let pass: (id)."""
        table = SQL.identifier(self._table)
        states = WAITING.get(self._name)
        if states:
            return SQL("SELECT id FROM %s WHERE state = ANY(%s)", table, list(states))
        return SQL("SELECT id FROM %s WHERE state <> ALL(%s)", table, list(OVER))
