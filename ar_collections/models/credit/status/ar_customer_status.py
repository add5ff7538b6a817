import json

from odoo import api, fields, models
from odoo.tools import SQL

from ....const import CREDIT_STATUSES
from ....core.credit.release import StoredStatus, effective, update
from ....core.credit.rules import GOOD, HOLD, MISSING_RATE, ForcedHold
from ....core.credit.status import evaluate
from ....messages import BROKEN_RULES
from ..ar_customer_limit import GROUP_AUDITOR

STATUS_FIELDS = ["credit_status", "credit_since", "credit_waiting", "credit_reasons"]

#: Code of the problems of rules that cannot be evaluated.
PROBLEM = "credit_rules"


class ArCustomerStatus(models.Model):
    """The credit status, stored on the account of the root company: good, warning or hold, with all reasons.

    It is evaluated wherever the exposure is: when limits or exclusions change, some minutes after something was booked,
    and each night. Documents are checked with fresh facts, never with what is stored here.
    """

    _inherit = "ar.customer"

    credit_status = fields.Selection(
        CREDIT_STATUSES, required=True, default=GOOD, readonly=True, copy=False, index=True, groups=GROUP_AUDITOR
    )
    credit_since = fields.Date(
        "Status since", readonly=True, copy=False, groups=GROUP_AUDITOR, help="First day of the credit status."
    )
    credit_waiting = fields.Boolean(
        "Ready to Release", readonly=True, copy=False, groups=GROUP_AUDITOR,
        help="What caused the hold is gone; a credit manager has to release it.",
    )  # fmt: skip
    credit_reasons = fields.Json("Stored Credit Reasons", readonly=True, copy=False, groups=GROUP_AUDITOR)
    forced_until = fields.Date(
        "On Hold until", readonly=True, copy=False, groups=GROUP_AUDITOR, help="Last day of the hold by a person."
    )
    forced_reason = fields.Char("Reason for the Hold", readonly=True, copy=False, groups=GROUP_AUDITOR)
    forced_by_id = fields.Many2one("res.users", "Held by", readonly=True, copy=False, groups=GROUP_AUDITOR)

    def _get_stored_status(self):
        """Return what is stored.

        :rtype: core.credit.release.StoredStatus
        """
        self.ensure_one()
        return StoredStatus(self.credit_status or GOOD, self.credit_since or None, self.credit_waiting)

    def _get_forced_hold(self, today):
        """Return the hold by a person, ``None`` where there is none or it has ended.

        :rtype: core.credit.rules.ForcedHold
        """
        self.ensure_one()
        if not self.forced_until or self.forced_until < today:
            return None
        return ForcedHold(self.forced_reason or "", self.forced_until, self.forced_by_id.id)

    # === REFRESH === #

    def _refresh_status(self, exposures=None, confirm=False):
        """Evaluate these accounts and store what changed, with the history of holds.

        Called in superuser mode, and with the accounts locked or just written.

        :param exposures: {account: core.credit.exposure.Exposure} that were read just now
        :param bool confirm: a person releases holds whose causes are gone, where the policy wants that
        """
        accounts = self.filtered(lambda account: account.holds_credit and account.partner_id)
        for company, customers in (accounts - accounts.filtered("merged_into_id")).grouped("company_id").items():
            today = company._ar_today()
            standings = self.env["ar.credit.standing"]._read(customers, today, exposures)
            found = {
                account: evaluate(standing.facts, standing.rules, standing.exclusions, today)
                for account, standing in standings.items()
            }
            stored = {
                account: update(standing.stored, found[account], confirm or standing.releases_itself, today)
                for account, standing in standings.items()
            }
            shown = {account: effective(stored[account], found[account]) for account in stored}
            before = {account: standing.stored for account, standing in standings.items()}
            self._store_statuses(stored, shown)
            self._follow_statuses(before, stored, shown, today)
            self._report_broken(company, found)

    @api.model
    def _store_statuses(self, stored, shown):
        """Store statuses by SQL, all of a batch in one statement: most nights few of them have changed.

        :param stored: {account: core.credit.release.StoredStatus}
        :param shown: {account: core.credit.status.CreditStatus}, with the reasons
        """
        if not stored:
            return
        self.env.flush_all()
        dump = self.env["ar.credit.reasons"]._dump
        self.env.cr.execute(
            SQL(
                """
                UPDATE ar_customer account
                   SET credit_status = found.status, credit_since = found.since, credit_waiting = found.waiting,
                       credit_reasons = found.reasons
                  FROM unnest(%(ids)s::int[], %(statuses)s::varchar[], %(since)s::date[], %(waiting)s::bool[],
                              %(reasons)s::jsonb[]) found (id, status, since, waiting, reasons)
                 WHERE account.id = found.id
                   AND (account.credit_status, account.credit_since, COALESCE(account.credit_waiting, FALSE),
                        COALESCE(account.credit_reasons, '[]'::jsonb))
                       IS DISTINCT FROM (found.status, found.since, found.waiting, found.reasons)
                """,
                ids=[account.id for account in stored],
                statuses=[status.status for status in stored.values()],
                since=[status.since for status in stored.values()],
                waiting=[status.is_waiting for status in stored.values()],
                reasons=[json.dumps(dump(shown[account].reasons)) for account in stored],
            )
        )
        self.browse([account.id for account in stored]).invalidate_recordset(STATUS_FIELDS, flush=False)
        stale = self.env["ar.credit.stale"]
        if any(status.status != GOOD for status in stored.values()) and not stale._is_used():
            self.env.registry.clear_cache()  # from now on, what is booked refreshes the status

    @api.model
    def _follow_statuses(self, before, stored, shown, today):
        """Keep the history of holds, and log on the thread that one began, ended, or waits for a person.

        :param before: {account: core.credit.release.StoredStatus}; `stored` likewise, after the evaluation
        :param shown: see `_store_statuses`
        """
        holds = self.env["ar.credit.hold"]
        held = {account for account, status in stored.items() if status.status == HOLD}
        were = {account for account, status in before.items() if status.status == HOLD}
        holds._follow({account: shown[account] for account in held}, were - held, stored, today)
        changed = [
            account
            for account in stored
            if (account in held, stored[account].is_waiting) != (account in were, before[account].is_waiting)
        ]
        for company, accounts in self.browse([account.id for account in changed]).grouped("company_id").items():
            translated = accounts.with_context(lang=company.partner_id.lang)  # scheduled actions have none
            notes = {account.id: account._get_status_note(shown[account]) for account in translated}
            translated._message_log_batch(bodies=notes)

    def _get_status_note(self, status):
        """Return what is logged when a hold begins, ends, or waits for a person."""
        self.ensure_one()
        if status.status != HOLD:
            return self.env._("The credit hold has ended.")
        sentences = self.env["ar.credit.reasons"]._describe(status.reasons, self.currency_id)
        return self.env._("Credit hold: %s", " ".join(sentences))

    # === PROBLEMS === #

    @api.model
    def _report_broken(self, company, found):
        """Store as problems which rules could not be evaluated: they hold nobody.

        Amounts without an exchange rate are a problem of the customer, all else is one of its policy.

        :param found: {account: core.credit.status.CreditStatus}
        """
        problems, reported = self.env["ar.problem"], set()
        for account, status in found.items():
            for broken in status.broken:
                record = account if broken.cause == MISSING_RATE else account.policy_id or account
                if (record, broken) not in reported:
                    reported.add((record, broken))
                    problems._report(record, PROBLEM, self._get_broken_text(broken), company=company)
        records = {record for record, _broken in reported}
        problems._clear(self.browse([account.id for account in found if account not in records]), PROBLEM)

    @api.model
    def _get_broken_text(self, broken):
        """Return a sentence about a rule that cannot be evaluated."""
        rule = dict(self.env["ar.credit.rule"]._fields["code"]._description_selection(self.env)).get(broken.code)
        return self.env._(
            "Credit rule “%(rule)s”: %(cause)s %(detail)s",
            rule=rule or broken.code,
            cause=self.env._(BROKEN_RULES[broken.cause]),
            detail=broken.detail,
        )

    # === MERGE === #

    def _detach(self, partners):
        """Override to end the holds of accounts whose contact is gone: nobody evaluates them any more."""
        gone = self.filtered(lambda account: account.partner_id in partners)
        result = super()._detach(partners)
        gone._end_status()
        return result

    def _end_status(self):
        """End the holds of accounts that are not used any more, in superuser mode."""
        for company, accounts in self.grouped("company_id").items():
            self.env["ar.credit.hold"]._end_open(accounts, company._ar_today())
        status = dict.fromkeys(STATUS_FIELDS, False) | {"credit_status": GOOD}
        forced = dict.fromkeys(("forced_until", "forced_reason", "forced_by_id"), False)
        self.with_context(tracking_disable=True).write(status | forced)

    def _drop_duplicates(self, others):
        """Override to end the holds of merged accounts: this one has the status of all together from now on.

        A hold by a person follows: of several the longest.
        """
        result = super()._drop_duplicates(others)
        accounts = self | others
        forced = max(accounts.filtered("forced_until"), key=lambda account: account.forced_until, default=self)
        values = {
            "forced_until": forced.forced_until,
            "forced_reason": forced.forced_reason,
            "forced_by_id": forced.forced_by_id.id,
        }
        if forced != self:
            self.write(values)
        others._end_status()
        return result
