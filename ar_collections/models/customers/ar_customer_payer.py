from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...const import GROUP_AUDITOR


class ArCustomerPayer(models.Model):
    """Customer groups: another account of the company that pays for this one.

    A payer has no payer of its own, so that a group has one head. Items stay with the customer who was invoiced.
    """

    _inherit = "ar.customer"

    _writable = {"manager": ("payer_id",)}

    payer_id = fields.Many2one(
        "ar.customer",
        domain="[('company_id', '=', company_id), ('payer_id', '=', False), ('id', '!=', id)]",
        index="btree_not_null",
        copy=False,
        tracking=True,
        ondelete="set null",
        groups=GROUP_AUDITOR,
        help="Customer who pays for this one and gets its reminders, in one message with those of its other customers. "
        "Lists and aged receivables can be grouped by it.",
    )
    group_member_ids = fields.One2many("ar.customer", "payer_id", "Pays for", readonly=True, groups=GROUP_AUDITOR)

    @api.constrains("payer_id", "company_id")
    def _check_payer(self):
        """Check that a group has one head in one company, in words that say what to choose instead."""
        for customer in self.filtered("payer_id"):
            payer, names = (
                customer.payer_id,
                {"customer": customer.display_name, "payer": customer.payer_id.display_name},
            )
            if payer == customer:
                raise ValidationError(
                    self.env._("%(customer)s cannot be its own payer: leave the payer empty.", **names)
                )
            if payer.company_id != customer.company_id:
                raise ValidationError(
                    self.env._(
                        "%(payer)s is a customer of another company: choose a payer of %(company)s.",
                        company=customer.company_id.name,
                        **names,
                    )
                )
            if payer.payer_id:
                raise ValidationError(
                    self.env._(
                        "%(payer)s does not pay itself: choose %(head)s, who pays for it.",
                        head=payer.payer_id.display_name,
                        **names,
                    )
                )
            if customer.group_member_ids:
                raise ValidationError(
                    self.env._(
                        "%(customer)s pays for others itself (%(members)s): let %(payer)s pay for these first.",
                        members=", ".join(customer.group_member_ids[:5].mapped("display_name")),
                        **names,
                    )
                )

    def _read_groups(self):
        """Return {payer: accounts of its group, the payer first}, with one query for all payers.

        Members follow by name. Who pays for nobody is a group by itself. Archived members are left out; so is every
        member of an archived payer, who pays for itself until a manager chooses another one.

        :return: {`ar.customer`: `ar.customer` records of the same company}
        """
        members = self.with_context(active_test=True).search([("payer_id", "in", self.ids)], order="partner_id, id")
        members_of = members.grouped("payer_id")
        return {payer: payer | members_of.get(payer, members.browse()) if payer.active else payer for payer in self}

    def _get_payers(self):
        """Return {account: account that pays for it}: its payer, or itself without one or with one that is archived."""
        return {account: account.payer_id if account.payer_id.active else account for account in self}

    def _get_merged_vals(self, others):
        """Override to keep the payer, unless it is one of the merged accounts or one of them pays for others."""
        values = super()._get_merged_vals(others)
        accounts = self | others
        payer = accounts.payer_id[:1]
        pays = accounts.group_member_ids - accounts
        return {**values, "payer_id": False if pays or payer in accounts else payer.id}
