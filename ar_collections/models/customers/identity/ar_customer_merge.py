from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ....core.customers.merge import Settings, merge_settings


class ArCustomerMerge(models.Model):
    """Merging accounts of one debtor: one account takes over everything of the others, which are archived.

    A merged account only leads to the one that took it over, so that earlier links and references still work. It keeps
    its contact as long as that exists: where the contact leaves the company again, the account is used again.
    """

    _inherit = "ar.customer"

    merged_into_id = fields.Many2one(
        "ar.customer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The account that took over the communications, agreements, tasks and messages of this one.",
    )
    merged_on = fields.Datetime(readonly=True, copy=False, help="Empty until everything was taken over.")
    former_name = fields.Char(
        readonly=True, copy=False, help="Name of the customer whose contact was merged or deleted."
    )

    @api.depends("former_name")
    def _compute_display_name(self):
        """Override to name accounts whose contact does not exist any more."""
        result = super()._compute_display_name()
        for customer in self.filtered(lambda customer: not customer.partner_id):
            customer.display_name = customer.former_name or ""
        return result

    @api.constrains("active", "merged_into_id", "partner_id")
    def _check_in_use(self):
        """Check that an account without a debtor of its own is not used again by hand."""
        for customer in self.filtered("active"):
            if customer.merged_into_id or not customer.partner_id:
                raise UserError(
                    self.env._(
                        "The account of %(customer)s cannot be used: its contact was merged or deleted.",
                        customer=customer.display_name,
                    )
                )

    def _get_survivor(self):
        """Return the account to use instead of a merged one; itself where it was not merged."""
        self.ensure_one()
        seen = self
        while (following := seen[-1:].merged_into_id) and following not in seen:
            seen |= following
        return seen[-1:]

    # === MERGING === #

    def _mark_for_merge(self, others, gone, debtor):
        """Take other accounts out of use, with plain SQL; the nightly run completes the merge.

        :param gone: the contacts that are about to be deleted
        :param debtor: the commercial partner that this account gets where its own is one of them
        """
        self.ensure_one()
        self.env.flush_all()
        for account in others:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE ar_customer
                       SET merged_into_id = %(survivor)s, merged_on = NULL, active = FALSE, former_name = %(name)s,
                           partner_id = CASE WHEN partner_id = ANY(%(gone)s) THEN NULL ELSE partner_id END
                     WHERE id = %(account)s
                    """,
                    survivor=self.id,
                    name=account.display_name,
                    gone=gone.ids,
                    account=account.id,
                )
            )
        self.env.cr.execute(
            SQL(
                "UPDATE ar_customer SET partner_id = %s WHERE id = %s AND partner_id = ANY(%s)",
                debtor.id,
                self.id,
                gone.ids,
            )
        )
        self.env.invalidate_all()

    def _absorb(self, others, gone=()):
        """Take over everything of other accounts of the same company, and archive them.

        :param gone: the contacts that are about to be deleted
        """
        self.ensure_one()
        (self | others)._lock_account()
        names = ", ".join(others.mapped("display_name"))
        self._drop_duplicates(others)
        values = self._get_merged_vals(others)
        self._take_over_records(others)
        self.write(values)
        quiet = others.with_context(tracking_disable=True)
        quiet.write({"active": False, "merged_into_id": self.id, "merged_on": self.env.cr.now(), "payer_id": False})
        quiet._detach(gone)
        self.message_post(
            body=self.env._(
                "The account of %(names)s was merged into this one, with its communications, agreements, tasks and "
                "messages.",
                names=names,
            ),
            subtype_xmlid="mail.mt_note",
        )

    def _get_settings(self):
        """Return the account's settings.

        :rtype: core.customers.merge.Settings
        """
        self.ensure_one()
        return Settings(
            self.display_name or "",
            self.excluded,
            self.exclusion_reason or "",
            self.pause_until or None,
            self.pause_reason or "",
            self.policy_override_id.id or None,
            self.user_id.id or None,
        )

    def _get_settings_vals(self, settings):
        """Return the values of an account that has these settings."""
        return {
            "excluded": settings.excluded,
            "exclusion_reason": settings.exclusion_reason or False,
            "pause_until": settings.pause_until or False,
            "pause_reason": settings.pause_reason or False,
            "policy_override_id": settings.policy_id or False,
        }

    def _get_merged_vals(self, others):
        """Return the values of the account after it has taken over the others.

        Extension point: an override adds the values of its own settings. Balances are added up until the next run.
        """
        accounts = self | others
        settings = merge_settings(
            self._get_settings(), [other._get_settings() for other in others], self.company_id._ar_today()
        )
        values = {
            **self._get_settings_vals(settings),
            "active": any(accounts.mapped("active")),
            "balance": sum(accounts.mapped("balance")),
            "overdue": sum(accounts.mapped("overdue")),
            "credits": sum(accounts.mapped("credits")),
        }
        if not self.user_id and settings.collector_id:
            values |= others.filtered("user_id")[:1]._get_collector_vals()
        for name, choose in (("oldest_due_date", min), ("last_contact_date", max), ("address_confirmed_on", max)):
            values[name] = choose(filter(None, accounts.mapped(name)), default=False)
        return values

    def _drop_duplicates(self, others):
        """Remove what would occur twice after the merge; extension point for records with unique indexes."""
        # A failure of the other accounts is found again, where it still is one, by the next run.
        # sudo: nobody may delete problems; only those of the accounts that are merged go, whoever merges them.
        problems = self.env["ar.problem"].sudo()
        problems.search([("res_model", "=", self._name), ("res_id", "in", others.ids)]).unlink()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mail_followers follower USING mail_followers kept
                 WHERE follower.res_model = %(model)s AND follower.res_id = ANY(%(others)s)
                   AND kept.res_model = %(model)s AND kept.partner_id = follower.partner_id
                   AND (kept.res_id = %(own)s OR (kept.res_id = ANY(%(others)s) AND kept.id < follower.id))
                """,
                model=self._name,
                others=others.ids,
                own=self.id,
            )
        )
        self.env["mail.followers"].invalidate_model()

    def _take_over_records(self, others):
        """Let everything that refers to the other accounts refer to this one, as Odoo's merge of contacts does it."""
        referring = []
        for field in self._get_referring_fields():
            records = self.env[field.model].with_context(active_test=False).search([(field.name, "in", others.ids)])
            referring.append((field.name, records))
        merger = self.env["base.partner.merge.automatic.wizard"].new()
        merger._update_foreign_keys_generic(self._name, others, self)
        merger._update_reference_fields_generic(self._name, others, self)
        # Scheduled messages cannot be moved by the ORM, which protects them from users.
        self.env.cr.execute(
            SQL(
                "UPDATE mail_scheduled_message SET res_id = %s WHERE model = %s AND res_id = ANY(%s)",
                self.id,
                self._name,
                others.ids,
            )
        )
        self.env.invalidate_all()
        for name, records in referring:
            records.modified([name])  # stored related fields, such as the contact of a communication
        self.env.flush_all()

    @api.model
    def _get_referring_fields(self):
        """Return the stored fields of tables that refer to accounts: recordset of `ir.model.fields`."""
        found = self.env["ir.model.fields"].search(
            [("relation", "=", self._name), ("ttype", "=", "many2one"), ("store", "=", True)]
        )
        return found.filtered(lambda field: not self.env[field.model]._abstract and self.env[field.model]._auto)
