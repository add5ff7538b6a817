from dataclasses import replace
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ...const import WAITING_STATES
from ...core import decision as codes
from ...core.facts import ITEMS_ONLY, Rules
from ...core.reminders.group import decision_of_member, members_next, together
from ...core.reminders.upcoming import next_contact
from ..customers.facts.ar_facts_history import CONTACT_DAYS
from ..customers.nightly.batch_run import CONFLICTS

#: Members of a group up to which a change of one of them is decided about with the payer at once. The payer of a larger
#: one follows with the run, because its decision reads all of them.
ANEW_MAX = 50


class ArCustomerGroup(models.Model):
    """Customer groups in the decision: the payer is reminded of the items of all members, who are not written to.

    See docs/decisions/0033-customer-groups.md.
    """

    _inherit = "ar.customer"

    # === WHO BELONGS TOGETHER === #

    def _read_deciding_groups(self):
        """Return {payer: its members} of the groups that these accounts belong to; empty where there are none.

        Of a large group whose payer is not among these accounts, only the members that are: they are not contacted
        whatever the others owe, and nothing is decided about the payer then.
        """
        accounts = self.sudo()  # who pays for whom counts, whatever the user may read
        deciding = accounts.union(*accounts._get_payers().values()) if accounts.payer_id else accounts
        groups = deciding._map_members_of()
        return {
            payer: members & accounts if len(members) > ANEW_MAX and payer not in accounts else members
            for payer, members in groups.items()
        }

    def _map_members_of(self):
        """Return {account: those that it pays for}, as `_read_groups`, without who pays for nobody.

        From the cache where they were read before, so that the run reads them once for a batch.
        """
        accounts = self.sudo().with_context(active_test=True)  # as above
        if not accounts.group_member_ids:  # of all together: most batches have none
            return {}
        members = {account: account.group_member_ids for account in accounts if account.active}
        return {account: found for account, found in members.items() if found}

    def _get_members(self):
        """Return the accounts that these pay for."""
        return self.browse().union(*self._map_members_of().values())

    def _get_payer(self):
        """Return the account that is reminded of this one's items: its payer, or itself."""
        self.ensure_one()
        return self._get_payers()[self]

    def _with_members(self):
        """Return these accounts, and those that they pay for."""
        return self | self._get_members()

    def _get_group_lines(self):
        """Return the open items of this account, and of those that it pays for."""
        self.ensure_one()
        accounts = self._with_members()
        accounts.invalidate_recordset(["open_line_ids"])
        return accounts.open_line_ids

    def _get_group_facts(self):
        """Return the present facts of this account together with those that it pays for, see `core.reminders.group`."""
        self.ensure_one()
        today, members = self.company_id._ar_today(), self._get_members() - self
        if not members:
            return self._get_facts()
        facts = self.env["ar.facts"]._gather(self | members, today, ITEMS_ONLY)
        return together(facts[self.id], [facts[member.id] for member in members], Rules(), today)

    def _map_members(self, lines):
        """Return {journal item id: account id} of the items that members of this account's group owe.

        :param lines: `account.move.line` recordset, in superuser mode
        """
        members = {member.partner_id: member.id for member in self._get_members() - self}
        debtors = {line.id: members.get(line.partner_id.commercial_partner_id) for line in lines if members}
        return {line_id: member_id for line_id, member_id in debtors.items() if member_id}

    # === DECISION === #

    @api.model
    def _decide_group(self, payer, members, facts, rules, today, scope):
        """Return {account: Verdict} for a payer and its members.

        :param dict facts: {account id: AccountFacts}, of all of them
        :param rules: of the payer's policy; None: no policy applies to it
        """
        group = together(facts[payer.id], [facts[member.id] for member in members], rules or Rules(), today)
        of_payer = replace(self._decide_alone(group, rules, today, scope), own=facts[payer.id])
        verdicts = {payer: of_payer}
        for member in members:
            own = self._decide_alone(facts[member.id], rules, today, scope)
            decision = decision_of_member(own.decision, of_payer.decision, facts[payer.id])
            verdicts[member] = replace(own, decision=decision, is_todays=False, payer=of_payer)
        return verdicts

    @api.model
    def _plan_contacts(self, verdicts, today):
        """Return {account: PlannedContact or None}: the next one, for a member that of its payer which lists its items.

        :param verdicts: {customer: Verdict}
        """
        planned, groups, by_id = {}, {}, {customer.id: verdict for customer, verdict in verdicts.items()}
        for customer, verdict in verdicts.items():
            if not verdict.payer:
                planned[customer] = next_contact(
                    verdict.facts, verdict.rules, verdict.decision, today, verdict.is_todays
                )
                continue
            payer_id = verdict.payer.facts.customer_id
            if payer_id not in groups:
                group = by_id.get(payer_id, verdict.payer)
                groups[payer_id] = members_next(group.facts, group.rules, group.decision, today, group.is_todays)
            planned[customer] = groups[payer_id].get(customer.id)
        return planned

    # === RUN === #

    def _get_contact_vals(self, verdicts, today):
        """Return {account id: values}: the day of the last contact, by the log; where it is long past, it stays.

        The facts have the days of the last month. Where the stored one is another, the log decides: a member is
        contacted by messages to its payer, and a message may have failed since; the facts have notices, too, that wait
        or that the next night will send.

        :param verdicts: {customer: Verdict}
        """
        stored, since = self._get_stored("last_contact_date"), today - timedelta(days=CONTACT_DAYS)
        days = {customer.id: max(verdict.account.contacts, default=None) for customer, verdict in verdicts.items()}
        recent = {key for key, day in days.items() if day or (stored[key] and stored[key] > since)}
        unclear = {key for key in recent if days[key] != (stored[key] or None)}
        found = self.env["ar.facts"]._read_last_contacts(self.browse(unclear))
        return {key: {"last_contact_date": found.get(key, False)} for key in unclear}

    @api.model
    def _with_payers(self, domain):
        """Return the domain of the accounts to decide about where these are due: a payer instead of its members."""
        alone = Domain("payer_id", "=", False) | Domain("payer_id.active", "=", False)
        paid_for = self._search(domain & Domain("payer_id", "!=", False))
        return (domain & alone) | Domain("id", "in", paid_for.subselect("payer_id"))

    def _lock_groups(self):
        """Lock the members of these locked accounts; a group of which another transaction holds one is left out.

        :return: (the accounts that may be decided about, number of payers left out)
        """
        members = self._get_members() - self
        if not members:
            return self, 0
        held = (members - members.try_lock_for_update()).sudo().payer_id  # as in `_read_deciding_groups`
        return (self | members).filtered(lambda account: account not in held and account.payer_id not in held), len(
            held
        )

    def _lock_concerned(self):
        """Return these locked accounts, with those of their groups whose results change with theirs and that are free.

        The payer of a member, and all members of a payer. The others get their results with the next run.
        """
        payers = self.browse().union(*self._get_payers().values()) - self
        large = {payer for payer, members in payers._map_members_of().items() if len(members) > ANEW_MAX}
        others = (self._with_members() | payers.filtered(lambda payer: payer not in large)) - self
        if not others:
            return self
        try:
            with self.env.cr.savepoint(flush=False):
                return self | others.try_lock_for_update()
        except CONFLICTS:  # changed after the transaction began
            return self

    # === WHEN THE PAYER CHANGES === #

    def write(self, vals):
        """Override for another payer, and for one that is archived: what waits must go to nobody who does not pay."""
        if not {"payer_id", "active"} & vals.keys():
            return super().write(vals)
        accounts = self.sudo()  # as in `_read_deciding_groups`
        concerned = accounts | accounts.search([("payer_id", "in", self.ids)])  # also of a payer that is activated
        before = concerned._get_payers()
        result = super().write(vals)
        after = concerned._get_payers()
        moved = concerned.filtered(lambda account: before[account] != after[account])
        if moved:
            moved._leave_messages()
            moved.union(*(before[account] | after[account] for account in moved))._mark_changed()
        return result

    def _leave_messages(self):
        """Free the steps of these accounts in waiting messages to another payer, and cancel those to themselves.

        What waits for a payer is written anew before it is sent, without their items.
        """
        lines = self.env["ar.communication.line"].sudo()  # the whole log counts, whatever the user may read
        listed = lines.search([("member_id", "in", self.ids), ("communication_id.state", "in", WAITING_STATES)])
        payers = self._get_payers()
        left = listed.filtered(lambda line: line.communication_id.customer_id != payers[line.member_id])
        left.write({"uses_step": False})
        left.flush_recordset(["uses_step"])
        paid_for = self.filtered(lambda account: payers[account] != account)
        self.env["ar.communication"]._waiting(paid_for)._cancel(codes.PAYER_REMINDED)
