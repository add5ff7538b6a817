from odoo import api, models
from odoo.exceptions import UserError

from ..core_flow import ignore_failure

#: What decides whether a user can go on with the tasks of collections.
DECIDING = {"active", "share", "company_ids", "group_ids"}


class ResUsers(models.Model):
    """Users who leave, or lose a company or a role: somebody else gets their tasks, none is lost."""

    _inherit = "res.users"

    def _ar_works_for(self, company, role=None):
        """Return whether this is an active internal user of the company, with a role or a higher one.

        :param str role: one of `ar.access.mixin`'s; None: any internal user
        """
        if not self:
            return False
        user = self.sudo()  # responsibilities are decided the same for everybody, also for visitors
        works = user.active and not user.share and company in user.company_ids
        return works and (not role or user.has_group(f"ar_collections.ar_collections_group_{role}"))

    def _ar_check_collector(self, company):
        """Check that each of these users can be the collector of customers of a company.

        :raise UserError: for who has no role of collectors there, or has left
        """
        for user in self:
            if not user._ar_works_for(company, "collector"):
                raise UserError(
                    self.env._(
                        "%(user)s is no collector of %(company)s: choose another user, or give this one the role.",
                        user=user.sudo().name,  # who may not read all users is told which one it is
                        company=company.display_name,
                    )
                )

    def _ar_find_successor(self, company, covers):
        """Return who does this collector's work today: the substitute, else the user; empty where both have left.

        :param dict covers: see `ar.absence._get_covers`
        """
        users = self.browse([covers[self.id]] if self.id in covers else []) | self
        return users.filtered(lambda user: user._ar_works_for(company, "collector"))[:1]

    def write(self, vals):
        """Override of `base` to pass on the tasks of users who cannot do them any more."""
        result = super().write(vals)
        if not DECIDING.isdisjoint(vals):
            with ignore_failure(self.env, "passing on the tasks of users"):
                self.env["ar.handover"]._hand_over(self)
        return result

    def action_archive(self):
        """Override of `mail`, which deletes the activities of archived users, to keep those of collections."""
        with ignore_failure(self.env, "keeping the tasks of archived users"):
            self.env["ar.handover"]._release(self)
        return super().action_archive()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        """Keep users whose changes of settings are on record.

        :raise UserError: with the way out
        """
        # sudo: whoever may delete users.
        changes = self.env["ar.setting.change"].sudo().search([("user_id", "in", self.ids)])
        if changes:
            raise UserError(
                self.env._(
                    "Changes of settings that %(users)s made are on record: archive the user instead.",
                    users=", ".join(changes.user_id.mapped("name")),
                )
            )

    def unlink(self):
        """Override of `base` to keep the tasks of deleted users, which the database would delete with them.

        :raise AccessError: for who may not delete users
        """
        self.check_access("unlink")
        with ignore_failure(self.env, "keeping the tasks of deleted users"):
            self.env["ar.handover"]._release(self)
        result = super().unlink()
        with ignore_failure(self.env, "passing on the tasks of deleted users"):
            self.env["ar.handover"]._hand_over(self.browse())
        return result
