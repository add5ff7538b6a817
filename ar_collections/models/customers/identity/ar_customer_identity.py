from odoo import api, models
from odoo.tools import SQL

from ..core_flow import ignore_failure
from ..sql import JOIN_DEBTOR

#: Documents that make a contact a debtor.
SALE_TYPES = ("out_invoice", "out_refund", "out_receipt")


class ArCustomerIdentity(models.Model):
    """The account follows its debtor: when contacts are merged, get a company, leave it, or are deleted.

    It does so at once, in Odoo's own flows; the first step of the nightly run finds what was changed in other ways,
    such as by an import, or failed. Called in superuser mode, because users who work on contacts need no role of ours.
    """

    _inherit = "ar.customer"

    # === ODOO'S FLOWS === #

    @api.model
    def _before_merge(self, sources, target):
        """Merge the accounts of contacts that are about to be merged, in each company.

        Whatever fails here, Odoo merges the contacts: the accounts are only marked then, for the nightly run.

        :param sources: the contacts that will be deleted
        :param target: the contact that remains
        """
        with ignore_failure(self.env, "the followers of merged contacts"):
            self._keep_followers(sources, target)
        with ignore_failure(self.env, "what merged contacts know of their invoices"):
            self.env["account.move"].sudo()._merge_known(sources, target)  # invoices of all companies
        self._drop_twice(sources, target)
        with ignore_failure(self.env, "the merge of customer accounts"):
            for survivor, others in self._group_for_merge(sources, target):
                if others:
                    survivor._absorb(others, gone=sources)
                if survivor.partner_id in sources:
                    survivor._set_debtor(self._get_debtor(sources, target))
        for survivor, others in self._group_for_merge(sources, target):
            survivor._mark_for_merge(others, gone=sources, debtor=self._get_debtor(sources, target))

    @api.model
    def _group_for_merge(self, sources, target):
        """Return [(account that remains, accounts to merge into it)], one for each company with accounts of `sources`.

        Accounts that were merged before release the contacts, and only they.
        """
        debtor = self._get_debtor(sources, target)
        accounts = self.with_context(active_test=False)
        accounts.search([("partner_id", "in", sources.ids), ("merged_into_id", "!=", False)])._detach(sources)
        groups = []
        domain = [("partner_id", "in", (sources | debtor).ids), ("merged_into_id", "=", False)]
        for company, group in accounts.search(domain, order="active desc, id").grouped("company_id").items():
            others = group.filtered(lambda account: account.partner_id in sources)
            if not others:
                continue
            survivor = (group - others) or others[:1]
            if survivor in others:
                former = [("partner_id", "=", debtor.id), ("company_id", "=", company.id)]
                accounts.search(former)._detach(debtor)
            groups.append((survivor, others - survivor))
        return groups

    @api.model
    def _get_debtor(self, sources, target):
        """Return the commercial partner of a contact after others were merged into it: one of them may be a company."""
        return target if any(sources.mapped("is_company")) else target.commercial_partner_id

    @api.model
    def _drop_twice(self, sources, target):
        """Drop what may exist once for a contact; extension point for records with unique indexes on the contact."""

    @api.model
    def _follow_partners(self, before):
        """Let the accounts follow contacts whose commercial partner has changed.

        :param before: {contact: its commercial partner before the change}
        """
        moved = [partner for partner, old in before.items() if partner.commercial_partner_id != old]
        if not moved:
            return
        ids = [partner.id for partner in moved]
        accounts = self.search([("partner_id", "in", ids), ("merged_into_id", "=", False)])
        accounts._carry_over()
        companies = accounts.company_id
        for partner in moved:
            companies |= self._split_off(partner, before[partner])
        concerned = [*ids, *{partner.commercial_partner_id.id for partner in moved}]  # Odoo moves items to the latter
        for company in companies:
            self._move_agreements(company, concerned)

    def _detach(self, partners):
        """Release contacts that are about to be deleted: their accounts are kept as part of the audit trail."""
        for account in self.with_context(tracking_disable=True).filtered(lambda each: each.partner_id in partners):
            account.write(
                {"former_name": account.display_name, "active": False, "partner_id": False, "payer_id": False}
            )

    # === ONE ACCOUNT === #

    def _carry_over(self):
        """Bring accounts to the debtor who owes now: those of contacts of a company, and merges that were not done."""
        for account in self.sorted("id"):
            if account.merged_into_id:
                account._get_survivor()._absorb(account)
                continue
            debtor = account.partner_id.commercial_partner_id
            if debtor == account.partner_id:
                continue
            domain = [("partner_id", "=", debtor.id), ("company_id", "=", account.company_id.id)]
            own = self.with_context(active_test=False).search(domain)
            if own and not own.merged_into_id:
                own._absorb(account)
            else:
                own._detach(debtor)
                account._set_debtor(debtor)

    def _set_debtor(self, debtor):
        """Set the commercial partner of the account."""
        before = self.display_name
        self.with_context(tracking_disable=True).partner_id = debtor
        self._update_policies()
        self.message_post(
            body=self.env._(
                "This account was the one of %(before)s and is the one of %(now)s now.",
                before=before,
                now=debtor.display_name,
            ),
            subtype_xmlid="mail.mt_note",
        )

    @api.model
    def _split_off(self, partner, former):
        """Open accounts for a contact that left its company, with copies of the company's settings.

        Only where it owes something, or was invoiced and is independent now. What the journal items of the company
        cover stays with the company.

        :param partner: a contact whose commercial partner was `former`
        :return: the companies whose accounts are concerned
        """
        sources = self.search([("partner_id", "=", former.id), ("merged_into_id", "=", False)])
        debtor = partner.commercial_partner_id
        for source in sources:
            if self._is_debtor(debtor, partner, source.company_id):
                self._open_copies({debtor: source})
        return sources.company_id

    @api.model
    def _is_debtor(self, debtor, partner, company):
        """Return whether a contact has receivables of its own, or is independent and was invoiced."""
        lines = self.env["account.move.line"]
        domain = [
            ("partner_id.commercial_partner_id", "=", debtor.id),
            ("account_id", "in", self.env["ar.facts"]._get_receivable_account_ids(company)),
            ("company_id", "=", company.id),
            ("parent_state", "=", "posted"),
        ]
        if lines.search_count(domain, limit=1):
            return True
        moves = [("partner_id", "=", partner.id), ("company_id", "=", company.id), ("move_type", "in", SALE_TYPES)]
        return partner == debtor and bool(self.env["account.move"].search_count(moves, limit=1))

    @api.model
    def _open_copies(self, sources):
        """Open accounts with copies of the settings of other accounts; none where there is one already.

        :param sources: {commercial partner: account whose settings are copied}
        """
        for debtor, source in sources.items():
            opened = self._ensure_for_partners(debtor, source.company_id)
            if opened:
                opened.with_context(tracking_disable=True).write(opened._get_copied_vals(source))
                opened._ask_for_payer(source)

    def _get_copied_vals(self, source):
        """Return the settings of another account that this one, of a contact that left it, has, too.

        Extension point: an override leaves out what was decided for the other account alone.
        """
        kept = {
            "active", "balance", "overdue", "credits", "oldest_due_date", "last_contact_date", "address_confirmed_on",
        }  # fmt: skip
        values = {name: value for name, value in self._get_merged_vals(source).items() if name not in kept}
        return values | source._get_collector_vals()

    def _get_collector_vals(self):
        """Return the values that make another account have the same collector."""
        return {"user_id": self.user_id.id}

    def _revive(self):
        """Use merged accounts again whose contact has become independent, with the settings it had in the merger.

        Who pays for it is a manager's choice, as for other contacts that leave, see `_ask_for_payer`.
        """
        for account in self.with_context(tracking_disable=True):
            survivor = account._get_survivor()
            account.write(
                {
                    **account._get_settings_vals(survivor._get_settings()),
                    "payer_id": False,
                    "active": True,
                    "merged_into_id": False,
                    "merged_on": False,
                    "balance": 0,
                    "overdue": 0,
                    "credits": 0,
                    "oldest_due_date": False,
                    "decision_date": False,
                }
            )
            account._ask_for_payer(survivor)

    # === NIGHTLY RUN === #

    @api.model
    def _carry_over_company(self, company, today, auto_commit=False):
        """Step of the nightly run: bring accounts and agreements to those who owe now.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        # sudo: the nightly run brings all accounts of the company to those who owe, whoever may write them.
        accounts = self.sudo()
        run = self.env["ar.nightly"]._batch_run(company, "identities", auto_commit)
        for method in (accounts._open_split_accounts, accounts._move_agreements):
            run.attempt(company, lambda method=method: method(company), clear=False)
        return run.over_records(accounts._find_misplaced(company), lambda found: found._carry_over()).finished

    @api.model
    def _find_misplaced(self, company):
        """Return the accounts whose contact belongs to another customer now, and those whose merge is not complete."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id
                  FROM ar_customer account
             LEFT JOIN res_partner partner ON partner.id = account.partner_id
                 WHERE account.company_id = %s
                   AND CASE WHEN account.merged_into_id IS NULL THEN partner.commercial_partner_id <> partner.id
                            ELSE account.merged_on IS NULL END
              ORDER BY account.id
                """,
                company.id,
            )
        )
        return self.browse([account_id for (account_id,) in rows])

    @api.model
    def _open_split_accounts(self, company):
        """Open the accounts of debtors that have none, and whose items were those of another customer when posted."""
        debtors = self._find_without_account(company)
        if not debtors:
            return
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (debtor.commercial_partner_id) debtor.commercial_partner_id, former.id
                  FROM account_move_line line
                  %(join_debtor)s
                  JOIN account_move move ON move.id = line.move_id
             LEFT JOIN ar_customer own ON own.company_id = line.company_id
                       AND own.partner_id = debtor.commercial_partner_id
                  JOIN ar_customer former ON former.company_id = line.company_id AND former.merged_into_id IS NULL
                       AND (former.id = own.merged_into_id OR former.partner_id = move.commercial_partner_id)
                 WHERE line.account_id = ANY(%(accounts)s) AND line.company_id = %(company)s
                   AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
                   AND debtor.commercial_partner_id = ANY(%(debtors)s)
              ORDER BY debtor.commercial_partner_id, former.id DESC
                """,
                join_debtor=JOIN_DEBTOR,
                accounts=self.env["ar.facts"]._get_receivable_account_ids(company),
                company=company.id,
                debtors=debtors.ids,
            )
        )
        partners = self.env["res.partner"]
        self._open_copies({partners.browse(partner_id): self.browse(account_id) for partner_id, account_id in rows})

    @api.model
    def _move_agreements(self, company, partner_ids=None):
        """Move open agreements to the accounts that owe their items now; extension point for agreements.

        :param partner_ids: only agreements about items of these contacts; default: all of the company
        """
