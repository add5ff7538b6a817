from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...const import GROUP_AUDITOR

#: The task to choose a payer, or none, for a customer that has left the one it belonged to.
PAYER_TASK = "ar_collections.mail_activity_type_payer"


class ArCustomerPayer(models.Model):
    """Customer groups: another account of the company that pays for this one.

    A payer has no payer of its own, so that a group has one head. Items stay with the customer who was invoiced. Who
    pays is chosen by a manager; see docs/decisions/0033-customer-groups.md.
    """

    _inherit = "ar.customer"

    _writable = {"manager": ("payer_id",)}
    _manager_tasks = (PAYER_TASK,)

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
        """Check that a group has one head in one company, in words that say what to choose instead.

        The accounts are locked first, so that two changes at the same moment cannot make a chain together. Archived
        members count: they may be activated again.

        :raise LockError: when another transaction holds one of them
        """
        members = self.filtered("payer_id")
        if not members:
            return
        (members | members.payer_id)._lock_rows()
        for customer in members:
            if problem := customer._find_payer_problem(customer.payer_id):
                raise ValidationError(problem)

    def _find_payer_problem(self, payer):
        """Return why the account cannot pay for this one, and what to do instead; None where it can."""
        self.ensure_one()
        names = {"customer": self.display_name, "payer": payer.display_name}
        if payer == self:
            return self.env._("%(customer)s cannot be its own payer: leave the payer empty.", **names)
        if payer.company_id != self.company_id:
            return self.env._(
                "%(payer)s is a customer of another company: choose a payer of %(company)s.",
                company=self.company_id.name,
                **names,
            )
        if head := payer.payer_id:
            names["head"] = head.display_name
            if head.active:
                return self.env._("%(payer)s does not pay itself: choose %(head)s, who pays for it.", **names)
            return self.env._(
                "%(payer)s has a payer that is archived, %(head)s: empty the payer of %(payer)s first.", **names
            )
        if members := self.with_context(active_test=False).group_member_ids:
            return self.env._(
                "%(customer)s pays for others itself (%(members)s): let %(payer)s pay for these first.",
                members=", ".join(members[:5].mapped("display_name")),
                **names,
            )
        return None

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
        if not self.payer_id:  # of all together: most batches have none
            return {account: account for account in self}
        return {account: account.payer_id if account.payer_id.active else account for account in self}

    # === IDENTITY === #

    def _get_merged_vals(self, others):
        """Override to keep the payer, unless it is one of the merged accounts or one of them pays for others."""
        values = super()._get_merged_vals(others)
        accounts = self | others
        payer = accounts.payer_id[:1]
        pays = accounts.with_context(active_test=False).group_member_ids - accounts
        return {**values, "payer_id": False if pays or payer in accounts else payer.id}

    def _get_copied_vals(self, source):
        """Override to leave out the payer: a manager chooses whether it pays for who has left, too."""
        values = super()._get_copied_vals(source)
        values.pop("payer_id", None)
        return values

    def _ask_for_payer(self, former):
        """Give a manager the task to choose a payer for this customer, which belonged to another one that has one.

        :param former: the account of the customer that this one belonged to
        """
        payer = former.payer_id
        if not payer:
            return
        manager = self.company_id._ar_get_manager()
        reader = self.with_context(lang=manager.lang or self.env.lang)
        summary = reader.env._(
            "It belonged to %(former)s, for which %(payer)s pays: choose whether %(payer)s pays for it, too",
            former=former.display_name,
            payer=payer.display_name,
        )
        self._add_task(PAYER_TASK, summary, user=manager)
