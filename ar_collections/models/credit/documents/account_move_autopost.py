from odoo import api, fields, models

from ...customers.core_flow import ignore_failure


class AccountMoveAutopost(models.Model):
    """Automatic posting leaves out invoices on hold, and posts them once they are free."""

    _inherit = "account.move"

    @api.model
    def _autopost_draft_entries(self, batch_size=100):
        """Override of `account` to look for entries that are not held.

        Otherwise the same hundred would be tried for ever, those behind them never, and each would get a message on
        its thread every day.
        """
        with ignore_failure(self.env, "automatic posting of invoices that are free again"):
            self._ar_free_held()
        moves = self.with_context(ar_autopost=True)
        return super(AccountMoveAutopost, moves)._autopost_draft_entries(batch_size)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Override of `base`: automatic posting finds no held entries. Who sets the key finds less, never more."""
        if self.env.context.get("ar_autopost"):
            domain = fields.Domain(domain) & fields.Domain("ar_held_on", "=", False)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _ar_free_held(self, domain=()):
        """Clear the marks of drafts that would not be held any more, because the customer has paid for instance.

        :param domain: of the drafts; default: all
        """
        held = self.sudo().search(  # whoever posts them
            fields.Domain("ar_held_on", "!=", False) & fields.Domain("state", "=", "draft") & fields.Domain(domain),
            order="id",
        )
        effects = held._ar_check_documents(lock=False)
        (held - held._ar_get_blocked(effects))._ar_clear_hold()
