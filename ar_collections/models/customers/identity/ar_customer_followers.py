from odoo import api, models
from odoo.tools import SQL


class ArCustomerFollowers(models.Model):
    """Contacts that are merged keep following our records."""

    _inherit = "ar.customer"

    @api.model
    def _keep_followers(self, sources, target):
        """Let the remaining contact follow what the merged ones follow of our records, each once.

        Odoo's merge deletes all followers that a contact is, on any record, where it would follow one record twice.
        """
        self.env.flush_all()
        values = {
            "models": [name for name in self.env.registry if name.startswith("ar.") and self._is_thread(name)],
            "sources": sources.ids,
            "target": target.id,
        }
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mail_followers follower USING mail_followers kept
                 WHERE follower.res_model = ANY(%(models)s) AND follower.partner_id = ANY(%(sources)s)
                   AND kept.res_model = follower.res_model AND kept.res_id = follower.res_id
                   AND (kept.partner_id = %(target)s
                        OR (kept.partner_id = ANY(%(sources)s) AND kept.id < follower.id))
                """,
                **values,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE mail_followers SET partner_id = %(target)s"
                " WHERE res_model = ANY(%(models)s) AND partner_id = ANY(%(sources)s)",
                **values,
            )
        )
        self.env["mail.followers"].invalidate_model()

    @api.model
    def _is_thread(self, name):
        return not self.env[name]._abstract and "message_follower_ids" in self.env[name]._fields
