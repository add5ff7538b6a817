import datetime

from odoo import Command, api, models
from odoo.exceptions import LockError

from ....core.autopay import selection
from ....core.autopay.methods import lead_days
from ....core.autopay.selection import DueItem

#: Accounts whose facts are read together.
BATCH = 500


class ArAutopayCollectionPlan(models.Model):
    """Finds what is to be announced: by the consent, from the same facts as reminders, a query of each kind a batch."""

    _inherit = "ar.autopay.collection"

    @api.model
    def _plan_company(self, company, run):
        """Make the collections to announce today, and tell about invoices above a maximum.

        :param BatchRun run: the run that this belongs to
        """
        # sudo: the run covers all customers of the company.
        consents = self.env["ar.autopay.consent"].sudo()._get_live_consents(company)
        consents -= consents._find_refused()
        for start in range(0, len(consents), BATCH):
            found = self._find_batches(consents[start : start + BATCH], company._ar_today())
            for consent, batches in found.items():
                run.attempt(consent.customer_id, lambda consent=consent, batches=batches: self._make(consent, batches))
            run.commit()

    @api.model
    def _find_batches(self, consents, today):
        """Return {consent: list of core.autopay.selection.Batch}, without those that have nothing to announce."""
        facts = self.env["ar.facts"]
        customers = consents.customer_id
        accounts = facts._gather_for_charge(customers, today)
        taken = facts._read_collected_items(consents.ids)
        journals = facts._read_item_journals([item.item_id for account in accounts.values() for item in account.items])
        months = facts._read_collected_months(consents.ids, today)
        waiting = facts._read_waiting_items(consents.ids)
        used, found = facts._read_credits_used(accounts.values()), {}
        for consent in consents:
            account = accounts[consent.customer_id.id]
            items = self._get_due_items(consent, account, journals, taken.get(consent.id, set()), today)
            if items:
                credits = facts._get_free_credits(account, used, waiting[consent.id])
                options = consent._get_options()
                found[consent] = selection.select(items, options, credits, months.get(consent.id))
        return {consent: batches for consent, batches in found.items() if batches}

    @api.model
    def _get_due_items(self, consent, account, journals, taken, today, is_ahead=False):
        """Return the items of an account to announce today, as `DueItem`, oldest due date first.

        :param AccountFacts account: the facts of the customer
        :param dict journals: {item id: journal id}
        :param set taken: ids of the items that this consent has announced
        :param bool is_ahead: also those that are announced on a later day
        """
        options = consent._get_options()
        token = consent.token_id.sudo()  # its currencies and its kind alone
        lead = lead_days(token._ar_get_method_code(), consent.notice_days)
        items = []
        for item in account.items:
            amount = selection.chargeable(item)
            if amount <= 0 or item.item_id in taken or not options.covers(journals.get(item.item_id, 0)):
                continue
            if not is_ahead and not selection.is_near(options, item.due_date, today, consent.notice_days):
                continue
            if not token._ar_takes_currency(item.currency):
                continue
            rate = item.residual / item.residual_currency
            day = selection.day_to_charge(options, item.due_date, today, lead)
            items.append(DueItem(item.item_id, item.currency, day, amount, rate))
        return items

    @api.model
    def _make(self, consent, batches):
        """Create the collections of an account under its lock.

        :raise LockError: where another operation works on the account; it is tried again soon
        """
        if not consent.customer_id._try_lock_account():
            raise LockError(self.env._("The account is in use. Please try again in a moment."))
        consent.invalidate_recordset(["ended_on"])
        if consent.ended_on:
            return
        active = self.env["res.currency"].get_all_currencies()  # in the cache of the server; no others are announced
        currencies = {row["name"]: currency_id for currency_id, row in active.items()}
        # sudo: nobody has the right to create them; the scheduled action carries out what the customer agreed to.
        made = self.sudo().create(
            [
                {
                    "consent_id": consent.id,
                    "currency_id": currencies[batch.currency],
                    "date": batch.day,
                    "skipped": batch.skipped or False,
                    "line_ids": [
                        Command.create({"move_line_id": item.item_id, "amount": float(item.amount)})
                        for item in batch.items
                    ],
                }
                for batch in batches
            ]
        )
        made.flush_recordset()
        made.filtered("skipped")._tell_skipped()

    @api.model
    def _find_open(self, company):
        """Return the collections of the company that may need a move: not charged, failed or skipped yet."""
        since = company._ar_today() - datetime.timedelta(days=365)
        # sudo: for the scheduled action, which looks after all customers of the company.
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("skipped", "=", False),
                ("autopay_failed_on", "=", False),
                ("date", ">=", since),
                "|",
                ("autopay_charge_ids.outcome", "=", "unknown"),
                "&",
                ("consent_id.ended_on", "=", False),
                "!",
                ("autopay_charge_ids.outcome", "in", ("done", "pending")),
            ]
        )
